#!/usr/bin/env bash
# Submission asks for a login: PLAIN and LOGIN open it over STARTTLS and implicit TLS, a wrong password does not.
# needs: swaks libnet-ssleay-perl libauthen-sasl-perl
set -euo pipefail
. "$INTEROP/functions.sh"

letter 'From swaks' ada >sent.eml
head -c -2 sent.eml >given.eml # swaks adds the last line end
send() {
    swaks --helo client.example --from "ada@$DOMAIN" --to "grace@$DOMAIN" --data @given.eml \
        --tls-verify --tls-ca-path "$CA" "$@"
}

for user in ada "ada@$DOMAIN"; do
    for mechanism in PLAIN LOGIN; do
        login=(--auth "$mechanism" --auth-user "$user" --auth-password "$ADA_PASSWORD")
        for way in "--server $HOST:$SUBMISSION --tls" "--server $HOST:$SMTPS --tls-on-connect"; do
            send $way "${login[@]}" >dialogue
            grep -E '^<~  235 2\.7\.0 ' dialogue # RFC 4954 §6
            only_message grace >got.eml
            arrived sent.eml got.eml
            empty_mailbox grace
        done
    done
done

# RFC 6409 §4.3, RFC 4954 §6: without a login, 530 5.7.0.
status=0
send --server "$HOST:$SUBMISSION" --tls >dialogue || status=$?
[ "$status" -ne 0 ]
grep -E '^<~\* 530 5\.7\.0 ' dialogue

# RFC 4954 §6: a wrong password, 535 5.7.8; a name that is not there gets the same answer, word for word.
for user in ada nobody; do
    status=0
    send --server "$HOST:$SUBMISSION" --tls --auth PLAIN --auth-user "$user" --auth-password wrong >dialogue || status=$?
    [ "$status" -eq 28 ]
    grep -E '^<~\* 535 5\.7\.8 ' dialogue | tee "refusal-$user"
done
cmp refusal-ada refusal-nobody
[ "$(messages grace)" -eq 0 ]
