#!/usr/bin/env bash
# mpop fetches into an mbox by STLS and by TLS at once, certificate checked, with each way to log in; what it kept on the
# server it does not fetch twice; what it did not keep is gone.
# needs: mpop
set -euo pipefail
. "$INTEROP/functions.sh"

for number in 1 2 3; do
    letter "Message $number" >"sent-$number.eml"
    curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T "sent-$number.eml"
done

cat >mpoprc <<RC
defaults
host $HOST
user ada
password $ADA_PASSWORD
tls on
tls_trust_file $CA
keep on

account stls
port $POP3
tls_starttls on

account pop3s
port $POP3S
tls_starttls off
RC
chmod 600 mpoprc

for account in stls pop3s; do
    for auth in user plain scram-sha-256; do
        fetch_new() {
            mpop --file=mpoprc "$account" --auth="$auth" --delivery="mbox,$account-$auth.mbox" --uidls-file="$account-$auth.uidls"
        }
        fetch_new
        [ "$(grep -c '^From ' "$account-$auth.mbox")" -eq 3 ]
        for number in 1 2 3; do # mbox writes LF, and > before a line that looks like a separator
            [ "$(tr -d '\r' <"sent-$number.eml" | sed 's/^From />&/' | tail -n +1 | md5sum)" = \
                "$(awk -v n="$number" '/^From /{i++; next} i==n' "$account-$auth.mbox" |
                    sed -n '/^From: /,$p' | sed '${/^$/d}' | md5sum)" ]
        done
        fetch_new
        [ "$(grep -c '^From ' "$account-$auth.mbox")" -eq 3 ]
    done
done

mpop --file=mpoprc stls --serverinfo | tee serverinfo
for capability in TOP UIDL USER PLAIN SCRAM-SHA-256; do grep -qi "$capability" serverinfo; done

# EX_NOPERM: the login was refused.
sed 's/^password .*/password wrong/' mpoprc >mpoprc-wrong
chmod 600 mpoprc-wrong
for auth in user plain scram-sha-256; do
    status=0
    mpop --file=mpoprc-wrong pop3s --auth="$auth" --delivery=mbox,none.mbox 2>refusal || status=$?
    cat refusal
    [ "$status" -eq 77 ]
done
must_fail mpop --file=mpoprc pop3s --tls-trust-file=/etc/ssl/certs/ca-certificates.crt --delivery=mbox,none.mbox

# Not kept: fetched once, by a reader that never saw them, and then gone.
mkdir -p box/{cur,new,tmp}
mpop --file=mpoprc pop3s --keep=off --delivery=maildir,box --uidls-file=new.uidls
[ "$(find box/new -type f | wc -l)" -eq 3 ]
[ "$(messages ada)" -eq 0 ]
