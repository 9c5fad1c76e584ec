#!/usr/bin/env bash
# mutt submits a message over TLS, the certificate checked.
# needs: mutt
set -euo pipefail
. "$INTEROP/functions.sh"

cat >muttrc <<RC
set from = "ada@$DOMAIN"
set realname = "Ada"
set hostname = "client.example"
set smtp_url = "smtps://ada@$HOST:$SMTPS/"
set smtp_pass = "$ADA_PASSWORD"
set ssl_ca_certificates_file = "$CA"
set record = ""
set send_charset = "us-ascii:utf-8"
set allow_8bit = yes
set use_8bitmime = yes
RC
send() { echo 'Dear Grace, «grüße».' | mutt -n -F muttrc "$@" -- "grace@$DOMAIN"; }

send -s 'From mutt, implicit TLS'
only_message grace >got.eml
grep -q '^Subject: From mutt, implicit TLS' got.eml
[ "$(body got.eml | tr -d '\r')" = 'Dear Grace, «grüße».' ]
empty_mailbox grace

for mechanisms in plain scram-sha-256; do
    send -e "set smtp_url=smtp://ada@$HOST:$SUBMISSION/" -e 'set ssl_force_tls=yes' \
        -e "set smtp_authenticators='$mechanisms'" -s "From mutt, STARTTLS, $mechanisms"
    only_message grace >got.eml
    [ "$(body got.eml | tr -d '\r')" = 'Dear Grace, «grüße».' ]
    empty_mailbox grace
done

must_fail send -e 'set smtp_pass=wrong' -s 'Wrong password'
[ "$(messages grace)" -eq 0 ]
