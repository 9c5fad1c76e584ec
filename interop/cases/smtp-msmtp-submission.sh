#!/usr/bin/env bash
# msmtp submits with STARTTLS and with implicit TLS, checks the site's certificate, and logs in by PLAIN, LOGIN and
# SCRAM-SHA-256.
# needs: msmtp
set -euo pipefail
. "$INTEROP/functions.sh"

cat >msmtprc <<RC
defaults
host $HOST
auth plain
user ada
password $ADA_PASSWORD
from ada@$DOMAIN
domain client.example
tls on
tls_trust_file $CA
logfile msmtp.log

account submission
port $SUBMISSION
tls_starttls on

account smtps
port $SMTPS
tls_starttls off
RC
chmod 600 msmtprc
letter 'From msmtp' ada >sent.eml

for account in submission smtps; do
    for auth in plain login scram-sha-256; do
        msmtp --file=msmtprc --account="$account" --auth="$auth" "grace@$DOMAIN" <sent.eml
        only_message grace >got.eml
        arrived sent.eml got.eml
        empty_mailbox grace
    done
done
[ "$(grep -c 'smtpstatus=250 .*exitcode=EX_OK' msmtp.log)" -eq 6 ]

# What it says of the server: the certificate, and what is offered.
msmtp --file=msmtprc --account=submission --serverinfo | tee serverinfo
grep -qE '^ +(Common Name|Alternative names?|Subject|DNS).*' serverinfo
grep -q 'PIPELINING' serverinfo
grep -qE '^ +SIZE 2[0-9]{6}' serverinfo
grep -qE '^ +AUTH:?' serverinfo
grep -q 'SCRAM-SHA-256' serverinfo

# 77 is EX_NOPERM: the login was refused.
sed 's/^password .*/password wrong/' msmtprc >msmtprc-wrong
chmod 600 msmtprc-wrong
for auth in plain login scram-sha-256; do
    status=0
    msmtp --file=msmtprc-wrong --account=smtps --auth="$auth" "grace@$DOMAIN" <sent.eml 2>refusal || status=$?
    cat refusal
    [ "$status" -eq 77 ]
    grep -q '535 5\.7\.8 ' refusal
done
[ "$(messages grace)" -eq 0 ]

# An authority that is not the site's will not do.
must_fail msmtp --file=msmtprc --account=smtps --tls-trust-file=/etc/ssl/certs/ca-certificates.crt "grace@$DOMAIN" <sent.eml

# Port 25 as a site's own machines use it: neither TLS nor login.
msmtp --file=/dev/null --host="$HOST" --port="$SMTP" --from=cron@client.example --auth=off --tls=off "grace@$DOMAIN" <sent.eml
only_message grace >got.eml
arrived sent.eml got.eml
