#!/usr/bin/env bash
# portolan dns zone add, list, check, show, remove, and a zone edited by hand: what dig sees follows the file, without a
# command; a broken edit is named with its file and line, and the zone goes on as it was. The site's own zone is there.
# needs: bind9-dnsutils python3
set -euo pipefail
. "$INTEROP/functions.sh"

answers() { dig "@$HOST" -p "$DNS" +norecurse +short +tries=3 "$@"; }
is_answered() { [ "$(answers "${@:2}")" = "$1" ]; }
fails_with() { # STATUS COMMAND...: what it said is in the file "complaint"
    local status=0
    "${@:2}" >complaint 2>&1 || status=$?
    cat complaint
    [ "$status" -eq "$1" ]
}
zones=$DATA/zones

# The site's own zone was there from the beginning: its names lead to it, its mail as well.
own=portolan.localhost
is_answered "10 $own." "$own" MX
is_answered "$own." "$own" NS
is_answered 127.0.0.1 "$own" A
is_answered ::1 "$own" AAAA
portolan dns zone check "$own"

# A new zone with nothing in it yet, and one from a file.
portolan dns zone add edited.example
trap 'portolan dns zone remove edited.example --yes; rm -rf "$zones/parts"; portolan dns zone remove copied.example --yes || true' EXIT
is_answered "$own." edited.example NS
[ -n "$(answers edited.example SOA)" ]
fails_with 1 portolan dns zone add edited.example
cat >copied.example.zone <<'ZONE'
$TTL 1h
@       IN SOA ns1 hostmaster ( 7 2h 15m 2w 5m )
        IN NS  ns1
ns1     IN A   192.0.2.1
www 5m  IN A   192.0.2.2
            TXT "a ; in quotes" ; and a remark
ZONE
portolan dns zone add copied.example --from copied.example.zone
is_answered 192.0.2.2 www.copied.example A
is_answered '"a ; in quotes"' www.copied.example TXT
portolan dns zone list | tee list
grep -E '^copied\.example +7 +5 ' list
grep -E '^edited\.example ' list
portolan dns zone list --json | /usr/bin/python3 -c '
import json, sys
zones = {zone["name"]: zone for zone in json.load(sys.stdin)}
assert zones["copied.example"]["serial"] == 7 and zones["copied.example"]["records"] == 5, zones
assert zones["copied.example"]["served"] is True and not zones["copied.example"]["problems"], zones
'
portolan dns zone show copied.example | records | diff -u - <(sort <<'ZONE'
copied.example. 3600 IN SOA ns1.copied.example. hostmaster.copied.example. 7 7200 900 1209600 300
copied.example. 3600 IN NS ns1.copied.example.
ns1.copied.example. 3600 IN A 192.0.2.1
www.copied.example. 300 IN A 192.0.2.2
www.copied.example. 3600 IN TXT "a ; in quotes"
ZONE
)
[ "$(portolan dns zone show copied.example www.copied.example --type A | records)" = 'www.copied.example. 300 IN A 192.0.2.2' ]

# What is shown of a zone with everything in it is what its file says.
portolan dns zone check "$INTEROP/zones/harbour.example.zone"
serve_zone "$INTEROP/zones/harbour.example.zone"
diff -u <(records <"$INTEROP/zones/harbour.example.zone" | sed -E 's,alpn="([^"]*)",alpn=\1,') <(portolan dns zone show harbour.example | records)

# Edited by hand, seen by itself. Includes lie below the folder of zones, $GENERATE counts.
mkdir "$zones/parts"
echo 'cargo IN A 192.0.2.9' >"$zones/parts/cargo"
cat >>"$zones/edited.example.zone" <<'ZONE'
www IN A 192.0.2.3
$INCLUDE parts/cargo
$GENERATE 1-3 berth$ A 192.0.2.10$
ZONE
eventually is_answered 192.0.2.3 www.edited.example A
is_answered 192.0.2.9 cargo.edited.example A
is_answered 192.0.2.102 berth2.edited.example A
# What is included is looked after as well.
echo 'cargo IN A 192.0.2.99' >"$zones/parts/cargo"
eventually is_answered 192.0.2.99 cargo.edited.example A

# A broken edit: named with file and line, and nothing is lost.
cp "$zones/edited.example.zone" good
echo 'www IN A 192.0.2.4.5' >>"$zones/edited.example.zone"
line=$(wc -l <"$zones/edited.example.zone")
fails_with 1 portolan dns zone check edited.example
grep -E "edited\.example\.zone:$line\b" complaint
portolan reload >complaint 2>&1 || true
portolan dns zone list | tee list
grep -E "edited\.example\.zone:$line\b" list
portolan status | grep -E "edited\.example\.zone:$line\b"
is_answered 192.0.2.3 www.edited.example A
# A loop of includes, a file outside the folder, a second SOA, data beside a CNAME, names outside the zone.
broken() {
    { cat good; printf '%s\n' "$@"; } >"$zones/edited.example.zone"
    fails_with 1 portolan dns zone check edited.example
    grep -E 'edited\.example\.zone:[0-9]+|parts/loop:[0-9]+' complaint
    is_answered 192.0.2.3 www.edited.example A
}
echo '$INCLUDE parts/loop' >"$zones/parts/loop"
broken '$INCLUDE parts/loop'
broken '$INCLUDE /etc/passwd'
must_fail grep root: complaint
broken '$INCLUDE ../admin-password'
broken '@ IN SOA a b 1 1 1 1 1'
broken 'www IN CNAME elsewhere'
broken 'www.example.org. IN A 192.0.2.1'
broken 'text IN TXT "without an end'
cp good "$zones/edited.example.zone"
portolan reload
must_fail grep -q edited <(portolan dns zone list | grep Problem)
is_answered 192.0.2.3 www.edited.example A

# Removed: refused from then on.
portolan dns zone remove copied.example --yes
must_fail [ -e "$zones/copied.example.zone" ]
dig "@$HOST" -p "$DNS" +norecurse www.copied.example A | grep 'status: REFUSED'
