#!/usr/bin/env bash
# Cyrus's pop3test logs in by each mechanism of its SASL library and by USER and PASS, over STLS and over TLS at once.
# needs: cyrus-clients
set -euo pipefail
. "$INTEROP/functions.sh"

cyrus=$REPOSITORY/build/interop/cyrus/usr/lib
LD_LIBRARY_PATH=$(echo "$cyrus"/*-linux-gnu)
export LD_LIBRARY_PATH

for mechanism in PLAIN SCRAM-SHA-256 user; do
    echo QUIT | "$cyrus/cyrus/bin/pop3test" -p "$POP3" -t '' -m "$mechanism" -a ada -u ada -w "$ADA_PASSWORD" "$HOST" | tee dialogue
    grep -q '^TLS connection established: TLSv1\.[23]' dialogue
    grep -q '^Authenticated\.' dialogue

    echo QUIT | "$cyrus/cyrus/bin/pop3test" -p "$POP3S" -s -m "$mechanism" -a ada -u ada -w "$ADA_PASSWORD" "$HOST" | tee dialogue
    grep -q '^TLS connection established: TLSv1\.[23]' dialogue
    grep -q '^Authenticated\.' dialogue

    echo QUIT | "$cyrus/cyrus/bin/pop3test" -p "$POP3S" -s -m "$mechanism" -a ada -u ada -w wrong "$HOST" | tee dialogue
    grep -q '^S: -ERR \[AUTH\]' dialogue
    grep -q '^Authentication failed\.' dialogue
done
