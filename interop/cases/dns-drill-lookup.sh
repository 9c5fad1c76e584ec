#!/usr/bin/env bash
# drill (ldns): every set of records, TCP when it was too much, codes and flags; ldns reads the answer for itself.
# needs: ldnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

serve_zone "$INTEROP/zones/harbour.example.zone"
ask_ldns() { drill -a -p "$DNS" -o rd "$@" >reply || { cat reply; return 1; }; }

# ldns writes SVCB, HTTPS and hexadecimal digits in ways of its own.
records <"$INTEROP/zones/harbour.example.zone" | grep -vE '^([^ ]+\.)?lent\.' >zone
cut -d' ' -f1,4 zone | uniq | sort -u | grep -vE ' (SVCB|HTTPS|TLSA|SSHFP|TYPE65534)$' >sets
while read -r owner type; do
    ask_ldns "$owner" "@$HOST" "$type"
    grep -q '^;; flags: qr aa ; ' reply
    diff -u <(awk -v owner="$owner" -v type="$type" '$1 == owner && $4 == type' zone | tr A-Z a-z) \
        <(sed -n '/^;; ANSWER SECTION/,/^;; AUTHORITY/p' reply | records | tr A-Z a-z)
done <sets
for type in SVCB:_dns.ns1 HTTPS: TLSA:_25._tcp.mail SSHFP:ssh TYPE65534:strange; do
    name=${type#*:}${type##*:} name=${type#*:}
    ask_ldns "${name:+$name.}harbour.example" "@$HOST" "${type%:*}"
    grep -q 'rcode: NOERROR, ' reply
    grep -q 'ANSWER: 1, ' reply
done

ask_ldns -t harbour.example "@$HOST" MX
grep -q 'ANSWER: 2, ' reply
ask_ldns big.harbour.example "@$HOST" TXT
[ "$(sed -n '/^;; ANSWER SECTION/,/^;; AUTHORITY/p' reply | records | wc -l)" -eq 40 ]
ask_ldns nobody.harbour.example "@$HOST" A || true
grep -q 'rcode: NXDOMAIN, ' reply
ask_ldns www.example.org "@$HOST" A || true
grep -q 'rcode: REFUSED, ' reply
