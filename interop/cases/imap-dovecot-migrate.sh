#!/usr/bin/env bash
# Dovecot's doveadm as an IMAP client (imapc), the way mail is moved from one server to another: a backup into a Maildir has
# every folder, flag, date and octet; the second one fetches nothing; and what doveadm changes by IMAP is changed.
# needs: dovecot-core
set -euo pipefail
. "$INTEROP/functions.sh"

echo "$ADA_PASSWORD" | portolan account add mover --password-stdin # who has nothing yet
trap 'portolan account remove mover --yes' EXIT
put() { curl -sS --max-time 20 -u "mover:$ADA_PASSWORD" "imap://$HOST:$IMAP/$1" -T "$2"; }
ask() { curl -sS --max-time 20 -u "mover:$ADA_PASSWORD" "imap://$HOST:$IMAP/$1" -X "${*:2}"; }
ask '' 'CREATE Plans/Spring'
for number in 1 2 3; do
    letter "Message $number" >"sent-$number.eml"
    put INBOX "sent-$number.eml"
    put Plans/Spring "sent-$number.eml"
done
ask INBOX 'STORE 2 +FLAGS (\Seen \Flagged)'

# It reads mail as anybody but root.
reader=$(id -un)
[ "$reader" != root ] || reader=nobody
mkdir -p run state mail cache none
chown "$reader" run state mail cache none
chmod 711 "$WORK"
cat >dovecot.conf <<CONF
base_dir = $WORK/run
state_dir = $WORK/state
log_path = /dev/stderr
ssl = no
ssl_client_ca_file = $CA
mail_location = maildir:$WORK/mail:LAYOUT=fs
mail_uid = $(id -u "$reader")
mail_gid = $(id -g "$reader")
first_valid_uid = 1
first_valid_gid = 1
namespace inbox {
  inbox = yes
  separator = /
}
imapc_host = 127.0.0.1
imapc_port = $IMAPS
imapc_ssl = imaps
imapc_user = mover
imapc_password = $ADA_PASSWORD
imapc_features = rfc822.size fetch-headers modseq search
mail_prefetch_count = 20
CONF
chmod 600 dovecot.conf
export USER=ada HOME=$WORK
here() { doveadm -c dovecot.conf "$@"; }
there() { doveadm -c dovecot.conf -o "mail_location=imapc:$WORK/cache" "$@"; }

there mailbox list | sort | tee listed
diff listed <(printf '%s\n' Archive Drafts INBOX Junk Plans Plans/Spring Sent Trash)
there mailbox status 'messages unseen vsize' INBOX | tee status
grep -q 'INBOX messages=3 unseen=0 vsize=' status

# The move: all there is, then nothing new.
here backup -R imapc:
for folder in INBOX Plans/Spring; do
    [ "$(here search mailbox "$folder" all | wc -l)" -eq 3 ]
    for number in 1 2 3; do
        here fetch text mailbox "$folder" header subject "Message $number" | sed '1d' | tr -d '\r\f' >fetched
        cmp <(head -c "$(tr -d '\r' <"sent-$number.eml" | wc -c)" fetched) <(tr -d '\r' <"sent-$number.eml")
    done
done
here fetch 'uid flags' mailbox INBOX flagged | tee flagged
grep -q '^flags: .*\\Flagged.*\\Seen\|^flags: .*\\Seen.*\\Flagged' flagged
ask INBOX 'FETCH 1:* (UID FLAGS MODSEQ)' >before
here backup -R imapc:
ask INBOX 'FETCH 1:* (UID FLAGS MODSEQ)' | cmp - before

# By hand, on the server.
there flags add '\Answered $Label1' mailbox INBOX header subject 'Message 1'
ask INBOX 'FETCH 1 FLAGS' | grep -q '\\Answered.* $Label1)'
[ "$(there search mailbox INBOX text 'start with dots' | wc -l)" -eq 3 ]
[ "$(there search mailbox INBOX header subject nothing | wc -l)" -eq 0 ]
there expunge mailbox INBOX header subject 'Message 2'
ask INBOX 'STATUS INBOX (MESSAGES)' | grep -q 'MESSAGES 2'
there mailbox rename Plans/Spring Plans/Autumn
there mailbox create Winter
there mailbox delete -s Winter
ask '' 'LIST "" "*"' | grep -q Plans/Autumn
must_fail doveadm -c dovecot.conf -o "mail_location=imapc:$WORK/none" -o imapc_password=wrong mailbox list
