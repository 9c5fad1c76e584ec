#!/usr/bin/env bash
# busybox ntpd, which small devices have: with -w it only asks. It sees stratum and offset of a clock that the settings
# vouch for, and says "unsynced" of one that nobody keeps.
# needs: busybox-ntpd iproute2
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

client=
finish() {
    [ -z "$client" ] || { kill "$client"; wait "$client" || true; }
    stop_site || true
}
trap finish EXIT
watch() {
    [ -z "$client" ] || { kill "$client"; wait "$client" || true; }
    "$REPOSITORY/build/interop/busybox/ntpd" -n -d -d -w -p 192.0.2.1 >"$1" 2>&1 &
    client=$!
}

serve_own_network '[ntp]' 'local_stratum = 10'
watch reply
eventually grep -E 'reply from 192\.0\.2\.1: offset:[+-]0\.[0-9]+ delay:0\.[0-9]+ status:0x24 strat:10 .* reach:0x[0-9a-f]{2}$' reply

serve_own_network
if portolan time | grep 'must not be believed'; then
    watch refused
    eventually grep 'reply from 192\.0\.2\.1: peer is unsynced' refused
fi
