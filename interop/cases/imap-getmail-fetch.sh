#!/usr/bin/env bash
# getmail fetches from a mailbox over TLS, not twice, and moves what it fetched.
# needs: getmail6
set -euo pipefail
. "$INTEROP/functions.sh"

letter 'For getmail' >sent.eml
curl -sS -u "ada:$ADA_PASSWORD" "imap://$HOST:$IMAP/INBOX" -T sent.eml
mkdir -p state
cat >getmailrc <<RC
[retriever]
type = SimpleIMAPSSLRetriever
server = $HOST
port = $IMAPS
username = ada
password = $ADA_PASSWORD
ca_certs = $CA
mailboxes = ("INBOX",)
move_on_delete = Archive

[destination]
type = MDA_external
path = /usr/bin/tee
arguments = ("-a", "$WORK/fetched")
allow_root_commands = true

[options]
read_all = false
delete = false
RC
run() { getmail --getmaildir="$WORK/state" --rcfile="$WORK/getmailrc" "$@"; }
run | tee first
grep -q '1 messages (.*) retrieved, 0 skipped' first
body fetched | cmp - <(body sent.eml | tr -d '\r')
run | tee second
grep -q '0 messages (.*) retrieved, 1 skipped' second
run --all --delete | tee third
[ "$(messages ada)" -eq 0 ]
curl -sS -u "ada:$ADA_PASSWORD" "imap://$HOST:$IMAP/Archive" -X 'SEARCH SUBJECT getmail' | grep -q 'SEARCH [0-9]'
