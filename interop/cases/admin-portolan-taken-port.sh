#!/usr/bin/env bash
# portolan serve where a port is taken: it says which, and by what process; the other services start. Where every port is
# taken it does not stay, and its exit status says so.
# needs: curl python3
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
offset=$(free_offset)
write_settings portolan.toml "$offset"
# Held by the user who serves: other people's processes have no names for the server, which is not root.
as_server_user=()
[ "$(id -u)" -ne 0 ] || as_server_user=(setpriv --reuid "$(stat -c %u "$DATA")" --regid "$(stat -c %g "$DATA")" --clear-groups --)
"${as_server_user[@]}" /usr/bin/python3 -c '
import socket, sys, time
taken = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("taken", flush=True)
time.sleep(110)
' "$((offset + 25))" >holder.out &
holder=$!
trap 'stop_site || true; kill "$holder"' EXIT
await taken holder.out "$holder"

serve_site "$WORK"
cat serve.out serve.err
cat serve.out serve.err | grep "$((offset + 25))" | grep -E "python3.*$holder|$holder.*python3"
curl -sS "pop3://$HOST:$((offset + 110))" -I -X NOOP -o /dev/null -u "admin:$(cat data/admin-password)"
curl -sS "smtp://$HOST:$((offset + 587))" -X NOOP -o /dev/null -u "admin:$(cat data/admin-password)"

# A second site on the same ports finds none to open.
mkdir -m 711 second
cp portolan.toml second
status=0
"$REPOSITORY/portolan" serve --data "$WORK/second/data" --config second/portolan.toml >second/serve.out 2>second/serve.err || status=$?
cat second/serve.out second/serve.err
[ "$status" -eq 1 ]
places=$(portolan status --json | /usr/bin/python3 -c 'import json, sys
print(sum(len(door["places"]) for door in json.load(sys.stdin)["doors"]))')
[ "$places" -ge 16 ] # each port, of each transport, at both addresses
[ "$(grep -c 'NOT OPEN' second/serve.out)" -eq "$places" ]
grep 'no port could be opened' second/serve.err
must_fail grep '^Ready in ' second/serve.out
