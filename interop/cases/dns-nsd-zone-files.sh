#!/usr/bin/env bash
# nsd-checkzone as the judge of master files: what Portolan shows of a zone with every type of record is a zone to NSD,
# what NSD makes of the same file is the same zone to Portolan, and both refuse the same broken lines (NSD takes a few more than Portolan).
# needs: nsd
set -euo pipefail
. "$INTEROP/functions.sh"

trap 'portolan dns zone remove kinds.example --yes || true' EXIT
original=$INTEROP/zones/kinds.example.zone
shown() { portolan dns zone show kinds.example | sort; }

portolan dns zone add kinds.example --from "$original"
portolan dns zone show kinds.example >shown.zone
nsd-checkzone kinds.example shown.zone
nsd-checkzone kinds.example "$DATA/zones/kinds.example.zone"
shown >ours

nsd-checkzone -p kinds.example "$original" >printed.zone
portolan dns zone remove kinds.example --yes
portolan dns zone add kinds.example --from printed.zone
shown | diff -u ours -

# The site's own zone, as it lies in its file.
nsd-checkzone portolan.localhost "$DATA/zones/portolan.localhost.zone"

while read -r line; do
    { cat "$original"; echo "$line"; } >kinds.example.zone
    must_fail nsd-checkzone kinds.example kinds.example.zone
    must_fail portolan dns zone check kinds.example.zone
done <<'LINES'
x A 192.0.2
x A 192.0.2.256
x A 192.0.2.1 192.0.2.2
x AAAA 2001:db8::1::2
x MX mail
x BAD data
x TYPE1 \# 3 abcdef
a..b A 192.0.2.1
x.example.net. A 192.0.2.1
@ SOA a b 1 2 3 4
x A 192.0.2.1 )
x TLSA 3 1 1 xyz
x CH A 192.0.2.1
$INCLUDE nowhere
LINES
