#!/usr/bin/env bash
# fetchmail fetches from a mailbox over STARTTLS and TLS with strict checks, keeps or deletes as told.
# needs: fetchmail
set -euo pipefail
. "$INTEROP/functions.sh"

for number in 1 2; do
    letter "Message $number" >"sent-$number.eml"
    curl -sS -u "ada:$ADA_PASSWORD" "imap://$HOST:$IMAP/INBOX" -T "sent-$number.eml"
done
umask 077
mkdir -p no-other-authorities
settings() { # settings PORT OPTION
    cat <<RC
poll $HOST service $1 protocol IMAP
    user "ada" password "$ADA_PASSWORD"
    sslcertck sslcertfile "$CA" sslcertpath "$WORK/no-other-authorities"
    mda "cat >>fetched; echo END-OF-MESSAGE >>fetched"
    $2
RC
}
run() { fetchmail --fetchmailrc "$1" --pidfile "$WORK/fetchmail.pid" --nosyslog -v "${@:2}" >>fetchmail.log 2>&1; }
settings "$IMAP" "sslproto 'TLS1.2+'" >starttls.rc
settings "$IMAPS" ssl >imaps.rc
: >fetched
run starttls.rc --keep --fetchall
[ "$(grep -c END-OF-MESSAGE fetched)" -eq 2 ]
: >fetched
run imaps.rc --nokeep --fetchall
[ "$(grep -c END-OF-MESSAGE fetched)" -eq 2 ]
grep -q 'IMAP> .* STARTTLS' fetchmail.log
[ "$(messages ada)" -eq 0 ]
