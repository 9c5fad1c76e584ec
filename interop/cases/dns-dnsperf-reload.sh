#!/usr/bin/env bash
# A zone is replaced again and again while dnsperf asks as fast as it is answered, over UDP and over TCP: no answer is
# lost, none is an error, and the new serials are seen.
# needs: dnsperf bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

trap 'rm -f "$DATA/zones/moving.example.zone"; portolan reload' EXIT
zone() {
    printf '$ORIGIN moving.example.\n$TTL 60\n@ IN SOA ns1 hostmaster %d 7200 900 1209600 300\n@ IN NS ns1\nns1 IN A 192.0.2.1\n' "$1"
    printf '$GENERATE 0-4999 host$ IN A 192.0.2.7\n$GENERATE 0-4999 host$ IN AAAA 2001:db8::7\n'
}
serial() { dig "@$HOST" -p "$DNS" +norecurse +short +tries=3 moving.example SOA | cut -d' ' -f3; }
for number in $(seq 0 4999); do printf 'host%d.moving.example A\nhost%d.moving.example AAAA\n' "$number" "$number"; done | shuf >questions

count=1
mkdir new
zone $count >new/moving.example.zone
serve_zone new/moving.example.zone
for mode in udp tcp; do
    # Few on the way, so that no socket's buffer overflows: what is lost then, the server lost.
    dnsperf -m $mode -s 127.0.0.1 -p "$DNS" -d questions -c 8 -T 1 -q 40 -l 8 >load 2>&1 &
    load=$!
    while kill -0 $load 2>/dev/null; do
        count=$((count + 1))
        zone $count >new/moving.example.zone
        serve_zone new/moving.example.zone
        [ "$(serial)" -eq $count ]
    done
    wait $load
    cat load
    grep -qE '^ *Queries lost: +0 ' load
    grep -qE '^ *Response codes: +NOERROR [0-9]+ \(100\.00%\)$' load
done
[ $count -ge 6 ]
