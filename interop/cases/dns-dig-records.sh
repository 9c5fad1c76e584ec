#!/usr/bin/env bash
# Every set of records of a zone, asked for by dig over UDP and over TCP: the answer is the set, whole, in the words of
# the master file, with authority and without the offer to recurse.
# needs: bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

serve_zone "$INTEROP/zones/harbour.example.zone"
records <"$INTEROP/zones/harbour.example.zone" >zone

# What lies below a delegation is not ours to answer: dns-dig-answers asks for it.
grep -vE '^([^ ]+\.)?lent\.' zone | cut -d' ' -f1,4 | uniq | sort -u >sets
[ "$(wc -l <sets)" -gt 30 ]
while read -r owner type; do
    for way in +notcp +tcp; do
        ask "$owner" "$type" "$way"
        is_reply NOERROR 'qr aa'
        is ANSWER "$(awk -v owner="$owner" -v type="$type" '$1 == owner && $4 == type' zone)"
    done
done <sets
