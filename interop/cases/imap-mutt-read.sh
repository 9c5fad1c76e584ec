#!/usr/bin/env bash
# mutt opens a mailbox over TLS, copies a message, deletes another, saves a third elsewhere, and synchronises.
# needs: mutt expect
set -euo pipefail
. "$INTEROP/functions.sh"

for number in 1 2 3; do
    letter "Message $number" >"sent-$number.eml"
    curl -sS -u "ada:$ADA_PASSWORD" "imap://$HOST:$IMAP/INBOX" -T "sent-$number.eml"
done
cat >muttrc <<RC
set imap_user = "ada"
set imap_pass = "$ADA_PASSWORD"
set ssl_ca_certificates_file = "$CA"
set folder = "imaps://ada@$HOST:$IMAPS/"
set spoolfile = "imaps://ada@$HOST:$IMAPS/INBOX"
set sort = mailbox-order
set confirmappend = no
set confirmcreate = no
set delete = yes
set move = no
set quit = yes
set wait_key = no
set mbox_type = mbox
RC
TERM=vt100 expect <<EXPECT
set timeout 30
spawn mutt -n -F muttrc -e "push <copy-message>$WORK/copy.mbox<enter><next-entry><delete-message><sync-mailbox><save-message>=Archive<enter><sync-mailbox><quit>"
expect {
    eof {}
    timeout { puts "mutt did not end"; exit 1 }
}
EXPECT
[ "$(body copy.mbox | sed 's/^>From /From /')" = "$(body sent-1.eml | tr -d '\r')" ]
only_message ada >got.eml
arrived sent-1.eml got.eml || cmp got.eml sent-1.eml
curl -sS -u "ada:$ADA_PASSWORD" "imap://$HOST:$IMAP/Archive" -X 'SEARCH SUBJECT Message' | grep -q 'SEARCH [0-9]'
