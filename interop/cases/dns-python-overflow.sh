#!/usr/bin/env bash
# More datagrams than the receive buffers hold, at a server that is held up: what the system had to drop is counted and
# shown, and the server goes on.
# needs: python3 bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
trap 'kill -CONT "$SITE_PID" 2>/dev/null || true; stop_site || true' EXIT
start_site "$WORK"
DNS=$((SITE_OFFSET + 53))
serve_zone "$INTEROP/zones/harbour.example.zone"
dig @127.0.0.1 -p "$DNS" +short harbour.example A | grep -qx 192.0.2.10
dropped() { portolan metrics | awk '/^portolan_datagrams_lost_total\{.*service="dns".*why="receive_buffer_full"/ { sum += $NF } END { print sum + 0 }'; }
[ "$(dropped)" -eq 0 ]

kill -STOP "$SITE_PID"
/usr/bin/python3 - "$DNS" <<'PYTHON'
import os, socket, sys

for source in range(8):  # both of two receivers have their share
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flood:
        for number in range(20_000):
            flood.sendto(os.urandom(500), ("127.0.0.1", int(sys.argv[1])))
PYTHON
kill -CONT "$SITE_PID"

# The system tells of a loss with the next datagram that comes: so one comes, from several ports to either receiver.
is_counted() {
    local try
    for try in 1 2 3 4; do dig @127.0.0.1 -p "$DNS" +tries=5 +short harbour.example A | grep -qx 192.0.2.10; done
    [ "$(dropped)" -gt 1000 ]
}
eventually is_counted
portolan status | tee status
grep -E "^Problem: [0-9]+ datagrams came faster than they were taken" status
[ "$(dig @127.0.0.1 -p "$DNS" +tries=5 +short harbour.example A)" = 192.0.2.10 ]
