#!/usr/bin/env bash
# chronyd -Q: chrony's own judgement of the replies. It accepts a clock that the settings vouch for, several samples of
# it, and finds no source in one that nobody keeps. It sets nothing.
# needs: chrony iproute2
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

chronyd=$REPOSITORY/build/interop/chrony/usr/sbin/chronyd
query() { "$chronyd" -Q -t "$1" -f /dev/null -u root "pidfile $WORK/chronyd.pid" "server 192.0.2.1 iburst maxsamples $2" 2>&1 | tee reply; }

trap 'stop_site || true' EXIT
serve_own_network '[ntp]' 'local_stratum = 10'
for samples in 1 4; do
    query 30 $samples
    grep -E ' System clock wrong by -?0\.0[0-9]+ seconds \(ignored\)$' reply
done

# Version 3, and a client that says who it is by a symmetric key it never agreed on: no answer to the latter.
query 30 '1 version 3'
grep ' System clock wrong by ' reply
echo '7 MD5 HEX:0123456789abcdef0123456789abcdef' >keys
must_fail "$chronyd" -Q -t 4 -f /dev/null -u root "pidfile $WORK/chronyd.pid" "keyfile $WORK/keys" \
    'server 192.0.2.1 iburst maxsamples 1 key 7' >reply 2>&1
grep 'Timeout reached' reply

serve_own_network
if portolan time | grep 'must not be believed'; then
    must_fail query 5 1
    grep 'Timeout reached' reply
fi
