#!/usr/bin/env bash
# portolan alias and portolan domain: mail follows them at once, to every target once, and stops when they are removed. An
# alias that leads to a shared mailbox is a list: who may read it does.
# needs: curl
set -euo pipefail
. "$INTEROP/functions.sh"

letter 'To all' >sent.eml
deliver() { curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "$1" -T sent.eml; }
# curl gives back 55 for a refused recipient and shows the reply with -v.
refused() { # refused ADDRESS REPLY
    local status=0
    curl -sv "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "$1" -T sent.eml 2>dialogue || status=$?
    [ "$status" -eq 55 ]
    grep "^< $2" dialogue
}
arrives_at() {
    local name
    for name; do
        only_message "$name" >got.eml
        arrived sent.eml got.eml
        empty_mailbox "$name"
    done
}

portolan alias add "crew@$DOMAIN" "ada@$DOMAIN" "grace@$DOMAIN"
portolan alias list | tee aliases
for word in "crew@$DOMAIN" "ada@$DOMAIN" "grace@$DOMAIN"; do grep -qF "$word" aliases; done
deliver "crew@$DOMAIN"
arrives_at ada grace
deliver "Crew@${DOMAIN^^}"
arrives_at ada grace

# An alias of an alias, and one that reaches the same reader on two ways.
portolan alias add "everyone@$DOMAIN" "crew@$DOMAIN" "ada@$DOMAIN"
deliver "everyone@$DOMAIN"
arrives_at ada grace

# A list that is kept in a mailbox which others share.
ask_imap() { curl -sS -u "$1:$(password "$1")" "imap://$HOST:$IMAP/$2" "${@:3}"; }
must_fail portolan alias add plans ada/Plans
ask_imap ada '' -X 'CREATE Plans'
portolan mailbox share ada Plans grace lrs
echo "$ADA_PASSWORD" | portolan account add linus --password-stdin
curl -sS -u "linus:$ADA_PASSWORD" "imap://$HOST:$IMAP" -X 'CREATE Plans' # of the same name, and somebody else's
portolan mailbox share linus Plans grace lr
[ "$(ask_imap grace '' -X 'LIST "" "Shared/*"' | grep -cE '"?Shared/(ada|linus)/Plans"?')" -eq 2 ]
portolan account remove linus --yes
portolan alias add plans ada/Plans
portolan alias list | grep -F ada/Plans
deliver "plans@$DOMAIN"
[ "$(messages ada)" -eq 0 ]
ask_imap grace 'Shared/ada/Plans;MAILINDEX=1' >got.eml
arrived sent.eml got.eml
ask_imap ada '' -X 'DELETE Plans'
deliver "plans@$DOMAIN" # rather in the inbox than nowhere
arrives_at ada
portolan alias remove plans

# Not out of the site, and not to nobody.
must_fail portolan alias add "out@$DOMAIN" ada@elsewhere.example
must_fail portolan alias add "lost@$DOMAIN" "nobody@$DOMAIN"
must_fail portolan alias remove "nobody@$DOMAIN"

portolan alias remove "everyone@$DOMAIN"
portolan alias remove "crew@$DOMAIN"
refused "crew@$DOMAIN" '550 5\.1\.1 '
[ "$(portolan alias list | grep -c crew)" -eq 0 ]

# A second domain: its accounts are the same, and when it goes its mail is somebody else's business.
refused ada@second.example '550 5\.7\.1 '
portolan domain add second.example
portolan domain list | tee domains
grep -qw second.example domains
grep -qw "$DOMAIN" domains
deliver ada@second.example
arrives_at ada
curl -sS "pop3://$HOST:$POP3" -I -X NOOP -o /dev/null -u "ada@second.example:$ADA_PASSWORD"
portolan domain remove second.example
refused ada@second.example '550 5\.7\.1 '
must_fail portolan domain remove second.example
must_fail portolan domain add 'not a domain'
