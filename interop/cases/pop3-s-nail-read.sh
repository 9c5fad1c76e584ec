#!/usr/bin/env bash
# s-nail (mailx) opens a mailbox over TLS and by STLS, lists it, prints a message, deletes another.
# needs: s-nail
set -euo pipefail
. "$INTEROP/functions.sh"

for number in 1 2; do
    letter "Message $number" >"sent-$number.eml"
    curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T "sent-$number.eml"
done

read_mail() { # read_mail URL [SETTING...], commands on standard input
    local url=$1 setting settings=()
    shift
    for setting; do settings+=(-S "$setting"); done
    s-nail -:/ -S v15-compat -S tls-ca-file="$CA" -S tls-ca-no-defaults -S tls-verify=strict -S crt=999 \
        "${settings[@]}" -R -f "$url" 2>&1
}
read_mail "pop3s://ada:$ADA_PASSWORD@$HOST:$POP3S" <<<$'headers *\nwrite 2 message-2\nexit' | tee listing
grep -q 'Message 1' listing
grep -q 'Message 2' listing
[ "$(cat message-2)" = "$(body sent-2.eml | tr -d '\r')" ]

read_mail "pop3://ada:$ADA_PASSWORD@$HOST:$POP3" pop3-use-starttls <<<$'headers *\nexit' | tee listing
grep -q 'Message 1' listing

read_mail "pop3s://ada:wrong@$HOST:$POP3S" <<<'exit' | tee listing || true
grep -q '\[AUTH\]' listing

s-nail -:/ -S v15-compat -S tls-ca-file="$CA" -S tls-ca-no-defaults -S tls-verify=strict \
    -f "pop3s://ada:$ADA_PASSWORD@$HOST:$POP3S" <<<$'delete 1\nquit'
only_message ada >got.eml
arrived sent-2.eml got.eml
