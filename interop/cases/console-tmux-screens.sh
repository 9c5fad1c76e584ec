#!/usr/bin/env bash
# The console in a terminal, whose screens are looked at as tmux sees them: the prompt, Tab, the history, pages, another width, Ctrl-C,
# and views that are drawn again; over SSH, and the first of them over Telnet.
# needs: tmux openssh-client inetutils-telnet
set -euo pipefail
. "$INTEROP/functions.sh"

ssh-keygen -q -t ed25519 -N '' -f key
portolan account key add admin "$(cat key.pub)"
tmux() { env -u BASH_XTRACEFD tmux -L "portolan-$$" -f /dev/null "$@"; }
trap 'tmux kill-server 2>/dev/null || true' EXIT
screen() { tmux capture-pane -p -t console; }
seen() { eventually shows "$@" || { screen; return 1; }; }
shows() { screen | grep -qE -- "$1"; }
keys() { tmux send-keys -t console "$@"; }
turned() { ! screen | cmp -s - first; } # since "first" was written
left() { ! tmux has-session -t console 2>/dev/null; }
open() { # COMMAND…
    tmux new-session -d -s console -x 80 -y 12 "$*"
    tmux set-option -t console status off
}

open "ssh -F none -p $SSH -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o BatchMode=yes -i key admin@$HOST"
seen '^admin> *$'
[[ $(screen) == 'portolan.localhost. You are admin. `help` lists the verbs, Tab completes them, `'* ]]

# Tab: a verb that is meant by its beginning, and a choice.
keys 'vers' Tab
seen '^admin> version *$'
keys Enter
seen '^Portolan '
keys 'account key ' Tab
seen '^add +list +remove'
keys C-u
# What is thrown away is not run.
keys 'account remove grace --yes' C-c
seen '^admin> *$'
keys 'account list' Enter
seen '^grace '
# The history, with what was not thrown away alone.
keys Up Up
seen '^admin> version *$'
keys C-c

# A page at a time, as high as the window.
keys 'help account add' Enter
seen '^-- more: Space, Enter or q --$'
[ "$(screen | wc -l)" -eq 12 ]
screen >first
keys Space
eventually turned
seen '^-- more|^admin> *$'
keys q
seen '^admin> *$'

# Another width: what is drawn again fits.
keys 'sockets --watch --tcp' Enter
seen '^portolan.localhost, 20'
seen 'admin +ssh|ssh .*admin'
tmux resize-window -t console -x 132 -y 30
seen '^portolan.localhost, 20'
screen >first
eventually turned
[ "$(screen | grep -c '^portolan.localhost, 20')" -eq 1 ] # drawn over, not below
keys C-c
seen '^admin> *$'
keys 'help account add' Enter
seen '^ +portolan account add ada --random'
seen '^admin> *$'

# What is higher than the window keeps its head, says how much is left out, and shows it when there is room again.
headed() { screen | head -n 1 | grep -q '^portolan.localhost, 20'; }
tmux resize-window -t console -x 60 -y 5
keys 'sockets --watch' Enter
seen '^… [0-9]+ more lines?$'
headed
screen >first
eventually turned
eventually headed
tmux resize-window -t console -x 132 -y 30
eventually headed
whole() { headed && shows '^(TCP|SERVICE|ID|ACCOUNT)|admin' && ! shows '^… '; }
eventually whole
keys C-c
seen '^admin> *$'

# What happens is told while it happens, until Ctrl-C.
keys 'events --follow' Enter
must_fail ssh -F none -p "$SSH" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes -o PasswordAuthentication=no -i key nobody@"$HOST" 2>/dev/null
portolan account group add watched grace
seen 'group watched'
keys C-c
seen '^admin> *$'
portolan account group remove watched
keys 'exit' Enter
eventually left

# The same at the command line.
tmux new-session -d -s console -x 60 -y 5 "$REPOSITORY/portolan sockets --follow --data $DATA"
tmux set-option -t console status off
seen '^… [0-9]+ more lines?$'
headed
tmux resize-window -t console -x 132 -y 30
eventually whole
keys C-c
eventually left

open "inetutils-telnet 127.0.0.1 $TELNET"
seen '^login: *$'
keys 'admin' Enter
seen '^Password: *$'
keys "$ADMIN_PASSWORD" Enter
seen '^admin> *$'
must_fail shows "$ADMIN_PASSWORD"
keys 'vers' Tab
seen '^admin> version *$'
keys Enter
seen '^Portolan '
tmux resize-window -t console -x 60 -y 8
keys 'help account add' Enter
seen '^-- more: Space, Enter or q --$'
[ "$(screen | wc -l)" -eq 8 ]
keys q
seen '^admin> *$'
keys 'exit' Enter
eventually left
portolan account key remove admin SHA256:
