#!/usr/bin/env bash
# nmap finds no TLS version and no cipher suite on the TLS ports that it would mark worse than A.
# needs: nmap
set -euo pipefail
. "$INTEROP/functions.sh"

nmap -Pn -n -p "$SMTPS,$POP3S" --script +ssl-enum-ciphers 127.0.0.1 | tee report
[ "$(grep -c 'least strength: A$' report)" -eq 2 ]
[ "$(grep -c 'TLSv1\.3:' report)" -eq 2 ]
[ "$(grep -c 'TLSv1\.2:' report)" -eq 2 ]
[ "$(grep -cE 'TLSv1\.[01]:|SSLv' report)" -eq 0 ]
