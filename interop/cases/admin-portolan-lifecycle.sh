#!/usr/bin/env bash
# portolan serve, status, check, reload, stop: a site of its own is started, asked, changed, stopped, killed and started
# again with everything it had accepted.
# needs: curl python3
set -euo pipefail
. "$INTEROP/functions.sh"

exit_status() {
    local status=0
    "$@" || status=$?
    echo "$status"
}
deliver() {
    curl -sS "smtp://$HOST:$((SITE_OFFSET + 25))" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T sent.eml
}

chmod 711 .
DATA=$WORK/data
trap 'stop_site || true' EXIT
letter 'To be kept' >sent.eml

# Before there is anything: errors that say so, and make nothing.
[ "$(exit_status portolan status 2>complaint)" -eq 1 ]
[ -s complaint ]
[ ! -e "$DATA" ]

start_site "$WORK"
POP3=$((SITE_OFFSET + 110))
[ "$(stat -c %a "$DATA/admin-password")" = 600 ]
[ "$(stat -c %a "$DATA/admin.sock")" = 600 ]
curl -sS "pop3://$HOST:$POP3" -I -X NOOP -o /dev/null -u "admin:$(cat "$DATA/admin-password")"

# Root's site does not run as root.
[ "$(id -u)" -ne 0 ] || [ "$(ps -o user= -p "$(cat "$DATA/pid" 2>/dev/null || echo "$SITE_PID")")" != root ]

portolan version | grep -E '[0-9]+\.[0-9]+'
portolan status | tee status
for port in 25 110 465 587 995; do grep -qw "$((SITE_OFFSET + port))" status; done
portolan status --json | /usr/bin/python3 -m json.tool >/dev/null
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin

# One site, one server: the second is told who holds it.
[ "$(exit_status "$REPOSITORY/portolan" serve --data "$DATA" --config portolan.toml 2>complaint)" -eq 1 ]
grep -F "another process serves $DATA" complaint

# A setting changed and reloaded holds for the next session.
deliver
sed -i 's/^message_size = .*/message_size = "1 MB"/' portolan.toml
portolan check --config portolan.toml
portolan reload
curl -sv "smtp://$HOST:$((SITE_OFFSET + 25))" -X NOOP 2>&1 | grep -E '^< 250[- ]SIZE 1[0-9]{6}.?$'

# A setting that does not exist is named with its nearest neighbour, and the site goes on as it was.
sed -i 's/^message_size = /mesage_size = /' portolan.toml
[ "$(exit_status portolan check --config portolan.toml 2>complaint)" -eq 1 ]
grep 'mesage_size' complaint | grep 'message_size'
[ "$(exit_status portolan reload 2>complaint)" -eq 1 ]
deliver
sed -i 's/^mesage_size = /message_size = /' portolan.toml

# Stop: status 0 for both, doors shut, mail kept.
portolan stop
status=0
wait "$SITE_PID" || status=$?
[ "$status" -eq 0 ]
[ "$(exit_status curl -s "pop3://$HOST:$POP3")" -eq 7 ] # curl's word for a refused connection
[ "$(exit_status portolan stop 2>complaint)" -eq 1 ]

# The same data again, on the same ports, and once more after kill -9.
serve_site "$WORK"
[ "$(messages ada)" -eq 2 ]
deliver
kill -KILL "$SITE_PID"
wait "$SITE_PID" || true
serve_site "$WORK"
[ "$(messages ada)" -eq 3 ]
curl -sS "pop3://$HOST:$POP3/3" -u "ada:$ADA_PASSWORD" >got.eml
arrived sent.eml got.eml

# SIGTERM is a stop too.
stop_site
