#!/usr/bin/env bash
# Unknown mailboxes and foreign domains are refused with their own codes, whoever asks; one refusal does not harm the rest.
# needs: swaks libnet-ssleay-perl libauthen-sasl-perl
set -euo pipefail
. "$INTEROP/functions.sh"

# swaks answers 24 when no recipient was taken.
refused() {
    local code=$1 status=0
    shift
    swaks --from ada@client.example --quit-after RCPT "$@" >dialogue || status=$?
    cat dialogue
    [ "$status" -eq 24 ]
    grep -qE "^<(\*\*|~\*) +$code" dialogue
}

# RFC 5321 §3.6.2, RFC 3463: no such mailbox here.
refused '550 5\.1\.1 ' --server "$HOST:$SMTP" --to "nobody@$DOMAIN"

# Relaying is for nobody: neither for strangers nor in the spellings that have opened other servers.
for to in ada@elsewhere.example "ada%elsewhere.example@$DOMAIN" "\"ada@elsewhere.example\"@$DOMAIN" "@$DOMAIN:ada@elsewhere.example"; do
    refused '55[0-9] 5\.[17]\.[0-9]+ ' --server "$HOST:$SMTP" --to "$to"
done
refused '550 5\.7\.1 ' --server "$HOST:$SMTP" --to ada@elsewhere.example

# Who has logged in may write to the world, but as nobody else: swaks answers 23 when its sender was not taken.
for way in "--server $HOST:$SUBMISSION --tls" "--server $HOST:$SMTPS --tls-on-connect"; do
    status=0
    # shellcheck disable=SC2086
    swaks $way --from grace@client.example --quit-after RCPT --to ada@elsewhere.example \
        --auth PLAIN --auth-user ada --auth-password "$ADA_PASSWORD" >dialogue || status=$?
    cat dialogue
    [ "$status" -eq 23 ]
    grep -qE '^<~\* +550 5\.7\.1 ' dialogue
done

# Of two recipients the known one still gets the message.
letter 'One of two' >sent.eml
head -c -2 sent.eml >given.eml # swaks adds the last line end
swaks --server "$HOST:$SMTP" --from grace@client.example --to "nobody@$DOMAIN,ada@$DOMAIN" --data @given.eml
only_message ada >got.eml
arrived sent.eml got.eml
