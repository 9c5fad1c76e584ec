#!/usr/bin/env bash
# s-nail (mailx) submits a message with an attachment over implicit TLS and over STARTTLS.
# needs: s-nail python3
set -euo pipefail
. "$INTEROP/functions.sh"

export LC_ALL=C.UTF-8
head -c 20000 /dev/urandom >attached.bin
send() { # send SUBJECT MTA [SETTING...]
    local subject=$1 mta=$2 setting settings=()
    shift 2
    for setting; do settings+=(-S "$setting"); done
    echo 'A short text; ümlauts too.' | s-nail -:/ -S v15-compat -S from="ada@$DOMAIN" -S hostname=client.example \
        -S mta="$mta" -S smtp-auth=plain -S tls-ca-file="$CA" -S tls-ca-no-defaults -S tls-verify=strict \
        "${settings[@]}" -s "$subject" -a attached.bin "grace@$DOMAIN"
}
send 'Over TLS' "smtps://ada:$ADA_PASSWORD@$HOST:$SMTPS"
send 'Over STARTTLS' "submission://ada:$ADA_PASSWORD@$HOST:$SUBMISSION" smtp-use-starttls

for number in 1 2; do
    curl -sS "pop3://$HOST:$POP3/$number" -u "grace:$GRACE_PASSWORD" >got.eml
    /usr/bin/python3 - got.eml <<'PYTHON'
import email, email.policy, sys
message = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
assert message["Subject"] in ("Over TLS", "Over STARTTLS"), message["Subject"]
assert message.get_body().get_content() == "A short text; ümlauts too.\n", message.get_body().get_content()
[attachment] = message.iter_attachments()
assert attachment.get_content() == open("attached.bin", "rb").read()
PYTHON
done
[ "$(messages grace)" -eq 2 ]

must_fail send 'Wrong password' "smtps://ada:wrong@$HOST:$SMTPS"
[ "$(messages grace)" -eq 2 ]
