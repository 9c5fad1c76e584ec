#!/usr/bin/env bash
# STARTTLS on port 25 and on submission, TLS at once on 465: certificate of the site's CA, TLS 1.2 and 1.3, and the
# session starts anew below it.
# needs: swaks libnet-ssleay-perl
set -euo pipefail
. "$INTEROP/functions.sh"

letter 'Under TLS' >sent.eml
head -c -2 sent.eml >given.eml # swaks adds the last line end
for version in 1_2 1_3; do
    swaks --server "$HOST:$SMTP" --helo client.example --from grace@client.example --to "ada@$DOMAIN" \
        --tls --tls-protocol "tlsv$version" --tls-verify --tls-ca-path "$CA" --data @given.eml >dialogue
    grep -E "^=== TLS started with cipher TLSv${version/_/.}:" dialogue
    grep -E "^=== TLS peer DN=" dialogue
    only_message ada >got.eml
    arrived sent.eml got.eml
    # RFC 3848: received by ESMTP under TLS.
    grep -E 'with (UTF8)?E?SMTPS' got.eml
    empty_mailbox ada
done

# RFC 3207 §4.2: offered in clear text, no longer offered under TLS.
[ "$(grep -cE '^<-  250[- ]STARTTLS' dialogue)" -eq 1 ]
[ "$(grep -cE '^<~  250[- ]STARTTLS' dialogue)" -eq 0 ]
[ "$(grep -cE '^<~  250[- ]PIPELINING' dialogue)" -eq 1 ]

for way in "--server $HOST:$SUBMISSION --tls" "--server $HOST:$SMTPS --tls-on-connect"; do
    swaks $way --quit-after EHLO --tls-verify --tls-ca-path "$CA" >dialogue
    grep -E '^<~  250[- ]AUTH .*PLAIN' dialogue
done

# Nobody else's authority will do.
openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -out other.pem -days 1 -subj /CN=Other 2>/dev/null
must_fail swaks --server "$HOST:$SMTP" --quit-after EHLO --tls --tls-verify --tls-ca-path other.pem
