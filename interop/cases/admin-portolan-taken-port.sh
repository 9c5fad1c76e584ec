#!/usr/bin/env bash
# portolan serve where a port is taken: it says which, and by what process; the other services start.
# needs: curl python3
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
offset=$(free_offset)
write_settings portolan.toml "$offset"
/usr/bin/python3 -c '
import socket, sys, time
taken = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("taken", flush=True)
time.sleep(110)
' "$((offset + 25))" >holder.out &
holder=$!
trap 'stop_site || true; kill "$holder"' EXIT
await taken holder.out "$holder"

"$REPOSITORY/portolan" serve --data "$WORK/data" --config portolan.toml >serve.out 2>serve.err </dev/null &
SITE_PID=$!
await 'Ready in ' serve.out "$SITE_PID"
cat serve.out serve.err
cat serve.out serve.err | grep "$((offset + 25))" | grep -E "python3.*$holder|$holder.*python3"
curl -sS "pop3://$HOST:$((offset + 110))" -I -X NOOP -o /dev/null -u "admin:$(cat data/admin-password)"
curl -sS "smtp://$HOST:$((offset + 587))" -X NOOP -o /dev/null -u "admin:$(cat data/admin-password)"
