#!/usr/bin/env bash
# Without a rule a site at an address of the network serves nobody there; `expose` lets a network in and nobody else, a
# limit holds for each address, `hide` shuts the door again, and rules that verbs made outlive a restart.
# needs: curl iproute2 python3 bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
serve_own_network
sed -i '/^\[firewall\]/,/^rules/d' "$WORK/portolan.toml"
portolan reload
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin

# fetch FROM: the mailbox of ada, asked for from that address.
fetch() { curl -sS --max-time 20 --interface "$1" --cacert "$DATA/ca.pem" pop3s://192.0.2.1 -u "ada:$ADA_PASSWORD"; }
must_fail fetch 198.18.0.7
portolan firewall try 198.18.0.7 pop3s | grep 'may not reach pop3s (995/tcp of pop3): rule 2, "deny all from any"'

portolan expose pop3s --to 198.18.0.0/24 | grep 'pop3s (995/tcp) is reachable; all is encrypted'
fetch 198.18.0.7
must_fail fetch 198.18.1.7
must_fail curl -sS --max-time 20 --interface 198.18.0.7 pop3://192.0.2.1 # another port of the same service
portolan firewall try 198.18.0.7 995/tcp | grep 'may reach'
portolan firewall show | grep -E '1 +allow pop3s from 198.18.0.0/24 +firewall.rules +[1-9]'

# Two connections of one address at a time, of each address; a third is told so in the protocol's own words.
portolan firewall add "limit smtp from 198.18.0.0/16 to 2 connections"
/usr/bin/python3 - <<'PYTHON'
import socket

def greeting(source):
    client = socket.create_connection(("192.0.2.1", 25), timeout=20, source_address=(source, 0))
    clients.append(client)
    return client.makefile("rb").readline()

clients = []
assert greeting("198.18.0.7").startswith(b"220 ")
assert greeting("198.18.0.7").startswith(b"220 ")
assert greeting("198.18.0.7").startswith(b"421 "), "a third connection"
assert greeting("198.18.0.8").startswith(b"220 "), "another address"
PYTHON
portolan firewall show --json | /usr/bin/python3 -c '
import json, sys
limit = json.load(sys.stdin)[0]
assert limit["decided"] == 4 and limit["over"] == 1, limit'

# UDP is judged as well: silence for who may not ask.
must_fail dig @192.0.2.1 -b 198.18.0.7 +tries=1 +time=1 "$DOMAIN" SOA
portolan expose dns --to 198.18.0.7 | grep 'domain (53/udp) is reachable, in the clear'
dig @192.0.2.1 -b 198.18.0.7 "$DOMAIN" SOA | grep 'status: NOERROR'
must_fail dig @192.0.2.1 -b 198.18.0.8 +tries=1 +time=1 "$DOMAIN" SOA

stop_site
serve_site "$WORK"
fetch 198.18.0.7
portolan hide pop3s
must_fail fetch 198.18.0.7
