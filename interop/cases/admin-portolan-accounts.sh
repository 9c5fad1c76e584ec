#!/usr/bin/env bash
# portolan account: a new account logs in at once, so does a new password and the old one no longer; a removed account
# neither logs in nor gets mail; wrong names are told so and change nothing.
# needs: curl
set -euo pipefail
. "$INTEROP/functions.sh"

# Status 0 if NAME can log in with PASSWORD, at both services; 67 is curl's word for a refused login.
logs_in() {
    curl -sS "pop3://$HOST:$POP3" -I -X NOOP -o /dev/null -u "$1:$2" &&
        curl -sS "smtp://$HOST:$SUBMISSION" -X NOOP -o /dev/null -u "$1:$2"
}
refused() {
    local status=0
    curl -sS "pop3://$HOST:$POP3" -I -X NOOP -o /dev/null -u "$1:$2" || status=$?
    [ "$status" -eq 67 ]
    status=0
    curl -sS "smtp://$HOST:$SUBMISSION" -X NOOP -o /dev/null -u "$1:$2" || status=$?
    [ "$status" -eq 67 ]
}
exit_status() {
    local status=0
    "$@" || status=$?
    echo "$status"
}

echo 'first word' | portolan account add mary --password-stdin
portolan account list | tee accounts
for name in admin ada grace mary; do grep -qw "$name" accounts; done
logs_in mary 'first word'
logs_in "mary@$DOMAIN" 'first word'
letter 'Welcome' >sent.eml
curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "mary@$DOMAIN" -T sent.eml
MARY_PASSWORD='first word' only_message mary >got.eml
arrived sent.eml got.eml

# Any password will do, in any script.
echo 'zweites Wörtchen: €"\' | portolan account passwd mary --password-stdin
logs_in mary 'zweites Wörtchen: €"\'
refused mary 'first word'

# --random prints the password and nothing else.
word=$(portolan account passwd mary --random)
[[ $word =~ ^[!-~]{12,}$ ]]
logs_in mary "$word"
refused mary 'zweites Wörtchen: €"\'

portolan account list --json | tee accounts.json
grep -q '"mary"' accounts.json

# 1: it cannot be done; 2: that is not how the command is written. Both say why on standard error.
for wrong in 'add mary --password-stdin' 'add no@where@all --password-stdin' 'add ../etc --password-stdin' \
    'passwd nobody --password-stdin' 'remove nobody'; do
    [ "$(echo 'good enough' | exit_status portolan account $wrong 2>complaint)" -eq 1 ]
    [ -s complaint ]
    [ "$(grep -c '^[[:space:]]*at ' complaint)" -eq 0 ] # no stack trace
done
[ "$(exit_status portolan account add nina --password-stdin </dev/null 2>complaint)" -eq 1 ] # no password at all
[ "$(echo short | exit_status portolan account add nina --password-stdin 2>complaint)" -eq 1 ]
[ "$(portolan account list | grep -cw nina)" -eq 0 ]
[ "$(exit_status portolan account frobnicate 2>complaint)" -eq 2 ]
[ "$(exit_status portolan account add 2>complaint)" -eq 2 ]
grep -qi usage complaint
logs_in mary "$word"

# Mail is not thrown away by mistake; after that, and only then, all is gone.
[ "$(exit_status portolan account remove mary 2>complaint)" -eq 1 ]
grep -q -- --yes complaint
logs_in mary "$word"
portolan account remove mary --yes
refused mary "$word"
[ "$(portolan account list | grep -cw mary)" -eq 0 ]
status=0
curl -s "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "mary@$DOMAIN" -T sent.eml || status=$?
[ "$status" -eq 55 ]

# A name that comes back finds an empty mailbox, not the old one.
echo 'another mary' | portolan account add mary --password-stdin
[ "$(MARY_PASSWORD='another mary' messages mary)" -eq 0 ]
portolan account remove mary
