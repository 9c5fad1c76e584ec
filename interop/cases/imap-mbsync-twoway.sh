#!/usr/bin/env bash
# mbsync keeps a folder and a mailbox the same, in both directions; with nothing new it changes nothing.
# needs: isync
set -euo pipefail
. "$INTEROP/functions.sh"

put() { curl -sS --max-time 20 -u "grace:$GRACE_PASSWORD" "imap://$HOST:$IMAP/$1" -T "$2"; }
for number in 1 2 3; do
    letter "Message $number" >"sent-$number.eml"
    put INBOX "sent-$number.eml"
done
cat >mbsyncrc <<RC
IMAPAccount site
Host localhost
Port $IMAP
User grace
Pass "$GRACE_PASSWORD"
SSLType STARTTLS
CertificateFile $CA

IMAPStore far
Account site

MaildirStore near
Path $WORK/mail/
Inbox $WORK/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Remove Both
Expunge Both
SyncState *

RC
mkdir -p mail
sync() { mbsync -c mbsyncrc -a -V >mbsync.log 2>&1 || { cat mbsync.log; return 1; }; }
sync
[ "$(ls mail/INBOX/new mail/INBOX/cur | grep -c '^[0-9]')" -eq 3 ]
for number in 1 2 3; do
    file=$(grep -l "^Subject: Message $number" mail/INBOX/*/*)
    cmp <(body "$file" | tr -d '\r') <(body "sent-$number.eml" | tr -d '\r')
done

# The other way: one is flagged, one is thrown away, one is new, in a folder of its own.
file=$(grep -l 'Message 1' mail/INBOX/*/*)
mv "$file" "mail/INBOX/cur/$(basename "${file%%:2,*}"):2,FS"
rm "$(grep -l 'Message 2' mail/INBOX/*/*)"
mkdir -p mail/Near/{cur,new,tmp}
letter 'From near' | tr -d '\r' >"mail/Near/new/1.near"
sync
list() { curl -sS --max-time 20 -u "grace:$GRACE_PASSWORD" "imap://$HOST:$IMAP/$1" -X "${*:2}"; }
list INBOX 'FETCH 1:* FLAGS' | tee flags
grep -q 'FETCH (FLAGS (\\Seen \\Flagged))' flags
[ "$(grep -c FETCH flags)" -eq 2 ]
list Near 'FETCH 1:* (RFC822.SIZE)' | grep -q '^\* 1 FETCH'

# Nothing new: nothing changes, here or there.
find mail -type f | sort | grep -v '\.mbsync\|uidvalidity' >before
list INBOX 'STATUS INBOX (UIDNEXT HIGHESTMODSEQ)' >status-before
sync
find mail -type f | sort | grep -v '\.mbsync\|uidvalidity' | cmp - before
list INBOX 'STATUS INBOX (UIDNEXT HIGHESTMODSEQ)' | cmp - status-before
