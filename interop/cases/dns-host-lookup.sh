#!/usr/bin/env bash
# host: addresses and mail exchangers in one go, any type, by TCP; its exit status for names that are not there; no zone
# is handed to whoever asks.
# needs: bind9-host
set -euo pipefail
. "$INTEROP/functions.sh"

serve_zone "$INTEROP/zones/harbour.example.zone"
look_up() { host -p "$DNS" -W 5 "$@" "$HOST" | tee reply; }

# host prints a heading of its own about the server; its words about the names follow.
[ "$(look_up blog.harbour.example | sed '1,/^$/d' | sort)" = "$(sort <<'REPLY'
blog.harbour.example is an alias for www.harbour.example.
www.harbour.example is an alias for harbour.example.
harbour.example has address 192.0.2.10
harbour.example has IPv6 address 2001:db8::10
harbour.example mail is handled by 10 mail.harbour.example.
harbour.example mail is handled by 20 mail2.harbour.example.
REPLY
)" ]
look_up -T -t SRV _submission._tcp.harbour.example
grep -qx '_submission._tcp.harbour.example has SRV record 0 1 587 mail.harbour.example.' reply
look_up -t PTR 10.harbour.example
grep -qx '10.harbour.example domain name pointer harbour.example.' reply
look_up -t TYPE65534 strange.harbour.example
grep -qx 'strange.harbour.example has TYPE65534 record \\# 5 0102030405' reply

must_fail look_up nobody.harbour.example
grep -qx 'Host nobody.harbour.example not found: 3(NXDOMAIN)' reply
must_fail look_up www.example.org
grep -qx 'Host www.example.org not found: 5(REFUSED)' reply
look_up -t SRV mail.harbour.example # a status of 0 for a name without such a record
grep -qx 'mail.harbour.example has no SRV record' reply
must_fail look_up -t AXFR harbour.example
grep -q '^; Transfer failed\.$' reply
must_fail grep -q 192.0.2 reply
