#!/usr/bin/env bash
# Knot DNS as the secondary of a zone: it asks for the difference and takes the whole, is told of a change at once, and
# what it then answers is the new zone record by record.
# needs: knot knot-dnsutils bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
knot=
finish() {
    [ -z "$knot" ] || { kill "$knot"; wait "$knot" || true; }
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

cat >knot.conf <<CONF
server:
    listen: 127.0.0.1@$secondary
    rundir: $WORK
log:
  - target: stderr
    any: info
database:
    storage: $WORK/db
remote:
  - id: portolan
    address: 127.0.0.1@$DNS
acl:
  - id: local
    address: 127.0.0.1
    action: [notify, transfer]
zone:
  - domain: harbour.example
    storage: $WORK/knot
    master: portolan
    acl: local
CONF
mkdir knot
knotd -c knot.conf >knot.log 2>&1 &
knot=$!

has_serial() { dig @127.0.0.1 -p $secondary +tries=1 +time=1 +short harbour.example SOA | grep -q " $1 "; }
same_zone() { # Knot keeps names in small letters
    diff -u <(records <"$1" | sed 's/^Pier\./pier./' | sort) \
        <(dig @127.0.0.1 -p $secondary +nosplit harbour.example AXFR | records | uniq)
}
eventually has_serial 2026112101
same_zone harbour.example.zone

# A new serial, a record more, one less, one with other data. Knot itself would ask again in two hours.
sed -i -e 's/2026112101/2026112102/' -e '/^tel\./d' -e 's/192\.0\.2\.50$/192.0.2.51/' harbour.example.zone
printf 'buoy.harbour.example.\t60\tIN\tA\t192.0.2.80\n' >>harbour.example.zone
serve_zone harbour.example.zone
eventually has_serial 2026112102
same_zone harbour.example.zone
grep -q 'notify, incoming, remote 127.0.0.1' knot.log
dig @127.0.0.1 -p $secondary +short buoy.harbour.example A | grep -qx 192.0.2.80
