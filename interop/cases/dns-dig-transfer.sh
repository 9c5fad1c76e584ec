#!/usr/bin/env bash
# Whole zones: by TCP, to the networks that the settings name, record by record what the file says, SOA first and last,
# in many messages when it is long; to nobody else, and never by datagram. dig, host, kdig and drill as secondaries.
# needs: bind9-dnsutils bind9-host knot-dnsutils ldnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
trap 'stop_site || true' EXIT
SITE_OFFSET=$(free_offset)
write_settings portolan.toml "$SITE_OFFSET"
printf '[dns]\ntransfer_to = ["127.0.0.1"]\n' >>portolan.toml
serve_site "$WORK"
DNS=$((SITE_OFFSET + 53))

zone=$INTEROP/zones/harbour.example.zone
serve_zone "$zone"
mkdir long
{
    printf '$ORIGIN long.example.\n$TTL 300\n@ IN SOA ns1 hostmaster 7 7200 900 1209600 300\n@ IN NS ns1\nns1 IN A 192.0.2.1\n'
    printf '$GENERATE 1-20000 host-${0,5}.dock$ IN MX "10 berth-$"\n'
} >long/long.example.zone
serve_zone long/long.example.zone

# As in the file, with its case; the SOA once more at the end (RFC 5936 §2.2).
dig @127.0.0.1 -p "$DNS" +nosplit harbour.example AXFR >reply
records <"$zone" >expected
diff -u expected <(records <reply | uniq)
[ "$(grep -cP '\tIN\tSOA\t' reply)" -eq 2 ]
[ "$(grep -vE '^(;|$)' reply | sed -n '1p' | cut -f4)" = SOA ]
[ "$(grep -vE '^(;|$)' reply | sed -n '$p' | cut -f4)" = SOA ]

dig @127.0.0.1 -p "$DNS" long.example AXFR >reply
[ "$(records <reply | uniq | wc -l)" -eq 20003 ]
grep -qP '^host-20000\.dock20000\.long\.example\.\s+300\s+IN\s+MX\s+10 berth-20000\.long\.example\.$' reply
grep -qE '^;; XFR size: 20004 records \(messages [0-9]+, bytes [0-9]+\)$' reply

# Other secondaries, and IXFR, which is answered by the whole zone or, to who is up to date, by its SOA (RFC 1995 §2, §4).
kdig @127.0.0.1 -p "$DNS" harbour.example AXFR | records | uniq | wc -l | grep -qx "$(wc -l <expected)"
drill -p "$DNS" @127.0.0.1 harbour.example AXFR | records | uniq | wc -l | grep -qx "$(wc -l <expected)"
host -p "$DNS" -l -a harbour.example 127.0.0.1 | records | uniq | wc -l | grep -qx "$(wc -l <expected)"
dig @127.0.0.1 -p "$DNS" +nosplit harbour.example IXFR=1 | records | uniq | diff -u expected -
[ "$(dig @127.0.0.1 -p "$DNS" harbour.example IXFR=2026112101 | records | uniq | cut -d' ' -f4)" = SOA ]

# To nobody else: not from the other address of this machine, not for zones that are not there, not by datagram.
refused() {
    dig -p "$DNS" "$@" >reply || true
    must_fail grep -qP '\tIN\t(A|NS|TXT)\t' reply
    grep -qE '^; Transfer failed\.|status: (REFUSED|NOTAUTH|FORMERR|NOTIMP)' reply
}
refused @::1 harbour.example AXFR
refused @::1 harbour.example IXFR=1
refused @127.0.0.1 example.org AXFR
refused @127.0.0.1 www.harbour.example AXFR
kdig @127.0.0.1 -p "$DNS" +notcp +ignore harbour.example AXFR >reply 2>&1 || true
must_fail grep -q 192.0.2 reply
# The site goes on.
dig @::1 -p "$DNS" +short harbour.example A | grep -qx 192.0.2.10
