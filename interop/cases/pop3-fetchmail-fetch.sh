#!/usr/bin/env bash
# fetchmail fetches by STLS and by TLS at once with strict checks of the certificate, keeps what it is told to keep, hands
# messages on to SMTP byte for byte, and tells a refused login from an empty mailbox.
# needs: fetchmail
set -euo pipefail
. "$INTEROP/functions.sh"

letter 'Kept' >sent-1.eml
letter 'And fetched' >sent-2.eml
for number in 1 2; do
    curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T "sent-$number.eml"
done

settings() { # settings OPTION...
    cat <<RC
poll $HOST protocol POP3 uidl
    user "ada" password "$ADA_PASSWORD"
    sslcertck sslcertfile "$CA" sslcertpath "$WORK/no-other-authorities"
    mda "cat >>fetched; echo END-OF-MESSAGE >>fetched"
    $*
RC
}
mkdir -p no-other-authorities
umask 077
settings "sslproto 'TLS1.2+'" >stls.rc
settings "ssl" >pop3s.rc
sed -i "s/uidl$/uidl service $POP3/" stls.rc
sed -i "s/uidl$/uidl service $POP3S/" pop3s.rc

run() { fetchmail --fetchmailrc "$1" --idfile "$1.ids" --pidfile "$WORK/fetchmail.pid" --nosyslog -v "${@:2}" >>fetchmail.log 2>&1; }
exit_status() {
    local status=0
    "$@" || status=$?
    echo "$status"
}
# 0: mail was fetched. 1: there was none. 3: the login was refused.
for way in stls pop3s; do
    : >fetched
    [ "$(exit_status run $way.rc --keep)" -eq 0 ]
    [ "$(grep -c END-OF-MESSAGE fetched)" -eq 2 ]
    for number in 1 2; do # fetchmail puts its own Received above, and writes LF
        tr -d '\r' <"sent-$number.eml" | sed '1,/^$/d' >want
        awk -v n="$number" '/^END-OF-MESSAGE$/{i++; next} i==n-1' fetched | sed '1,/^$/d' | tr -d '\r' | cmp - want
    done
    [ "$(exit_status run $way.rc --keep)" -eq 1 ]
    [ "$(grep -c END-OF-MESSAGE fetched)" -eq 2 ]
    grep -q 'SSL/TLS: using protocol TLSv1\.[23]' fetchmail.log
    mv fetchmail.log $way.log
done
grep -q '^fetchmail: POP3> STLS' stls.log
[ "$(messages ada)" -eq 2 ]

sed "s/$ADA_PASSWORD/wrong/" pop3s.rc >wrong.rc
[ "$(exit_status run wrong.rc)" -eq 3 ]
sed 's/sslcertfile "[^"]*"//' pop3s.rc >distrust.rc
[ "$(exit_status run distrust.rc)" -eq 2 ]

# The whole round: fetched by POP3 and delivered by SMTP, then gone here.
sed "s/^ *mda .*/    is \"grace@$DOMAIN\" here smtphost \"127.0.0.1\/$SMTP\" no rewrite/" pop3s.rc >forward.rc
sed -i 's/uidl service/service/' forward.rc
[ "$(exit_status run forward.rc --fetchall --nokeep --limit 0)" -eq 0 ]
[ "$(messages ada)" -eq 0 ]
[ "$(messages grace)" -eq 2 ]
curl -sS "pop3://$HOST:$POP3/2" -u "grace:$GRACE_PASSWORD" >got.eml
cmp <(body got.eml) <(body sent-2.eml)
