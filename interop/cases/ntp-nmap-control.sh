#!/usr/bin/env bash
# nmap gets the time, and of what it asks in control and private messages (variables, monlist) nothing.
# needs: nmap
set -euo pipefail
. "$INTEROP/functions.sh"

[ "$EUID" = 0 ] || {
    echo "nmap sends datagrams as root only"
    exit 77
}
NTP=$((SMTP - 25 + 123))
for address in 127.0.0.1 ::1; do
    family=()
    [ "$address" = 127.0.0.1 ] || family=(-6)
    nmap "${family[@]}" -n -Pn -sU -p "$NTP" --script +ntp-info,+ntp-monlist "$address" >report
    grep -qE "^$NTP/udp open " report
    grep -q 'receive time stamp: 20' report
    must_fail grep -qiE 'monlist|version:|processor:|system:|stratum:|refid:|Public Servers|Private Servers|Other Associations' report
done
