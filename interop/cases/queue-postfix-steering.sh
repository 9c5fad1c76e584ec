#!/usr/bin/env bash
# An administrator steers what waits, from the command line: shows, holds, releases, retries and cancels it. What was
# cancelled or is held never leaves; all else does, once.
# needs: postfix curl python3
set -euo pipefail
. "$INTEROP/functions.sh"

[ "$(id -u)" -eq 0 ] || { echo "smtp-sink wants root"; exit 77; }
chmod 711 .
DATA=$WORK/data
sink=
trap '[ -z "$sink" ] || kill "$sink"; stop_site || true' EXIT
write_relay_settings sink.example 'first_retry = "1 h"' 'longest_retry = "1 h"'
sed -i 's/^\[smtp\]/[smtp]\nrelay_from = ["127.0.0.0\/8"]/' portolan.toml
serve_site "$WORK"

# queued EXPRESSION: what Python makes of the queue q.
queued() { portolan queue list --json | /usr/bin/python3 -c "import json, sys; q = json.load(sys.stdin); print($1)"; }
id() { queued "*(m['id'] for m in q if m['sender'] == '$1@client.example')"; }
refused() { [ "$(queued "sum('does not answer' in m['reply'] for m in q)")" -eq "$1" ]; }
for name in one two three four; do
    letter "$name" >"$name.eml"
    curl -sS "smtp://127.0.0.1:$((SITE_OFFSET + 25))" -T "$name.eml" \
        --mail-from "$name@client.example" --mail-rcpt "$name@sink.example"
done
eventually refused 4
portolan queue list
one=$(id one) two=$(id two) three=$(id three)
portolan queue show "$one" >shown
grep -q '<one@sink.example> *waiting' shown
portolan queue show "$one" --json >shown
grep -qE '"state" ?: ?"waiting"' shown

portolan queue hold "$two" | grep -qx '1 message held.'
portolan queue show "$two" >shown
grep -q '<two@sink.example> *held' shown
portolan queue hold --sender three@client.example | grep -qx '1 message held.'
portolan queue cancel --sender four@client.example | grep -qx '1 message cancelled.'
[ "$(queued 'len(q)')" -eq 3 ]
must_fail portolan queue retry
must_fail portolan queue show "$one.none"

# What waits is tried at once; what is held stays, though its destination answers now.
mkdir taken
chown nobody taken
smtp-sink -u nobody -D taken/mail "127.0.0.1:$there" 10 &
sink=$!
eventually curl -sS -o /dev/null "smtp://127.0.0.1:$there" -X QUIT
portolan queue retry --destination sink.example | grep -qx '1 message tried now.'
left() { [ "$(queued 'len(q)')" -eq "$1" ]; }
eventually left 2
[ "$(queued "sum(m['held'] for m in q)")" -eq 2 ]
portolan queue release "$two" | grep -qx '1 message released.'
eventually left 1
portolan queue release --all | grep -qx '1 message released.'
eventually left 0
subjects=$(sed -n 's/^Subject: //p' taken/mail | tr -d '\r' | sort | paste -sd ' ')
[ "$subjects" = 'one three two' ]
must_fail portolan queue show "$three"
