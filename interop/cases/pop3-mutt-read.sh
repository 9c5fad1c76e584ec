#!/usr/bin/env bash
# mutt opens a mailbox over TLS, saves a message, deletes another, and synchronises.
# needs: mutt expect
set -euo pipefail
. "$INTEROP/functions.sh"

for number in 1 2; do
    letter "Message $number" >"sent-$number.eml"
    curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T "sent-$number.eml"
done

cat >muttrc <<RC
set pop_user = "ada"
set pop_pass = "$ADA_PASSWORD"
set pop_authenticators = "scram-sha-256"
set pop_delete = yes
set ssl_ca_certificates_file = "$CA"
set folder = "."
set sort = mailbox-order
set confirmappend = no
set confirmcreate = no
set mbox_type = mbox
set delete = yes
set quit = yes
set wait_key = no
RC

# Copies the first message to a file, deletes the second, leaves. mutt wants a terminal, so expect gives it one.
mutt_with() { # mutt_with URL
    TERM=vt100 expect <<EXPECT
set timeout 30
spawn mutt -n -F muttrc -f $1 -e "push <copy-message>$WORK/copy.mbox<enter><next-entry><delete-message><sync-mailbox><quit>"
expect {
    eof {}
    timeout { puts "mutt did not end"; exit 1 }
}
EXPECT
}
mutt_with "pops://ada@$HOST:$POP3S/"
grep -q '^Subject: Message 1' copy.mbox
[ "$(body copy.mbox | sed 's/^>From /From /')" = "$(body sent-1.eml | tr -d '\r')" ]
only_message ada >got.eml
arrived sent-1.eml got.eml
