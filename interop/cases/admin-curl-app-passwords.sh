#!/usr/bin/env bash
# A password for one program opens mail and files, however it is typed, and no console; one for a service opens no other;
# removed, it opens nothing. msmtp logs in with it once it is told to use PLAIN.
# needs: curl openssh-client msmtp
set -euo pipefail
. "$INTEROP/functions.sh"

# opens SERVICE WORD: may ada's WORD come in there? curl gives back 67 for a refused log-in.
opens() {
    local at
    case $1 in
    imap) at=("imap://$HOST:$IMAP/" -X 'STATUS INBOX (MESSAGES)') ;;
    pop3) at=("pop3://$HOST:$POP3/" -I -X NOOP) ;;
    smtp) at=("smtp://$HOST:$SUBMISSION/" -X NOOP) ;;
    ftp) at=("ftp://$HOST:$FTP/" -l) ;;
    esac
    curl -sS --ssl-reqd --cacert "$CA" --max-time 60 -o /dev/null -u "ada:$2" "${at[@]}"
}
refused() {
    local status=0
    opens "$@" || status=$?
    [ "$status" -eq 67 ]
}

word=$(portolan account app-password add ada telephone)
[[ $word =~ ^([a-z2-9]{4}-){4}[a-z2-9]{4}$ ]]
typed=$(tr -d - <<<"${word^^}")
for service in imap pop3 smtp ftp; do
    opens "$service" "$word"
    opens "$service" "$typed"
    opens "$service" "${word//-/ }"
    opens "$service" "$ADA_PASSWORD"
done
portolan account app-password list ada | grep -E "^telephone +ftp, imap, pop3, smtp +.* $(date -u +%Y-%m)"
portolan events --last 20 | grep -E 'LOGGED_IN +imap .* app password telephone'

# A console does not take it, and is where one sees to one's own.
printf '#!/bin/sh\necho "$ANSWER"\n' >askpass
chmod +x askpass
portolan ssh hostkeys --known-hosts >known_hosts
at_console() { # ANSWER WORDS…
    local answer=$1
    shift
    ANSWER=$answer SSH_ASKPASS=./askpass SSH_ASKPASS_REQUIRE=force ssh -F none -p "$SSH" -o UserKnownHostsFile=known_hosts \
        -o PubkeyAuthentication=no -o PreferredAuthentications=password -o NumberOfPasswordPrompts=1 "ada@$HOST" "$@"
}
must_fail at_console "$word" version
at_console "$ADA_PASSWORD" version | grep '^Portolan'
post=$(at_console "$ADA_PASSWORD" account app-password add ada "'the post'" --service imap --service smtp)
at_console "$ADA_PASSWORD" account app-password list ada --json | grep '"the post"'
must_fail at_console "$ADA_PASSWORD" account app-password list admin

# Of some services.
opens imap "$post"
opens smtp "$post"
refused pop3 "$post"

# Programs that prefer SCRAM, which knows the account's own password alone, are told to use PLAIN.
letter 'By an app password' ada >sent.eml
cat >msmtprc <<RC
defaults
host $HOST
port $SUBMISSION
user ada
password $post
from ada@$DOMAIN
tls on
tls_trust_file $CA
account plain
auth plain
account scram
auth scram-sha-256
RC
chmod 600 msmtprc
msmtp --file=msmtprc --account=plain "grace@$DOMAIN" <sent.eml
must_fail msmtp --file=msmtprc --account=scram "grace@$DOMAIN" <sent.eml
[ "$(messages grace)" -eq 1 ]

# Gone.
at_console "$ADA_PASSWORD" account app-password remove ada "'the post'"
refused imap "$post"
portolan account app-password remove ada telephone
refused ftp "$word"
opens imap "$ADA_PASSWORD"
[ "$(portolan account app-password list ada --json | tr -d ' \n')" = '[]' ]
