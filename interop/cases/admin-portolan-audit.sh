#!/usr/bin/env bash
# An audit finds what was opened, says how bad that is by its exit status, and what it tells to do mends it: each finding
# is made, seen, mended by the very words of the audit, and gone.
# needs: iproute2 python3 curl
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
serve_own_network
exit_status() {
    local status=0
    "$@" >printed 2>&1 || status=$?
    echo "$status"
}
# finding TEXT COLUMN: that column of the one finding whose words, or port, are TEXT; nothing if there is none.
finding() {
    portolan audit --fail-on danger --json >audit.json || [ $? -eq 3 ]
    TEXT=$1 COLUMN=$2 /usr/bin/python3 -c '
import json, os
text = os.environ["TEXT"]
rows = [row for row in json.load(open("audit.json")) if text in row["finding"] or text == row["port"]]
assert len(rows) < 2, rows
print(rows[0][os.environ["COLUMN"]] if rows else "")'
}

# A rule that opens everything to everybody: the clear-text services are dangers, and one could come in by any of them.
[ "$(exit_status portolan audit)" -eq 3 ]
head -1 printed | grep -E '^SEVERITY +ABOUT +PORT'
[ "$(finding 110/tcp severity)" = notice ] # POP3 can be encrypted when its client asks
[ "$(finding 'opens every service to everybody' severity)" = warning ]
[ "$(finding 'opens every service to everybody' remedy)" = 'take "allow all from any" out of firewall.rules in portolan.toml' ]
[ "$(finding 23/tcp severity)" = danger ]
[[ "$(finding 23/tcp remedy)" == 'portolan hide 23/tcp'*22* ]]
must_fail grep -E '^ok' <(tac printed | tail -n +1 | sed -n '/^ok/,$p' | grep -vE '^ok|^SEVERITY' | grep -E '^notice' || true)

# Mended as it says, with a door for those who should come.
sed -i 's/^rules = .*/rules = []/' "$WORK/portolan.toml"
portolan reload
portolan expose imaps --to 198.18.0.0/24
[ -z "$(finding 'opens every service' severity)" ]
[ "$(finding 23/tcp reach)" = 'this host' ]
[ "$(finding 993/tcp reach)" = 198.18.0.0/24 ]
[ "$(finding 993/tcp severity)" = ok ]

# A clear-text service for one network is worse than an encrypted one; the audit's own command shuts it.
portolan expose tftp --to 198.18.0.0/24
[ "$(finding 69/udp severity)" = warning ]
remedy=$(finding 69/udp remedy)
[[ "$remedy" == 'portolan hide 69/udp'* ]]
${remedy%%[,;]*}
[ "$(finding 69/udp severity)" = ok ]

# The first password of admin, in its file, until it is changed and the file deleted.
[[ "$(finding 'first password of admin' remedy)" == "portolan account passwd admin, then delete $DATA/admin-password" ]]
echo "$ADMIN_PASSWORD" | portolan account passwd admin --password-stdin
rm "$DATA/admin-password"
[ -z "$(finding 'first password of admin' remedy)" ]

# Settings that open something.
printf '[ftp]\nclear_text = true\n' >>"$WORK/portolan.toml"
portolan reload
[ "$(finding 'passwords may be sent in the clear' severity)" = danger ]
[ "$(exit_status portolan audit --fail-on danger)" -eq 3 ]
[ "$(finding 'passwords may be sent in the clear' remedy)" = 'clear_text = false in [ftp] of portolan.toml' ]
sed -i 's/^clear_text = true/clear_text = false/' "$WORK/portolan.toml"
printf '[ssh]\nforward = ["all may reach any"]\n' >>"$WORK/portolan.toml"
portolan reload
[ "$(finding 'all may reach any' severity)" = danger ]
remedy=$(finding 'all may reach any' remedy)
sed -i "s/^forward = .*/forward = [${remedy%% instead of *}]/" "$WORK/portolan.toml"
portolan reload
[ -z "$(finding 'may reach' severity)" ]
[ "$(exit_status portolan audit --fail-on danger)" -eq 0 ]
[ "$(exit_status portolan audit --fail-on terrible)" -eq 2 ]
grep 'wants notice, warning or danger' printed
