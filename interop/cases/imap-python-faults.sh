#!/usr/bin/env bash
# Disks that fail while IMAP appends: nothing is acknowledged that is not on disk, NO is said in plain words, what the client
# sends meanwhile is not taken for commands, the session goes on, and no unique id or change number comes back. A full disk
# takes mail again when there is room; one that cannot sync refuses until the next start, and can be read.
# needs: strace python3
set -euo pipefail
. "$INTEROP/functions.sh"

[ "$(id -u)" -eq 0 ] || { echo 'needs root, to mount a small disk'; exit 77; }
chmod 711 .
mkdir disk
mount -t tmpfs -o size=24m,mode=711 tmpfs disk
chmod 777 disk # for the user that the launcher drops to, who makes the data directory
trap 'stop_site || true; umount "$WORK/disk"' EXIT
DATA=$WORK/disk/data
start_site "$WORK/disk"
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin

cat >try.py <<'PYTHON'
import json, os, re, socket, subprocess, sys, time

port, server = int(sys.argv[1]), sys.argv[2]


class Session:
    def __init__(self):
        self.line = socket.create_connection(("127.0.0.1", port), 60)
        self.reads, self.tag, self.untagged = self.line.makefile("rb"), 0, []
        self.reads.readline()
        self.ok(f"LOGIN ada {os.environ['ADA_PASSWORD']}")
        self.ok("ENABLE CONDSTORE")

    def say(self, command, literal=None):
        self.tag += 1
        tail = b"" if literal is None else b" {%d+}\r\n%s" % (len(literal), literal)
        self.line.sendall(b"t%d %s%s\r\n" % (self.tag, command.encode(), tail))
        self.untagged = []
        while True:
            answer = self.reads.readline().decode()
            assert answer, "it hung up"
            assert answer.startswith("* ") or answer.startswith(f"t{self.tag} "), answer
            if answer.startswith("t"):
                return answer.split(" ", 1)[1].strip()
            self.untagged.append(answer)

    def ok(self, command, literal=None):
        answer = self.say(command, literal)
        assert answer.startswith("OK"), (command, answer)
        return answer

    def append(self, text):
        answer = self.say("APPEND INBOX", text)
        found = re.search(r"APPENDUID \d+ (\d+)", answer)
        assert answer.startswith("OK" if found else "NO ["), answer
        return (int(found[1]) if found else None), answer

    def highest(self):
        self.ok("STATUS INBOX (HIGHESTMODSEQ)")
        return int(re.search(r"HIGHESTMODSEQ (\d+)", "".join(self.untagged))[1])

    def uids(self):
        self.ok("UID SEARCH ALL")
        return [int(word) for word in "".join(self.untagged).split() if word.isdigit()]


def letter(size, name="x"):
    """Lines that would be commands if they were taken for such."""
    line = b"q DELETE INBOX\r\n"
    return b"Subject: %s\r\n\r\n" % name.encode() + line * (size // len(line))


small, large = letter(2_000), letter(1_500_000)
one, other = Session(), Session()
one.ok("SELECT INBOX")


def full():
    """Fills the disk: what does not fit is refused, the session goes on; then there is room again."""
    kept = [one.append(small)[0], one.append(large)[0]]
    assert None not in kept
    seen = one.highest()
    with open("disk/ballast", "wb", buffering=0) as ballast:
        try:
            while ballast.write(b"\0" * 4096):
                pass
        except OSError:
            pass
    for text in (large, large, letter(300_000)):
        uid, answer = one.append(text)
        assert uid is None and answer.startswith("NO [OVERQUOTA]"), answer
        assert one.ok("NOOP") and other.ok("NOOP")
        assert other.say("APPEND Nowhere", text).startswith("NO [TRYCREATE]")
    assert one.uids() == kept, one.uids()
    os.remove("disk/ballast")
    uid, answer = one.append(large)
    assert uid and uid > max(kept), answer
    assert one.highest() > seen
    return kept + [uid], one.highest()


def unsynced(kept):
    """Every sync fails."""
    errors = open("strace.err", "w")
    tracer = subprocess.Popen(["strace", "-f", "-o", "trace", "-e", "trace=fsync,fdatasync", "-e",
                               "inject=fsync,fdatasync:error=EIO", "-p", server], stderr=errors)
    while "attached" not in open("strace.err").read():
        if tracer.poll() is not None:
            print(open("strace.err").read())
            print("strace may not look into the server; it may as root, or with kernel.yama.ptrace_scope=0")
            sys.exit(77)
        time.sleep(0.05)
    for text in (small, large, small):
        uid, answer = one.append(text)
        assert uid is None and answer.startswith("NO [UNAVAILABLE]"), answer
    assert one.say("STORE 1 +FLAGS (\\Flagged)").startswith("NO")
    assert one.say("COPY 1 Archive").startswith("NO")
    assert one.say("CREATE Somewhere").startswith("NO")
    assert other.say("APPEND INBOX (\\Seen)", large).startswith("NO [UNAVAILABLE]")
    assert other.ok("EXAMINE INBOX") and other.uids() == kept
    one.ok("FETCH 1:* (FLAGS RFC822.SIZE)")
    assert "\\Flagged" not in "".join(one.untagged), one.untagged
    tracer.send_signal(2)
    tracer.wait()
    assert "EIO" in open("trace").read()


def again(kept, seen):
    """After the restart."""
    assert one.ok("SELECT INBOX") and one.uids() == kept
    uid, answer = one.append(small)
    assert uid and uid > max(kept), answer
    assert one.highest() > seen


if sys.argv[3] == "before":
    truth = full()
    unsynced(truth[0])
    json.dump(truth, open("truth.json", "w"))
else:
    again(*json.load(open("truth.json")))
PYTHON
/usr/bin/python3 try.py $((SITE_OFFSET + 143)) "$SITE_PID" before
stop_site || true
serve_site "$WORK/disk"
/usr/bin/python3 try.py $((SITE_OFFSET + 143)) "$SITE_PID" after
