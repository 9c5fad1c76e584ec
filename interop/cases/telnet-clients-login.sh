#!/usr/bin/env bash
# PuTTY's plink and busybox's telnet: logged in by a password, a verb, and out.
# needs: putty-tools busybox expect
set -euo pipefail
. "$INTEROP/functions.sh"

cat >telnet.exp <<'EXPECT'
set timeout 20
set env(TERM) vt100
proc wait_for {what} { expect $what {} timeout { puts "\nNOT SEEN: $what"; exit 1 } eof { puts "\nEND BEFORE: $what"; exit 1 } }
foreach client {{plink -telnet -P $env(TELNET) 127.0.0.1} {busybox telnet 127.0.0.1 $env(TELNET)}} {
    eval spawn $client
    wait_for "login: "
    send "grace\r"
    wait_for "Password: "
    send "$env(GRACE_PASSWORD)\r"
    wait_for "You are grace"
    wait_for "> "
    send "version\r"
    wait_for "Portolan "
    wait_for "> "
    send "not this\x03"
    wait_for "> "
    send "exit\r"
    expect eof
}
EXPECT
expect telnet.exp
