#!/usr/bin/env bash
# curl delivers over smtp:// and smtps://, by name and over IPv6, to several readers; its exit codes tell our refusals.
# needs: curl
set -euo pipefail
. "$INTEROP/functions.sh"

letter 'From curl' >sent.eml

for server in "smtp://localhost:$SMTP/client.example" "smtp://127.0.0.1:$SMTP/client.example" "smtp://[::1]:$SMTP/client.example"; do
    curl -sS "$server" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T sent.eml
    only_message ada >got.eml
    arrived sent.eml got.eml
    empty_mailbox ada
done

# STARTTLS or nothing, the certificate checked against the site's CA, for each name and address the site goes by.
for server in "smtp://localhost:$SMTP" "smtp://127.0.0.1:$SMTP" "smtp://[::1]:$SMTP"; do
    curl -sS "$server" --ssl-reqd --cacert "$CA" --mail-from grace@client.example \
        --mail-rcpt "ada@$DOMAIN" --mail-rcpt "grace@$DOMAIN" -T sent.eml
    for name in ada grace; do
        only_message "$name" >got.eml
        arrived sent.eml got.eml
        empty_mailbox "$name"
    done
done
curl -sS "smtp://$DOMAIN:$SMTP" --resolve "$DOMAIN:$SMTP:127.0.0.1" --ssl-reqd --cacert "$CA" \
    --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T sent.eml
empty_mailbox ada

# Submission, both ways: people write as themselves.
letter 'From curl' ada >own.eml
curl -sS "smtps://$HOST:$SMTPS" --cacert "$CA" -u "ada:$ADA_PASSWORD" \
    --mail-from "ada@$DOMAIN" --mail-rcpt "grace@$DOMAIN" -T own.eml
curl -sS "smtp://$HOST:$SUBMISSION" --ssl-reqd --cacert "$CA" -u "ada:$ADA_PASSWORD" --login-options AUTH=LOGIN \
    --mail-from "ada@$DOMAIN" --mail-rcpt "ada@$DOMAIN" -T own.eml
for name in ada grace; do
    only_message "$name" >got.eml
    arrived own.eml got.eml
    empty_mailbox "$name"
done

# curl gives back 55 for a refused recipient, 67 for a refused login, 60 for a certificate of an unknown authority.
exit_status() {
    local status=0
    "$@" || status=$?
    echo "$status"
}
[ "$(exit_status curl -s "smtp://$HOST:$SMTP" --mail-from g@client.example --mail-rcpt "nobody@$DOMAIN" -T sent.eml)" -eq 55 ]
[ "$(exit_status curl -s "smtp://$HOST:$SMTP" --mail-from g@client.example --mail-rcpt g@elsewhere.example -T sent.eml)" -eq 55 ]
[ "$(exit_status curl -s "smtps://$HOST:$SMTPS" --cacert "$CA" -u ada:wrong \
    --mail-from "ada@$DOMAIN" --mail-rcpt "grace@$DOMAIN" -T sent.eml)" -eq 67 ]
[ "$(exit_status curl -s "smtps://$HOST:$SMTPS" -u "ada:$ADA_PASSWORD" \
    --mail-from "ada@$DOMAIN" --mail-rcpt "grace@$DOMAIN" -T sent.eml)" -eq 60 ]

# A message of many lines, longer than any buffer on the way.
{ letter 'Long' && seq -f '%.0f bottles of beer on the wall' 20000 | sed 's/$/\r/'; } >long.eml
curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T long.eml
only_message ada >got.eml
arrived long.eml got.eml
