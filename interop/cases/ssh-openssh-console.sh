#!/usr/bin/env bash
# OpenSSH: a key, a password and a question log in, each once it is right; a verb has its exit status and no more rights than
# its account; new keys in the midst; the console at a terminal, with completion, history, pages and what is drawn again.
# needs: openssh-client expect
set -euo pipefail
. "$INTEROP/functions.sh"

portolan ssh hostkeys --known-hosts >known_hosts
ssh-keygen -q -t ed25519 -N '' -f key
visit() { # ACCOUNT OPTIONS…
    local account=$1
    shift
    ssh -F none -p "$SSH" -o StrictHostKeyChecking=yes -o UserKnownHostsFile=known_hosts -o BatchMode=yes -i key "$@" -l "$account" "$HOST"
}
run() { # ACCOUNT WORDS…
    local account=$1
    shift
    ssh -F none -p "$SSH" -o StrictHostKeyChecking=yes -o UserKnownHostsFile=known_hosts -o BatchMode=yes -i key "$account@$HOST" "$@"
}

must_fail run grace version # not yet
portolan account key add grace "$(cat key.pub)"
portolan account key add admin "$(cat key.pub)"
run grace version | grep '^Portolan'
run grace account key list grace | grep -F "$(ssh-keygen -lf key.pub | cut -d ' ' -f 2)"
run admin status | grep '^ssh '
[ "$(run admin account list --json | grep -c '"name"')" -ge 3 ]

# Rights, exit status, and nothing of a shell.
status=0; run grace status 2>said || status=$?
[ "$status" -eq 1 ]; grep 'only administrators' said
status=0; run grace account key list admin 2>said || status=$?
[ "$status" -eq 1 ]; grep 'for others' said
status=0; run admin 'version; id' 2>said || status=$?
[ "$status" -eq 2 ]; must_fail grep uid= said
must_fail run grace sockets close --account ada
run grace sockets --json | grep '"account" : "grace"'

# New keys every 4 kB, while a long answer comes; and all from a pipe.
for _ in $(seq 20); do echo help; done | visit grace -T -o RekeyLimit=4K >pages
[ "$(grep -c '^Verbs:' pages)" -eq 20 ]

# Every cipher and key exchange that both have.
for cipher in chacha20-poly1305@openssh.com aes128-gcm@openssh.com aes256-gcm@openssh.com aes128-ctr aes256-ctr; do
    ssh -F none -c "$cipher" -p "$SSH" -o UserKnownHostsFile=known_hosts -o BatchMode=yes -i key "grace@$HOST" version
done
for kex in sntrup761x25519-sha512@openssh.com curve25519-sha256; do
    ssh -F none -o KexAlgorithms="$kex" -p "$SSH" -o UserKnownHostsFile=known_hosts -o BatchMode=yes -i key "grace@$HOST" version
done

# A password, by both ways.
printf '#!/bin/sh\necho "$ANSWER"\n' >askpass
chmod +x askpass
for way in password keyboard-interactive; do
    by() {
        ANSWER=$1 SSH_ASKPASS=./askpass SSH_ASKPASS_REQUIRE=force ssh -F none -p "$SSH" -o UserKnownHostsFile=known_hosts \
            -o PreferredAuthentications="$way" -o NumberOfPasswordPrompts=1 "grace@$HOST" version
    }
    by "$GRACE_PASSWORD" | grep '^Portolan'
    must_fail by "wrong $way"
done

# At a terminal: Tab completes, the arrow brings back, a long answer stops at the window's end, what goes on ends with q.
cat >console.exp <<'EXPECT'
set timeout 60
set env(TERM) xterm-256color
set stty_init "rows 12 columns 80"
spawn ssh -F none -p $env(SSH) -o UserKnownHostsFile=known_hosts -o BatchMode=yes -i key admin@$env(HOST)
proc wait_for {what} { expect $what {} timeout { puts "\nNOT SEEN: $what"; exit 1 } eof { puts "\nEND BEFORE: $what"; exit 1 } }
wait_for "You are admin"
wait_for "> "
send "vers\t\r"
wait_for "Portolan "
wait_for "> "
send "\x1bOA"
wait_for "version"
send "\r"
wait_for "Portolan "
wait_for "> "
send "help account add\r"
wait_for "more: Space"
send "q"
wait_for "> "
send "sockets --watch\r"
wait_for "portolan.localhost, "
wait_for "portolan.localhost, "
send "q"
wait_for "> "
send "nonsense\r"
wait_for "there is no verb"
wait_for "> "
send "exit\r"
expect eof
EXPECT
expect console.exp
portolan account key remove grace "$(ssh-keygen -lf key.pub | cut -d ' ' -f 2)"
must_fail run grace version
portolan account key remove admin SHA256:
