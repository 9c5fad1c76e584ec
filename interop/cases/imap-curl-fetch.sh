#!/usr/bin/env bash
# curl uploads a message, lists, searches, and fetches it whole and in part, byte for byte; over TLS with the server checked.
# needs: curl
set -euo pipefail
. "$INTEROP/functions.sh"

letter 'By curl' >sent.eml
at() { curl -sS --max-time 20 -u "ada:$ADA_PASSWORD" --cacert "$CA" "$@"; }
at -X 'CREATE Curls' "imap://$HOST:$IMAP/"
at -T sent.eml "imap://$HOST:$IMAP/Curls"
at "imap://$HOST:$IMAP/Curls;MAILINDEX=1" >got.eml
cmp sent.eml got.eml
at --ssl-reqd "imap://$HOST:$IMAP/Curls;UID=1;SECTION=TEXT" >text
cmp text <(body sent.eml)
at "imaps://$HOST:$IMAPS/Curls?SUBJECT%20curl" | grep -q '^\* SEARCH 1'
at "imaps://$HOST:$IMAPS/" | grep -q '^\* LIST .* Curls'
at "imaps://$HOST:$IMAPS/Curls" -X 'FETCH 1 (FLAGS RFC822.SIZE)' | grep -q "FLAGS (\\\\Seen) RFC822.SIZE $(stat -c %s sent.eml)"
must_fail curl -sS "imaps://$HOST:$IMAPS/" -u "ada:$ADA_PASSWORD"
must_fail at -u ada:wrong "imap://$HOST:$IMAP/"
at -X 'DELETE Curls' "imap://$HOST:$IMAP/"
