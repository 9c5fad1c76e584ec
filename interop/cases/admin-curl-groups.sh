#!/usr/bin/env bash
# A rule for a group decides after the log-in: who is of the group comes in from there, who is not hears so in the
# protocol's own words, an event tells of it, and who joins is in from the next log-in on.
# needs: curl iproute2
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
serve_own_network
sed -i 's|^rules = .*|rules = ["allow imap, ftp from 198.18.7.0/24 for crew", "deny imap, ftp from 198.18.7.0/24", "allow all from any"]|' "$WORK/portolan.toml"
portolan reload | grep 'rule "allow imap, ftp from 198.18.7.0/24 for crew": new'
for name in ada grace; do password $name | portolan account add $name --password-stdin; done

{ portolan audit || [ $? -eq 3 ]; } | grep "the group crew, which is not there"
portolan account group add crew
portolan account group join crew ada
{ portolan audit --json || [ $? -eq 3 ]; } >audit.json
must_fail grep "is not there" audit.json

# imap FROM NAME [OPTION], ftp FROM NAME [OPTION]
fetch() { curl -sS --max-time 30 --interface "$1" --cacert "$DATA/ca.pem" -u "$2:$(password "$2")" "${@:3}"; }
imap() { fetch "$@" imaps://192.0.2.1/; }
ftp() { fetch "$@" ftps://192.0.2.1/; }
for protocol in imap ftp; do
    $protocol 198.18.7.1 ada
    must_fail $protocol 198.18.7.1 grace
    $protocol 198.18.8.1 grace # the rule is about that network alone
done
imap 198.18.7.1 grace -v 2>said || true
grep -i 'the firewall does not admit this account from there' said
portolan events --kind refused | grep -F 198.18.7.1 | grep grace | grep 'by rule 2 of the firewall'
portolan firewall try 198.18.7.1 imaps --account grace | grep 'may not'
portolan firewall try 198.18.7.1 imaps --account ada | grep 'may reach'

portolan account group join crew grace
imap 198.18.7.1 grace
portolan account group leave crew ada
must_fail ftp 198.18.7.1 ada
portolan account group list --json | /usr/bin/python3 -m json.tool >/dev/null
