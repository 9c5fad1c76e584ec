#!/usr/bin/env bash
# Ten thousand clients that name themselves and say no more: others log in and fetch meanwhile, nobody keeps a port or a file
# open for it, and all of it is given back.
# needs: curl python3
set -euo pipefail
. "$INTEROP/functions.sh"

if [ "$(ulimit -Hn)" -lt 12000 ]; then
    echo "ten thousand connections want a limit of 12000 open files, not $(ulimit -Hn)"
    exit 77
fi
ulimit -n "$(ulimit -Hn)"
chmod 711 .
DATA=$WORK/data
SITE_OFFSET=$(free_offset)
write_settings portolan.toml "$SITE_OFFSET"
printf '%s\n' '[limits]' 'per_peer = 15000' 'per_network = 15000' >>portolan.toml
serve_site "$WORK"
trap 'stop_site || true' EXIT
export FTP=$((SITE_OFFSET + 21))
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin
echo text | curl -sS -u "ada:$ADA_PASSWORD" -T - "ftp://127.0.0.1:$FTP/a"

/usr/bin/python3 - <<'PY'
import os, resource, selectors, socket, subprocess
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
port, many = int(os.environ["FTP"]), 10000
def fetch():
    got = subprocess.run(["curl", "-sS", "--max-time", "30", "-u", "ada:" + os.environ["ADA_PASSWORD"],
                          f"ftp://127.0.0.1:{port}/a"], capture_output=True, check=True)
    assert got.stdout == b"text\n", got
half = []
for number in range(many):
    # from ten addresses: of one, others may hold too many ports just now
    half.append(socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(f"127.0.1.{number % 10 + 1}", 0)))
for each in half:
    assert each.makefile("rb").readline().startswith(b"220 ")
    each.sendall(b"USER ada\r\n")
for each in half:
    assert each.recv(100).startswith(b"331 ")
for _ in range(3):
    fetch()
for number, each in enumerate(half): # some go in order, some do not
    if number % 2:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    each.close()
fetch()
PY
alone() { [ "$(portolan sockets --json | grep -c '"ftp-')" -eq 0 ]; }
eventually alone
curl -sS -u "ada:$ADA_PASSWORD" "ftp://127.0.0.1:$FTP/a" | grep -qx text
