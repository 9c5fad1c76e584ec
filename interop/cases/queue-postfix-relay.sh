#!/usr/bin/env bash
# Postfix as the other server, both ways, each proving its name by TLS: what one accepts the other gets whole, who is
# unknown comes back in a report, who is down gets it later, and reports of success come back.
# needs: postfix openssl curl python3
set -euo pipefail
. "$INTEROP/functions.sh"

[ "$(id -u)" -eq 0 ] || { echo "Postfix wants root"; exit 77; }
chmod 711 .
DATA=$WORK/data
postfix=
stop_postfix() {
    [ -z "$postfix" ] || { kill "$postfix"; wait "$postfix" || true; }
    postfix=
}
trap 'stop_postfix; stop_site || true' EXIT

# An authority for Postfix, and its certificate.
certify postfix

write_relay_settings postfix.example 'tls = "verified"' "authorities = \"$WORK/authority.pem\"" \
    'first_retry = "1 s"' 'longest_retry = "2 s"'
serve_site "$WORK"
CA=$DATA/ca.pem POP3=$((SITE_OFFSET + 110)) SUBMISSION=$((SITE_OFFSET + 587))
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin

mkdir -p conf queue lib mail
chown postfix lib
chown mail:mail mail
echo "bob@postfix.example bob/" >boxes
echo "$DOMAIN smtp:[127.0.0.1]:$((SITE_OFFSET + 25))" >transports
echo "[127.0.0.1]:$((SITE_OFFSET + 25)) verify match=$DOMAIN" >policies
cat >conf/main.cf <<CF
compatibility_level = 3.6
queue_directory = $WORK/queue
data_directory = $WORK/lib
maillog_file = $WORK/postfix.log
maillog_file_prefixes = $WORK
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = postfix.example
mynetworks = 127.0.0.0/8
mydestination =
smtpd_peername_lookup = no
disable_dns_lookups = yes
virtual_mailbox_domains = postfix.example
virtual_mailbox_maps = texthash:$WORK/boxes
virtual_mailbox_base = $WORK/mail
virtual_minimum_uid = 1
virtual_uid_maps = static:$(id -u mail)
virtual_gid_maps = static:$(id -g mail)
transport_maps = texthash:$WORK/transports
alias_maps =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_mynetworks, reject
smtpd_tls_security_level = may
smtpd_tls_received_header = yes
smtpd_tls_cert_file = $WORK/postfix.pem
smtpd_tls_key_file = $WORK/postfix.key
smtp_tls_security_level = verify
smtp_tls_policy_maps = texthash:$WORK/policies
smtp_tls_CAfile = $CA
smtp_tls_loglevel = 1
minimal_backoff_time = 2s
maximal_backoff_time = 2s
queue_run_delay = 2s
CF
cat >conf/master.cf <<CF
127.0.0.1:$there inet n - n - - smtpd
$(sed -n '/^cleanup/,/^lmtp/p' "$INTEROP/../bench/peers/postfix/master.cf" | sed '/^lmtp/d')
smtp       unix  -       -      n      -      -       smtp
relay      unix  -       -      n      -      -       smtp
tlsmgr     unix  -       -      n      1000?  1       tlsmgr
virtual    unix  -       n      n      -      -       virtual
anvil      unix  -       -      n      -      1       anvil
scache     unix  -       -      n      -      1       scache
postlog    unix-dgram n  -      n      -      1       postlogd
CF
start_postfix() {
    postfix -c "$WORK/conf" check
    /usr/lib/postfix/sbin/master -d -c "$WORK/conf" >master.log 2>&1 &
    postfix=$!
    eventually curl -sS -o /dev/null "smtp://127.0.0.1:$there" -X QUIT
}

boxed() { [ "$(find mail/bob/new -type f 2>/dev/null | wc -l)" -eq "$1" ]; }

# Nobody is there yet: it waits, and says why.
letter 'To Postfix' | sed "s/^From: .*/From: <ada@$DOMAIN>\r/" >sent.eml
submit bob@postfix.example sent.eml
waiting() { portolan queue list | tee list | grep -q '127.0.0.1 does not answer'; }
eventually waiting
cat list
grep -q "<ada@$DOMAIN>" list

# Once it is, it gets the message whole, over TLS that proved its name.
start_postfix
eventually boxed 1
cat mail/bob/new/*
tail -n +1 mail/bob/new/* | sed 's/\r$//' >got.txt
sed '1,/^$/d' got.txt | diff - <(sed 's/\r$//' sent.eml | sed '1,/^$/d')
grep -qE 'using TLSv1\.[23]' got.txt
eventually queue_is_empty

# Who is unknown there comes back, as a report that Python's parser reads.
submit nobody@postfix.example sent.eml
eventually fetched 1
only_message ada >report.eml
/usr/bin/python3 - report.eml <<'PYTHON'
import email, sys

report = email.message_from_binary_file(open(sys.argv[1], "rb"))
assert report.get_content_type() == "multipart/report" and report["Return-Path"] == "<>", report
words, status, original = report.get_payload()
assert status.get_content_type() == "message/delivery-status"
whole, recipient = status.get_payload()
assert recipient["Action"] == "failed" and recipient["Status"].startswith("5.1.1"), recipient
assert recipient["Final-Recipient"] == "rfc822; nobody@postfix.example"
assert "postfix.example" in recipient["Remote-MTA"]
assert original.get_payload()[0]["Subject"] == "To Postfix"
PYTHON
empty_mailbox ada

# Who asks for it hears of success, from Postfix, because that takes the wish over.
submit bob@postfix.example sent.eml NOTIFY=SUCCESS,FAILURE
eventually fetched 1
only_message ada >success.eml
grep -q '^Action: delivered' success.eml
grep -q '^Reporting-MTA: dns; postfix.example' success.eml
empty_mailbox ada

# The other way: Postfix proves our name, delivers, and hears who is unknown.
letter 'From Postfix' >back.eml
curl -sS "smtp://127.0.0.1:$there" --mail-from bob@postfix.example --mail-rcpt "ada@$DOMAIN" -T back.eml
eventually fetched 1
only_message ada >got.eml
diff <(body got.eml) <(body back.eml)
grep -qE '\(TLSv1\.[23] ' got.eml
grep -q 'Verified TLS connection established' postfix.log
before=$(find mail/bob/new -type f | wc -l)
curl -sS "smtp://127.0.0.1:$there" --mail-from bob@postfix.example --mail-rcpt "nobody@$DOMAIN" -T back.eml
eventually boxed $((before + 1))
grep -lq 'Diagnostic-Code: smtp; 550 5.1.1' mail/bob/new/*
eventually queue_is_empty

# One id follows a message from who sent it to the server that took it.
id=$(portolan events --kind sent --last 1 --json | sed -nE 's/.*"conversation" : "([^"]+)".*/\1/p')
portolan events --id "$id" >story
grep -i accepted story
grep -i sent story
