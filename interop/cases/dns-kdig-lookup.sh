#!/usr/bin/env bash
# Knot's kdig: every set of records as the zone has it, several questions on one connection, cookies, and what it calls
# the flags. A stack of its own, not BIND's.
# needs: knot-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

serve_zone "$INTEROP/zones/harbour.example.zone"
ask_knot() { kdig "@$HOST" -p "$DNS" +timeout=5 +retry=3 +norecurse "$@" >reply || { cat reply; return 1; }; }

# kdig asks, and so is answered, in small letters, and writes alpn without quotes.
as_kdig() { sed -E 's/^Pier\./pier./; s/alpn="([^"]*)"/alpn=\1/'; }
records <"$INTEROP/zones/harbour.example.zone" | grep -vE '^([^ ]+\.)?lent\.' >zone
cut -d' ' -f1,4 zone | uniq | sort -u >sets
while read -r owner type; do
    ask_knot "$owner" "$type" +noall +answer
    diff -u <(awk -v owner="$owner" -v type="$type" '$1 == owner && $4 == type' zone | as_kdig) \
        <(records <reply)
done <sets

ask_knot +tcp +keepopen harbour.example A big.harbour.example TXT nobody.harbour.example A harbour.example MX
[ "$(grep -c '^;; ->>HEADER<<- opcode: QUERY; status: NOERROR;' reply)" -eq 3 ]
[ "$(grep -c '^;; ->>HEADER<<- opcode: QUERY; status: NXDOMAIN;' reply)" -eq 1 ]
[ "$(grep -c '^;; Flags: qr aa; ' reply)" -eq 4 ]
[ "$(grep -c '^big.harbour.example' reply)" -eq 40 ]
[ "$(grep -c '^;; From .*(TCP)' reply)" -eq 4 ]

ask_knot +cookie harbour.example A
grep -qE '^;; COOKIE: [0-9a-fA-F]{32,80}$|^;; COOKIE: [0-9A-F]+' reply
grep -q 'status: NOERROR;' reply
ask_knot +edns=1 harbour.example A
grep -q 'ext-rcode: BADVERS' reply
ask_knot +nsid harbour.example A
must_fail grep -q '^;; NSID' reply

# Too much for a datagram: kdig warns and comes by TCP.
ask_knot big.harbour.example TXT
grep -q '^;; From .*(TCP)' reply
[ "$(grep -c '^big' reply)" -eq 40 ]

ask_knot www.example.org A
grep -q 'status: REFUSED;' reply
