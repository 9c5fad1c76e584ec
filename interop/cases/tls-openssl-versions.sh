#!/usr/bin/env bash
# Every port that speaks TLS takes 1.2 and 1.3 with a certificate that the site's CA vouches for, and nothing older.
# needs: openssl
set -euo pipefail
. "$INTEROP/functions.sh"

# s_client [OPTION...]: shakes hands and hangs up; a certificate that does not fit the name is a failure.
handshake() {
    openssl s_client -connect "$HOST:$1" -CAfile "$CA" -verify_return_error -verify_hostname "$DOMAIN" -brief "${@:2}" </dev/null >handshake 2>&1
}
for door in "$SMTP -starttls smtp" "$SUBMISSION -starttls smtp" "$SMTPS" "$POP3 -starttls pop3" "$POP3S"; do
    handshake $door -tls1_2
    grep -q '^Protocol version: TLSv1\.2$' handshake
    grep -qE '^Ciphersuite: ECDHE-' handshake
    handshake $door -tls1_3
    grep -q '^Protocol version: TLSv1\.3$' handshake
    grep -q '^Verification: OK$' handshake
    grep -q "^Verified peername: $DOMAIN\$" handshake

    # SECLEVEL=0 makes the client itself willing, so that the refusal is the server's.
    must_fail handshake $door -tls1_1 -cipher 'ALL:@SECLEVEL=0'
    grep -qi 'alert protocol version' handshake
    must_fail handshake $door -tls1 -cipher 'ALL:@SECLEVEL=0'
    must_fail handshake $door -tls1_2 -cipher 'RC4:3DES:aNULL:eNULL:@SECLEVEL=0'

    # The name that the client asks for is a name the certificate must have.
    for name in "$DOMAIN" localhost; do
        handshake $door -servername "$name" -verify_hostname "$name"
    done
    must_fail handshake $door -verify_hostname other.example
done
