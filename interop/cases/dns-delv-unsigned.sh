#!/usr/bin/env bash
# delv, which wants to validate: the zone is not signed, and delv has the answer and says so.
# needs: bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

serve_zone "$INTEROP/zones/harbour.example.zone"

# Without an anchor nothing is checked; the records are what they are.
delv "@$HOST" -p "$DNS" -i +nodlv +noroot harbour.example MX >reply 2>complaint || delv "@$HOST" -p "$DNS" -i harbour.example MX >reply
cat reply
[ "$(records <reply)" = 'harbour.example. 3600 IN MX 10 mail.harbour.example.
harbour.example. 3600 IN MX 20 mail2.harbour.example.' ]
