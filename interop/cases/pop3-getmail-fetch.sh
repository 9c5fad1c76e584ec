#!/usr/bin/env bash
# getmail fetches by TLS with the certificate checked, does not fetch twice, and deletes when told.
# needs: getmail6
set -euo pipefail
. "$INTEROP/functions.sh"

letter 'For getmail' >sent.eml
curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T sent.eml

mkdir -p state
cat >getmailrc <<RC
[retriever]
type = SimplePOP3SSLRetriever
server = $HOST
port = $POP3S
username = ada
password = $ADA_PASSWORD
ca_certs = $CA

[destination]
type = MDA_external
path = /usr/bin/tee
arguments = ("-a", "$WORK/fetched")
allow_root_commands = true

[options]
read_all = false
delete = false
RC
getmail --getmaildir="$WORK/state" --rcfile="$WORK/getmailrc" | tee first
grep -q '1 messages (.*) retrieved, 0 skipped' first
# It puts a Received of its own above, and writes LF.
grep -q '^Subject: For getmail' fetched
body fetched | cmp - <(body sent.eml | tr -d '\r')

getmail --getmaildir="$WORK/state" --rcfile="$WORK/getmailrc" | tee second
grep -q '0 messages (.*) retrieved, 1 skipped' second

getmail --getmaildir="$WORK/state" --rcfile="$WORK/getmailrc" --all --delete | tee third
grep -q '1 messages (.*) retrieved, 0 skipped' third
[ "$(messages ada)" -eq 0 ]

sed -i "s/^password = .*/password = wrong/" getmailrc
must_fail getmail --getmaildir="$WORK/state" --rcfile="$WORK/getmailrc"
