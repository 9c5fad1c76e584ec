#!/usr/bin/env bash
# PIPELINING (RFC 2920): a whole envelope in one packet, with a refusal in the middle, is answered in order.
# needs: swaks
set -euo pipefail
. "$INTEROP/functions.sh"

letter 'In one go' >sent.eml
head -c -2 sent.eml >given.eml # swaks adds the last line end
swaks --server "$HOST:$SMTP" --helo client.example --from grace@client.example --pipeline \
    --to "ada@$DOMAIN,nobody@$DOMAIN,grace@$DOMAIN" --data @given.eml >dialogue
sed -nE '/^ -> MAIL/,$ s/^<(-|\*\*) +([0-9]{3}).*/\2/p' dialogue | paste -sd ' ' >codes
echo '250 250 550 250 354 250 221' | diff - codes
for name in ada grace; do
    only_message "$name" >got.eml
    arrived sent.eml got.eml
done
