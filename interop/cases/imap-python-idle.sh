#!/usr/bin/env bash
# Ten thousand programs wait in IDLE, each at its account's inbox: a delivery is told to all of those whose inbox it is and to
# nobody else, somebody else logs in and reads meanwhile, and what each of them costs in memory is bounded.
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
SMTP=$((SITE_OFFSET + 25)) POP3=$((SITE_OFFSET + 110)) IMAP=$((SITE_OFFSET + 143))
for name in ada grace; do echo "$(password $name)" | portolan account add $name --password-stdin; done
letter 'Wake up' >letter.eml

cat >crowd.py <<'PYTHON'
import os, resource, selectors, socket, subprocess, sys

hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
port, server, many = int(sys.argv[1]), sys.argv[2], 10000
names = ["ada", "grace"]


def resident():
    return next(int(line.split()[1]) // 1024 for line in open(f"/proc/{server}/status") if line.startswith("VmRSS"))


class Waiting:
    """Logs in, opens the inbox, and idles; then it is sent nothing until there is something to tell."""
    def __init__(self, number):
        self.name = names[number % 100 == 0] # one in a hundred is grace's
        self.line = socket.create_connection(("127.0.0.1", port), 60)
        self.got = b""
        secret = os.environ[self.name.upper() + "_PASSWORD"]
        self.line.sendall(f"a LOGIN {self.name} {secret}\r\nb SELECT INBOX\r\nc IDLE\r\n".encode())

    def read(self):
        piece = self.line.recv(4096)
        assert piece, ("hung up on", self.got)
        self.got += piece

    def until(self, word):
        while word not in self.got:
            self.read()


def deliver(name):
    subprocess.run(["curl", "-sS", "--max-time", "60", f"smtp://127.0.0.1:{os.environ['SMTP']}", "--mail-from", "x@client.example",
                    "--mail-rcpt", f"{name}@{os.environ['DOMAIN']}", "-T", "letter.eml"], check=True)


before = resident()
crowd = []
for start in range(0, many, 500): # so that no more of them wait to be let in than the system allows
    crowd += [Waiting(number) for number in range(start, start + 500)]
    for each in crowd[start:]:
        each.until(b"\r\n+ ")
        assert b"b OK" in each.got and b"0 EXISTS" in each.got, each.got
        each.got = b""
after = resident()
print(f"{many} in IDLE: {after - before} MB more than before ({before} MB), {(after - before) * 1024 / many:.1f} KB each")
assert after - before < 1000, "more than 100 KB each"

for turn, name in enumerate(["grace", "ada", "grace"], 1):
    deliver(name)
    for each in crowd:
        if each.name == name:
            each.until(b" RECENT\r\n")
            assert each.got.startswith(b"* %d EXISTS\r\n" % (1 + (turn == 3))), each.got
            each.got = b""
    heard = selectors.DefaultSelector()
    for each in crowd:
        if each.name != name:
            heard.register(each.line, selectors.EVENT_READ, each)
    assert heard.select(0) == [], "somebody else heard of it"
    heard.close()

# All go: half of them in order, half without a word.
for number, each in enumerate(crowd):
    if number % 2:
        each.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    else:
        each.line.sendall(b"DONE\r\nd LOGOUT\r\n")
        each.until(b"d OK")
    each.line.close()
PYTHON
export SMTP
/usr/bin/python3 crowd.py "$IMAP" "$SITE_PID"
alone() { [ "$(portolan sockets --json | grep -c '"imap-')" -eq 0 ]; }
eventually alone
[ "$(messages ada)" -eq 1 ]
[ "$(messages grace)" -eq 2 ]
