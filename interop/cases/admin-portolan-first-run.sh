#!/usr/bin/env bash
# What `portolan serve` prints is true: each command of its table, pasted as it stands, works, with the password of the
# first run. On a terminal it prints that password once, and Ctrl-C ends it with status 0.
# needs: expect curl bind9-dnsutils chrony openssh-client inetutils-telnet
set -euo pipefail
. "$INTEROP/functions.sh"
PATH=$REPOSITORY/build/interop/chrony/usr/sbin:$PATH

# paste COMMAND PASSWORD: runs it on a terminal, answers what is asked (for the host's key, the name, the password), leaves
# the console where it comes to one, and passes on its exit status.
paste_it() {
    COMMAND=$1 ANSWER=$2 expect <<'EXPECT'
set timeout 60
spawn bash -c $env(COMMAND)
expect {
    "continue connecting" { send "yes\r"; exp_continue }
    "ogin: " { send "admin\r"; exp_continue }
    -nocase "password*:" { send "$env(ANSWER)\r"; exp_continue }
    -re {admin[^>]*> } { send "exit\r"; exp_continue }
    timeout { puts "no end after a minute"; exit 1 }
    eof {}
}
exit [lindex [wait] 3]
EXPECT
}

# Does the host's own clock follow another? A machine's may not, and then the site says so.
clock_is_kept() { ! portolan time | grep -q 'must not be believed'; }

# try_table FILE PASSWORD: every command of the table; the last column starts below its title.
try_table() {
    local line column command tried=0
    line=$(grep -m1 '^PORT .*TRY IT' "$1")
    column=${line%%TRY IT*}
    while IFS= read -r line; do
        command=${line:${#column}}
        if [[ $line = *' ntp '* ]] && ! clock_is_kept; then
            must_fail paste_it "$command" "$2" # and no client may believe it
        else
            paste_it "$command" "$2" | tee -a "$WORK/pasted"
        fi
        tried=$((tried + 1))
    done < <(tr -d '\r' <"$1" | grep -E '^[0-9]+ +(tcp|udp) ')
    [ "$tried" -eq 15 ]
}

cat "$SERVE_OUTPUT"
empty_mailbox admin
echo 'Hello' >"$DATA/files/public/name" # what the command for tftp asks for
(cd "$REPOSITORY" && try_table "$SERVE_OUTPUT" "$ADMIN_PASSWORD")
[ "$(messages admin)" -eq 3 ] # one from each way of sending
for number in 1 2 3; do
    curl -sS "pop3://$HOST:$POP3/$number" -u "admin:$ADMIN_PASSWORD" | tr -d '\r' | tail -n 1 | grep 'It works\.'
done
empty_mailbox admin

# On a terminal, with no option but the settings that keep it apart from other sites.
mkdir -m 711 site
offset=$(free_offset)
write_settings site/portolan.toml "$offset"
cat >first-run.exp <<'EXPECT'
set timeout 120
log_file -noappend -a first-run.log
cd site
spawn $env(REPOSITORY)/portolan serve
expect {
    -re {password ([^ \r\n]+)} { set password $expect_out(1,string); exp_continue }
    -re {Ready in } {}
    timeout { puts "not ready"; exit 1 }
    eof { puts "ended too soon"; exit 1 }
}
set port [expr $env(OFFSET) + 110]
if {[catch {exec curl -sS pop3://localhost:$port -I -X NOOP -o /dev/null -u admin:$password >@stdout 2>@stderr}]} { exit 1 }
send "\003"
expect {
    timeout { puts "Ctrl-C did not stop it"; exit 1 }
    eof {}
}
exit [lindex [wait] 3]
EXPECT
chmod 711 .
REPOSITORY=$REPOSITORY OFFSET=$offset expect first-run.exp
[ ! -e site/portolan-data/admin-password ]
