#!/usr/bin/env bash
# nslookup, which asks for A and AAAA one after the other and is what people still type: addresses, types, TCP, refusals.
# needs: bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

serve_zone "$INTEROP/zones/harbour.example.zone"
look_up() { nslookup -port="$DNS" -timeout=5 -retry=3 "$@" "$HOST" | sed '1,/^$/d' | tee reply; }

look_up www.harbour.example
grep -qx 'www.harbour.example	canonical name = harbour.example.' reply
[ "$(grep '^Address: ' reply)" = 'Address: 192.0.2.10
Address: 2001:db8::10' ]
look_up -type=MX harbour.example
grep -qx 'harbour.example	mail exchanger = 10 mail.harbour.example.' reply
look_up -type=TXT -vc big.harbour.example
[ "$(grep -c '^big.harbour.example	text = "' reply)" -eq 40 ]
look_up -type=SOA harbour.example
grep -qx '	serial = 2026112101' reply

must_fail look_up nobody.harbour.example
grep -qx "\*\* server can't find nobody.harbour.example: NXDOMAIN" reply
must_fail look_up www.example.org
grep -qx "\*\* server can't find www.example.org: REFUSED" reply
look_up -type=SRV mail.harbour.example || true
grep -qx "\*\*\* Can't find mail.harbour.example: No answer" reply
