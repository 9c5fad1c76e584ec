#!/usr/bin/env bash
# NSD as the secondary of a zone: it fetches the zone, is told of a change at once, fetches again, and what it then
# answers is the new zone record by record.
# needs: nsd bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
nsd=
finish() {
    [ -z "$nsd" ] || { kill "$nsd"; wait "$nsd" || true; }
    stop_site || true
}
trap finish EXIT
SITE_OFFSET=$(free_offset)
secondary=$((SITE_OFFSET + 5300)) DNS=$((SITE_OFFSET + 53))
write_settings portolan.toml "$SITE_OFFSET"
printf '[dns]\ntransfer_to = ["127.0.0.1"]\nnotify = ["127.0.0.1 %d"]\n' $secondary >>portolan.toml
serve_site "$WORK"
cp "$INTEROP/zones/harbour.example.zone" .
serve_zone harbour.example.zone

cat >nsd.conf <<CONF
server:
    ip-address: 127.0.0.1@$secondary
    username: ""
    database: ""
    zonesdir: "$WORK"
    zonelistfile: "$WORK/zone.list"
    xfrdfile: ""
    xfrdir: "$WORK"
    pidfile: "$WORK/nsd.pid"
    logfile: "$WORK/nsd.log"
    xfrd-reload-timeout: 0
    verbosity: 2
zone:
    name: harbour.example
    zonefile: nsd-harbour.example.zone
    allow-notify: 127.0.0.1 NOKEY
    request-xfr: 127.0.0.1@$DNS NOKEY
    provide-xfr: 127.0.0.1 NOKEY
CONF
nsd -d -c nsd.conf 2>nsd.err &
nsd=$!

has_serial() { dig @127.0.0.1 -p $secondary +tries=1 +time=1 +short harbour.example SOA | grep -q " $1 "; }
same_zone() { # NSD keeps names in small letters
    diff -u <(records <"$1" | sed 's/^Pier\./pier./' | sort) \
        <(dig @127.0.0.1 -p $secondary +nosplit harbour.example AXFR | records | uniq)
}
eventually has_serial 2026112101
same_zone harbour.example.zone

# A new serial, a record more, one less, one with other data. NSD itself would ask again in two hours.
sed -i -e 's/2026112101/2026112102/' -e '/^tel\./d' -e 's/192\.0\.2\.50$/192.0.2.51/' harbour.example.zone
printf 'buoy.harbour.example.\t60\tIN\tA\t192.0.2.80\n' >>harbour.example.zone
serve_zone harbour.example.zone
eventually has_serial 2026112102
same_zone harbour.example.zone
grep -q 'notify for harbour.example. from 127.0.0.1' nsd.log
dig @127.0.0.1 -p $secondary +short buoy.harbour.example A | grep -qx 192.0.2.80
