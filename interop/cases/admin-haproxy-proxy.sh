#!/usr/bin/env bash
# HAProxy in front of the site speaks for its clients, by version 1 and 2 of the PROXY protocol: the firewall, the table
# of sockets, the events and the lock-out are about the client. Nobody else is believed who says such a thing.
# needs: haproxy curl iproute2 python3
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

proxy_pid=
trap '[ -z "$proxy_pid" ] || kill "$proxy_pid"; stop_site || true' EXIT
serve_own_network '[lockout]' 'delay = "5 ms"' 'per_address = 3'
sed -i 's|^rules = .*|rules = ["proxy smtp, pop3 from 192.0.2.5", "deny all from 198.18.66.0/24", "allow all from any"]|' "$WORK/portolan.toml"
portolan reload
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin

# Its checks carry a header too, in which it speaks for itself.
cat >haproxy.cfg <<'CFG'
defaults
    mode tcp
    source 192.0.2.5
    timeout connect 20s
    timeout client 60s
    timeout server 60s
frontend smtp
    bind 192.0.2.5:25
    default_backend smtp
frontend pop3s
    bind 192.0.2.5:995
    default_backend pop3s
backend smtp
    server site 192.0.2.1:25 send-proxy check inter 100ms check-send-proxy
backend pop3s
    server site 192.0.2.1:995 send-proxy-v2 check inter 100ms check-send-proxy
CFG
haproxy -c -f haproxy.cfg
haproxy -db -f haproxy.cfg >haproxy.out 2>&1 &
proxy_pid=$!
timeout 60 bash -c 'until (exec 3<>/dev/tcp/192.0.2.5/25) 2>/dev/null; do sleep 0.1; done'

# through FROM PASSWORD: ada's mailbox, asked for from that address by way of the proxy.
through() { curl -sS --max-time 30 --interface "$1" --cacert "$DATA/ca.pem" --resolve "192.0.2.1:995:192.0.2.5" --connect-to "::192.0.2.5:995" pop3s://192.0.2.1 -u "ada:$2"; }

# Version 2, with TLS from the client to the site; the client is the peer, and the proxy is named beside it.
CA=$DATA/ca.pem /usr/bin/python3 - <<'PYTHON' &
import os, poplib, socket, ssl, sys, time
class Through(poplib.POP3_SSL):
    def _create_socket(self, timeout):
        plain = socket.create_connection(("192.0.2.5", 995), timeout, source_address=("198.18.0.7", 0))
        return self.context.wrap_socket(plain, server_hostname="192.0.2.1")
client = Through("192.0.2.1", 995, timeout=60, context=ssl.create_default_context(cafile=os.environ["CA"]))
client.user("ada")
client.pass_(os.environ["ADA_PASSWORD"])
open("logged-in", "w").close()
while not os.path.exists("seen"):
    client.noop()
    time.sleep(0.05)
client.quit()
PYTHON
visitor=$!
timeout 60 bash -c 'until [ -e logged-in ]; do sleep 0.1; done'
portolan sockets --service pop3 --json | tee sockets.json
touch seen
wait "$visitor"
/usr/bin/python3 - <<'PYTHON'
import json
rows = [row for row in json.load(open("sockets.json")) if row["account"] == "ada"]
assert len(rows) == 1 and rows[0]["peer"].startswith("198.18.0.7:"), rows
assert "192.0.2.5" in json.dumps(rows[0]), rows
PYTHON

# Version 1, in the clear: the client's address is what the message's Received line tells.
letter 'By way of a proxy' >sent.eml
curl -sS --max-time 30 --interface 198.18.0.7 smtp://192.0.2.5 --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T sent.eml
curl -sS --cacert "$DATA/ca.pem" pop3s://192.0.2.1/1 -u "ada:$ADA_PASSWORD" >got.eml
grep -F '[198.18.0.7]' got.eml

# The firewall judges whom the proxy speaks for.
must_fail through 198.18.66.7 "$ADA_PASSWORD"
through 198.18.0.8 "$ADA_PASSWORD"

# The lock-out counts the one who guesses, and lets the others in who come by the same proxy.
for guess in 1 2 3 4; do must_fail through 198.18.0.9 "guess $guess"; done
portolan lockout list | tee refused
grep -E '^ *198\.18\.0\.9 ' refused
must_fail grep -F 192.0.2.5 refused
must_fail through 198.18.0.9 "$ADA_PASSWORD"
through 198.18.0.8 "$ADA_PASSWORD"

# Who is no proxy and says the same words is not believed: SMTP has no such command.
/usr/bin/python3 - <<'PYTHON'
import socket
client = socket.create_connection(("192.0.2.1", 25), timeout=20, source_address=("198.18.0.10", 0))
lines = client.makefile("rwb")
assert lines.readline().startswith(b"220 ")
lines.write(b"PROXY TCP4 203.0.113.9 192.0.2.1 4711 25\r\n")
lines.flush()
assert lines.readline().startswith(b"5"), "a command that is none"
PYTHON
# And who comes from the proxy's address without a header learns nothing.
must_fail curl -sS --max-time 60 --interface 192.0.2.5 smtp://192.0.2.1 -X NOOP
kill -0 "$proxy_pid"
