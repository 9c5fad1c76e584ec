#!/usr/bin/env bash
# NSD and Portolan have the same zone and are asked the same: every name that is in it, above, below and beside, in
# small letters and capitals, for every type. Code, flags, answer and authority are the same, record by record.
# needs: nsd bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
serve_zone "$INTEROP/zones/harbour.example.zone"
cp "$INTEROP/zones/harbour.example.zone" .
judge=$((DNS + 5300))
cat >nsd.conf <<CONF
server:
    ip-address: 127.0.0.1@$judge
    username: ""
    database: ""
    zonesdir: "$WORK"
    zonelistfile: "$WORK/zone.list"
    xfrdfile: ""
    xfrdir: "$WORK"
    pidfile: "$WORK/nsd.pid"
    logfile: "$WORK/nsd.log"
    minimal-responses: yes
    rrl-ratelimit: 0
zone:
    name: harbour.example
    zonefile: harbour.example.zone
CONF
nsd -d -c nsd.conf 2>nsd.err &
nsd=$!
trap 'kill "$nsd"; wait "$nsd" || true' EXIT
eventually dig @127.0.0.1 -p $judge +tries=1 +time=1 harbour.example SOA

# The questions: names as a secondary would see them, with their parents, children that are not there, and wildcards.
records <harbour.example.zone | awk '{ print $1 }' | sort -u >owners
[ "$(wc -l <owners)" -gt 20 ]
while read -r owner; do
    printf '%s\n' "$owner" "nobody.$owner" "far.below.$owner" "*.$owner" "${owner#*.}" "${owner^^}"
done <owners | grep -v '^\.*$' | sort -u >names
while read -r name; do
    for type in A AAAA NS SOA CNAME DNAME MX TXT SRV PTR CAA DS NAPTR TLSA HTTPS TYPE65280; do
        printf '%s %s\n' "$name" $type
    done
done <names >questions
[ "$(wc -l <questions)" -gt 1000 ]

# answers PORT: what is said to each question, each line with the question's number in front; records in any order.
answers() {
    dig @127.0.0.1 -p "$1" -f questions +norecurse +nocookie +bufsize=1232 +ignore +nosplit \
        +noall +comments +question +answer +authority |
        tr '[:upper:]' '[:lower:]' |
        awk '
            /->>header<<-/ { number++; sub(/, id.*/, ""); sub(/.*opcode/, "opcode") }
            /^;; flags:/ { sub(/, additional.*/, "") }
            /^;; (got|opt|question|answer|authority)/ || /^; ede/ || /^; edns:/ || /^$/ { next }
            { gsub(/[ \t]+/, " "); printf "%06d %s\n", number, $0 }' |
        sort
}
answers "$DNS" >ours
answers $judge >theirs
[ "$(grep -c 'opcode: query' ours)" -eq "$(wc -l <questions)" ]
diff theirs ours
