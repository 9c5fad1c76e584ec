#!/usr/bin/env bash
# ntpdate -q and sntp, the old names under which people ask for the time.
# needs: ntpsec-ntpdate sntp iproute2
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
serve_own_network '[ntp]' 'local_stratum = 3'
for client in 'ntpdate -q' sntp; do
    $client 192.0.2.1 | tee reply
    grep -E '^20[0-9-]+ [0-9:.]+ \(\+0000\) [+-]0\.0[0-9]+ \+/- 0\.[0-9]+ 192\.0\.2\.1 s3 no-leap$' reply
done
