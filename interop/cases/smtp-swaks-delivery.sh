#!/usr/bin/env bash
# A message given to port 25 in clear text arrives byte for byte, once, at its reader, through an alias at each target.
# needs: swaks
set -euo pipefail
. "$INTEROP/functions.sh"

letter 'From swaks' >sent.eml
head -c -2 sent.eml >given.eml # swaks adds the last line end
swaks --server "$HOST:$SMTP" --helo client.example --from grace@client.example --to "ada@$DOMAIN" \
    --data @given.eml
only_message ada >got.eml
arrived sent.eml got.eml
grep -q '^Return-Path: <grace@client.example>' got.eml
# RFC 5321 §4.4: a time stamp line says from whom, by whom, how and when.
sed 's/\r$//; :a; N; s/\r\{0,1\}\n[ \t]\{1,\}/ /; ta; P; D' got.eml | grep -E "^Received: from client\.example .*by $DOMAIN.* with ESMTP.*; .* \+0000"
empty_mailbox ada

# Two readers and one of them twice, once by the alias: each finds it once.
swaks --server "$HOST:$SMTP" --from grace@client.example --to "pair@$DOMAIN,ada@$DOMAIN" --data @given.eml
only_message ada >got.eml
arrived sent.eml got.eml
only_message grace >got.eml
arrived sent.eml got.eml

# RFC 5321 §4.5.1: mail to the postmaster is taken, in any case of letters, with a domain or without.
swaks --server "$HOST:$SMTP" --from grace@client.example --to Postmaster --quit-after RCPT
swaks --server "$HOST:$SMTP" --from grace@client.example --to "postmaster@$DOMAIN" --quit-after RCPT

# An empty return path is how bounces come.
swaks --server "$HOST:$SMTP" --from '<>' --to "ada@$DOMAIN" --quit-after RCPT
