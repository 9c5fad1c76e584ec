#!/usr/bin/env bash
# Cyrus's imtest logs in by each mechanism of its SASL library and by LOGIN, over STARTTLS and over TLS at once.
# needs: cyrus-clients
set -euo pipefail
. "$INTEROP/functions.sh"

cyrus=$REPOSITORY/build/interop/cyrus/usr/lib
LD_LIBRARY_PATH=$(echo "$cyrus"/*-linux-gnu)
export LD_LIBRARY_PATH

log_in() { # log_in PASSWORD OPTION...
    printf 'q LOGOUT\r\n' | "$cyrus/cyrus/bin/imtest" -a ada -u ada -w "$1" "${@:2}" "$HOST" | tee dialogue
    grep -q '^TLS connection established: TLSv1\.[23]' dialogue
}
for mechanism in PLAIN SCRAM-SHA-256 login; do
    log_in "$ADA_PASSWORD" -p "$IMAP" -t '' -m "$mechanism"
    grep -q '^Authenticated\.' dialogue
    log_in "$ADA_PASSWORD" -p "$IMAPS" -s -m "$mechanism"
    grep -q '^Authenticated\.' dialogue
    log_in wrong -p "$IMAPS" -s -m "$mechanism"
    grep -q 'NO \[AUTHENTICATIONFAILED\]' dialogue
    grep -q '^Authentication failed\.' dialogue
done
