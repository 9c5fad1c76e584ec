#!/usr/bin/env bash
# telnet at a terminal: a wrong password, the right one, a verb, and out.
# needs: inetutils-telnet expect
set -euo pipefail
. "$INTEROP/functions.sh"

cat >telnet.exp <<'EXPECT'
set timeout 20
proc wait_for {what} { expect $what {} timeout { puts "\nNOT SEEN: $what"; exit 1 } eof { puts "\nEND BEFORE: $what"; exit 1 } }
spawn inetutils-telnet 127.0.0.1 $env(TELNET)
wait_for "login: "
send "grace\r"
wait_for "Password: "
send "not this one\r"
wait_for "That is not right."
wait_for "login: "
send "grace\r"
wait_for "Password: "
send "$env(GRACE_PASSWORD)\r"
wait_for "You are grace"
wait_for "> "
send "version\r"
wait_for "Portolan "
wait_for "> "
send "exit\r"
expect eof
EXPECT
expect telnet.exp
