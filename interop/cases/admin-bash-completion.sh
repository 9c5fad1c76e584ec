#!/usr/bin/env bash
# bash and zsh complete verbs and options by the scripts that portolan prints, under a real Tab, too.
# needs: expect zsh
set -euo pipefail
. "$INTEROP/functions.sh"

"$REPOSITORY/portolan" completion bash >completion
bash -n completion

# completed LINE: what may stand in place of its last word, which may be empty.
completed() {
    bash -c '. ./completion
        IFS=" " read -ra COMP_WORDS <<<"$1"
        [ "${1% }" = "$1" ] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _portolan
        echo "${COMPREPLY[*]-}"' completed "$1"
}
[ "$(completed 'portolan resto')" = restore ]
[ "$(completed 'portolan help accou')" = account ]
[[ " $(completed 'portolan account ') " == *' add list '*' remove '* ]]
[ "$(completed 'portolan account group j')" = join ]
[ "$(completed 'portolan --data account sock')" = sockets ]
[ "$(completed 'portolan account list --js')" = --json ]
[ -z "$(completed 'portolan serve --data ')" ]
[ -z "$(completed 'portolan nonsense')" ]

# Every verb that is completed is one.
"$REPOSITORY/portolan" help >help
for verb in $(completed 'portolan '); do
    grep -qE "^ +$verb( |\$)" help
done

# A Tab that is pressed.
PATH=$REPOSITORY:$PATH
export PATH
cat >tab.exp <<'EXPECT'
set timeout 30
set env(TERM) dumb
set env(PS1) "ready> "
proc wait_for {what} { expect $what {} timeout { puts "\nNOT SEEN: $what"; exit 1 } eof { puts "\nEND BEFORE: $what"; exit 1 } }
# Ctrl-U, not Ctrl-C, which would throw away what is typed next while the shell still completes.
foreach shell {{bash --norc --noprofile -i} {zsh -f -i}} {
    set name [lindex $shell 0]
    eval spawn $shell
    wait_for "> "
    if {$name eq "zsh"} { send "PS1='ready> '; unsetopt zle_bracketed_paste 2>/dev/null; autoload -Uz compinit; compinit -D -u\r"; wait_for "ready> " }
    send "source <(portolan completion $name); echo sou''rced\r"
    wait_for "sourced"
    wait_for "ready> "
    send "portolan resto\t"
    wait_for "portolan restore "
    send "\x15portolan account grou\t"
    wait_for "portolan account group "
    send "joi\t"
    wait_for "join "
    send "\x15portolan account list --js\t"
    wait_for "list --json "
    send "\x15portolan help accou\t"
    wait_for "help account "
    send "\x15exit\r"
    expect eof
}
EXPECT
expect tab.exp
