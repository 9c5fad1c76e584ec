#!/usr/bin/env bash
# nmap's sixteen spellings of "please relay this" are all refused.
# needs: nmap
set -euo pipefail
. "$INTEROP/functions.sh"

nmap -Pn -n -p "$SMTP" --script +smtp-open-relay --script-args smtp-open-relay.ip=127.0.0.1 127.0.0.1 | tee report
grep -q "Server doesn't seem to be an open relay, all tests failed" report
