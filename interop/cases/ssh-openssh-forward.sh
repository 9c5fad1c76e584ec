#!/usr/bin/env bash
# ssh, dbclient and plink: no port is forwarded without a rule, clearly; with one, by -L, -R and -D, and it stands in the table.
# needs: openssh-client dropbear-bin putty-tools curl python3
set -euo pipefail
. "$INTEROP/functions.sh"

ssh-keygen -q -t ed25519 -N '' -f key
puttygen key -O private -o key.ppk
dropbearconvert openssh dropbear key key.db
python3 -m http.server -b 127.0.0.1 0 >http.out 2>&1 &
http_pid=$!
trap 'cat session.out own/serve.err; kill $http_pid 2>/dev/null || true; stop_site' EXIT
eventually grep -q 'port [0-9]' http.out
HTTP=$(sed -nE 's/.*port ([0-9]+).*/\1/p;q' http.out)
echo "what is behind" >page

# The site of all cases has no rule.
portolan account key add grace "$(cat key.pub)"
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
options=(-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes -o ExitOnForwardFailure=yes -i key)
must_fail ssh "${options[@]}" -p "$SSH" -N -R "$(free_port):127.0.0.1:$HTTP" grace@127.0.0.1 2>said
grep -i 'remote port forwarding failed' said
must_fail ssh "${options[@]}" -p "$SSH" -W "127.0.0.1:$HTTP" grace@127.0.0.1 2>said </dev/null
cat said
grep 'administratively prohibited: ports are not forwarded at this site' said
portolan account key remove grace SHA256:

# One of the case's own, with rules.
LISTEN=$(free_port)
chmod 711 "$WORK"
mkdir -m 711 own
start_own() {
    SITE_OFFSET=$(free_offset)
    write_settings own/portolan.toml "$SITE_OFFSET"
    printf '%s\n' '[ssh]' "forward = [\"crew may reach localhost:$HTTP, 127.0.0.1:$HTTP\", \"crew may listen at $LISTEN\"]" >>own/portolan.toml
    serve_site own
}
start_own
DATA=$PWD/own/data
SSH=$((SITE_OFFSET + 22))
portolan account add ada --random >/dev/null
portolan account add grace --random >/dev/null
portolan account group add crew ada
for name in ada grace; do portolan account key add "$name" "$(cat key.pub)"; done

behind() { curl -sS --max-time 20 "$@" 2>/dev/null | cmp -s - page; }
session() { # COMMAND…: runs it in the background as $session_pid
    "$@" >session.out 2>&1 </dev/null &
    session_pid=$!
}
over() { kill "$session_pid" 2>/dev/null || true; wait "$session_pid" || true; }

LOCAL=$(free_port)
session ssh "${options[@]}" -p "$SSH" -N -L "127.0.0.1:$LOCAL:localhost:$HTTP" -D "127.0.0.1:$((LOCAL + 1))" -R "$LISTEN:127.0.0.1:$HTTP" ada@127.0.0.1
eventually behind "http://127.0.0.1:$LOCAL/page"
eventually behind "http://127.0.0.1:$LISTEN/page"
behind --socks5-hostname "127.0.0.1:$((LOCAL + 1))" "http://localhost:$HTTP/page"
must_fail behind --socks5-hostname "127.0.0.1:$((LOCAL + 1))" "http://127.0.0.1:$((SITE_OFFSET + 25))/page"
grep 'administratively prohibited: no rule of this site lets ada' session.out
exec 5<>"/dev/tcp/127.0.0.1/$LOCAL"
eventually grep -q '"service" : "forward"' <(portolan sockets --service forward --account ada --json)
exec 5>&-
portolan metrics | grep 'portolan_bytes_total{direction="out",service="forward"}'
portolan events --account ada --service ssh | grep "reaches localhost:$HTTP"
portolan events --account ada --service ssh | grep "listens at localhost:$LISTEN"
over
eventually must_fail behind "http://127.0.0.1:$LISTEN/page"

session dbclient -y -y -N -p "$SSH" -i key.db -L "127.0.0.1:$LOCAL:127.0.0.1:$HTTP" -R "$LISTEN:127.0.0.1:$HTTP" ada@127.0.0.1
eventually behind "http://127.0.0.1:$LOCAL/page"
eventually behind "http://127.0.0.1:$LISTEN/page"
over
fingerprint=$(portolan ssh hostkeys | awk '$1 == "ssh-ed25519" { print $2 }')
session plink -batch -N -P "$SSH" -hostkey "$fingerprint" -i key.ppk -L "127.0.0.1:$LOCAL:127.0.0.1:$HTTP" -R "$LISTEN:127.0.0.1:$HTTP" ada@127.0.0.1
eventually behind "http://127.0.0.1:$LOCAL/page"
eventually behind "http://127.0.0.1:$LISTEN/page"
over

# Not for who is not meant; and never a wildcard where the rule says a port alone.
must_fail ssh "${options[@]}" -p "$SSH" -W "127.0.0.1:$HTTP" grace@127.0.0.1 2>said </dev/null
grep 'no rule of this site lets grace' said
must_fail ssh "${options[@]}" -p "$SSH" -N -R "$LISTEN:127.0.0.1:$HTTP" grace@127.0.0.1
must_fail ssh "${options[@]}" -p "$SSH" -N -R "*:$LISTEN:127.0.0.1:$HTTP" ada@127.0.0.1
must_fail ssh "${options[@]}" -p "$SSH" -N -R "$((LISTEN + 1)):127.0.0.1:$HTTP" ada@127.0.0.1
portolan events --account grace | grep 'REFUSED.*forwarding'
stop_site
