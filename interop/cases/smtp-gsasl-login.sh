#!/usr/bin/env bash
# GNU SASL logs in at submission by each mechanism; with SCRAM-SHA-256 it also checks that the server knew the password.
# needs: gsasl
set -euo pipefail
. "$INTEROP/functions.sh"

log_in() { # log_in MECHANISM PASSWORD [OPTION...]
    gsasl --smtp --connect "$HOST:$SUBMISSION" --mechanism "$1" --authentication-id ada --password "$2" "${@:3}" \
        </dev/null >dialogue 2>&1
}
for mechanism in PLAIN LOGIN SCRAM-SHA-256; do
    # --no-cb: without it this client wants to bind SCRAM to TLS 1.3 in a way that TLS 1.3 has not got.
    for way in --no-starttls "--no-cb --x509-ca-file=$CA"; do
        log_in "$mechanism" "$ADA_PASSWORD" $way || { cat dialogue; exit 1; }
        grep -qE '^235 2\.7\.0 ' dialogue
        [ "$mechanism" != SCRAM-SHA-256 ] || grep -q 'server trusted' dialogue
        [ "$way" = --no-starttls ] || grep -q 'The certificate is trusted' dialogue
        must_fail log_in "$mechanism" wrong $way
        grep -qE '^535 5\.7\.8 ' dialogue
    done
done
