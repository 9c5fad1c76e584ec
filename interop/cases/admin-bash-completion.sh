#!/usr/bin/env bash
# bash completes verbs and options by the script that portolan prints.
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
