#!/usr/bin/env bash
# inetutils' telnet, PuTTY's plink and busybox's telnet: a wrong password, the right one, a verb, a line thrown away, and out.
# needs: inetutils-telnet putty-tools busybox expect
set -euo pipefail
. "$INTEROP/functions.sh"

cat >telnet.exp <<'EXPECT'
set timeout 20
set env(TERM) vt100
proc wait_for {what} { expect $what {} timeout { puts "\nNOT SEEN: $what"; exit 1 } eof { puts "\nEND BEFORE: $what"; exit 1 } }
proc log_in {password} {
    wait_for "login: "
    send "grace\r"
    wait_for "Password: "
    send "$password\r"
}
set clients [list "inetutils-telnet 127.0.0.1 $env(TELNET)" "plink -telnet -P $env(TELNET) 127.0.0.1" "busybox telnet 127.0.0.1 $env(TELNET)"]
foreach client $clients {
    eval spawn $client
    if {[string match inetutils* $client]} {
        log_in "not this one"
        wait_for "That is not right."
    }
    log_in $env(GRACE_PASSWORD)
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
