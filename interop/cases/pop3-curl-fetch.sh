#!/usr/bin/env bash
# curl lists, fetches, tops, names and deletes messages: in clear text, by STLS, by TLS at once, over IPv6.
# needs: curl
set -euo pipefail
. "$INTEROP/functions.sh"

for number in 1 2 3; do
    letter "Message $number" >"sent-$number.eml"
    curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T "sent-$number.eml"
done

# LIST, UIDL, STAT, TOP, RETR; the size in the list is the size of what RETR sends (RFC 1939 §11).
for server in "pop3://127.0.0.1:$POP3" "pop3://[::1]:$POP3"; do
    curl -sS "$server" -u "ada:$ADA_PASSWORD" | tr -d '\r' >list
    [ "$(cut -d ' ' -f 1 list | paste -sd ' ')" = '1 2 3' ]
    for number in 1 2 3; do
        curl -sS "$server/$number" -u "ada:$ADA_PASSWORD" >got.eml
        arrived "sent-$number.eml" got.eml
        [ "$(sed -n "s/^$number //p" list)" -eq "$(stat -c %s got.eml)" ]
    done
done
curl -sS "pop3://$HOST:$POP3" -X UIDL -u "ada:$ADA_PASSWORD" | tr -d '\r' >uidl
[ "$(grep -cE '^[123] [!-~]{1,70}$' uidl)" -eq 3 ]
[ "$(cut -d ' ' -f 2 uidl | sort -u | wc -l)" -eq 3 ]
curl -sS "pop3://$HOST:$POP3" -X 'TOP 2 1' -u "ada:$ADA_PASSWORD" | tail -n 3 | tr -d '\r' >top
printf '%s\n' 'Message-ID' '' 'The next lines start with dots.' | diff - <(sed 's/^\(Message-ID\):.*/\1/' top)
curl -sSv "pop3://$HOST:$POP3/2" -l -u "ada:$ADA_PASSWORD" 2>&1 | grep -E "^< \+OK $(sed -n 2p list)"
curl -sSv "pop3://$HOST:$POP3" -I -X NOOP -u "ada:$ADA_PASSWORD" 2>&1 | grep -E '^< \+OK'

# STLS and TLS at once, the certificate checked; the same names for the same messages (RFC 1939 §7).
curl -sS "pop3://$HOST:$POP3/2" --ssl-reqd --cacert "$CA" -u "ada:$ADA_PASSWORD" >got.eml
arrived sent-2.eml got.eml
curl -sS "pop3s://$HOST:$POP3S/3" --cacert "$CA" -u "ada@$DOMAIN:$ADA_PASSWORD" >got.eml
arrived sent-3.eml got.eml
curl -sS "pop3s://$HOST:$POP3S" --cacert "$CA" -X UIDL -u "ada:$ADA_PASSWORD" | tr -d '\r' | diff uidl -

# By SASL (RFC 5034), with the response in the command and after an empty challenge.
curl -sSv "pop3://$HOST:$POP3" --login-options AUTH=PLAIN -u "ada:$ADA_PASSWORD" 2>&1 | grep '^> AUTH PLAIN'
curl -sSv "pop3://$HOST:$POP3" --login-options AUTH=PLAIN --sasl-ir -u "ada:$ADA_PASSWORD" 2>&1 | grep '^> AUTH PLAIN [A-Za-z0-9+/=]*'

# A deletion counts once the session is left by QUIT, and renumbers nothing else's name.
curl -sS "pop3://$HOST:$POP3/2" -I -X DELE -u "ada:$ADA_PASSWORD" -o /dev/null
curl -sS "pop3://$HOST:$POP3" -X UIDL -u "ada:$ADA_PASSWORD" | tr -d '\r' | cut -d ' ' -f 2 | diff <(sed -n 's/^[13] //p' uidl) -

# curl gives back 67 for a refused login and 60 for an authority it does not know.
exit_status() {
    local status=0
    "$@" || status=$?
    echo "$status"
}
[ "$(exit_status curl -sv "pop3://$HOST:$POP3" -u ada:wrong 2>refusal)" -eq 67 ]
grep -E '^< -ERR \[AUTH\]' refusal # RFC 3206
[ "$(exit_status curl -s "pop3s://$HOST:$POP3S" -u "ada:$ADA_PASSWORD" -o /dev/null)" -eq 60 ]
[ "$(exit_status curl -s "pop3://$HOST:$POP3/17" -u "ada:$ADA_PASSWORD" -o /dev/null)" -ne 0 ]
