#!/usr/bin/env bash
# Cyrus's smtptest logs in by each mechanism of its SASL library, over STARTTLS and over TLS at once.
# needs: cyrus-clients
set -euo pipefail
. "$INTEROP/functions.sh"

cyrus=$REPOSITORY/build/interop/cyrus/usr/lib
LD_LIBRARY_PATH=$(echo "$cyrus"/*-linux-gnu)
export LD_LIBRARY_PATH

for mechanism in PLAIN LOGIN SCRAM-SHA-256; do
    echo QUIT | "$cyrus/cyrus/bin/smtptest" -p "$SUBMISSION" -t '' -m "$mechanism" -a ada -u ada -w "$ADA_PASSWORD" "$HOST" | tee dialogue
    grep -q '^TLS connection established: TLSv1\.[23]' dialogue
    grep -q '^Authenticated\.' dialogue

    echo QUIT | "$cyrus/cyrus/bin/smtptest" -p "$SMTPS" -s -m "$mechanism" -a ada -u ada -w "$ADA_PASSWORD" "$HOST" | tee dialogue
    grep -q '^TLS connection established: TLSv1\.[23]' dialogue
    grep -q '^Authenticated\.' dialogue

    echo QUIT | "$cyrus/cyrus/bin/smtptest" -p "$SMTPS" -s -m "$mechanism" -a ada -u ada -w wrong "$HOST" | tee dialogue
    grep -q '^S: 535 5\.7\.8 ' dialogue
    grep -q '^Authentication failed\.' dialogue
done
