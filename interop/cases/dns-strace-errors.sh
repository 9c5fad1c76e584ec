#!/usr/bin/env bash
# What the system may answer to recvmmsg and sendmmsg costs some datagrams at the most: the client that asks again is
# answered, what could not be sent is counted, and the process lives.
# needs: strace bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
start_site "$WORK"
trap 'stop_site || true' EXIT
DNS=$((SITE_OFFSET + 53))
ask() { dig @127.0.0.1 -p "$DNS" "$DOMAIN" SOA +tries=40 +timeout=1 +short; }
[ -n "$(ask)" ]

# with_error CALL ERROR WHEN: asks twenty times while CALL fails with ERROR as often as strace's WHEN says.
with_error() {
    ask_often() { for _ in {1..20}; do [ -n "$(ask)" ] || return 1; done; }
    under_strace -e "trace=$1" -e "inject=$1:error=$2:when=$3" -- ask_often
    grep -c INJECTED trace
}
for error in ENOMEM ENOBUFS EINTR EAGAIN ECONNREFUSED EIO; do
    with_error recvmmsg "$error" 1..4+2
done
for error in ENOBUFS EAGAIN EPERM ENETUNREACH EINTR EIO; do
    with_error sendmmsg "$error" 1..4+2
done
[ -n "$(ask)" ]
portolan metrics | grep -E '^portolan_datagrams_lost_total\{.*why="not_sent"\} [1-9]'
grep -c 'cannot receive' serve.err
must_fail grep -E 'Exception|our_fault' serve.err
