#!/usr/bin/env bash
# ntpdig, NTPsec's client, which only speaks to port 123: it takes the time from a clock that the settings vouch for, and
# refuses a clock that nobody keeps, because the reply says so.
# needs: ntpsec-ntpdig iproute2 python3
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
serve_own_network '[ntp]' 'local_stratum = 10'
ntpdig 192.0.2.1 >reply
grep -E '^20[0-9-]+ [0-9:.]+ \(\+0000\) [+-]0\.0[0-9]+ \+/- 0\.[0-9]+ 192\.0\.2\.1 s10 no-leap$' reply
ntpdig -j 192.0.2.1 | /usr/bin/python3 -c '
import json, sys
reply = json.load(sys.stdin)
assert abs(reply["offset"]) < 0.1, reply
assert reply["stratum"] == 10 and reply["leap"] == "no-leap", reply
assert 0 < reply["precision"] < 0.1, reply # the half of the round trip and the root dispersion, says ntpdig
'

# A machine whose clock is kept may serve it without being told to.
serve_own_network
if portolan time | grep 'must not be believed'; then
    must_fail ntpdig 192.0.2.1 >reply 2>&1
    grep -q 'no eligible servers' reply
fi
