#!/usr/bin/env bash
# kill -9 while two hundred sessions append, flag, move and expunge: SQLite's own library finds every row consistent and every
# message whole; after the restart what was answered OK is so, and no unique id or change number is used again.
# needs: python3
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
trap 'stop_site || true' EXIT
SITE_OFFSET=$(free_offset)
write_settings portolan.toml "$SITE_OFFSET"
printf '%s\n' '[limits]' 'per_peer = 500' 'per_network = 500' >>portolan.toml
serve_site "$WORK"
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin

# Each session works in a mailbox of its own, and writes down what it knows to be true, a line for each OK.
cat >work.py <<'PYTHON'
import imaplib, json, os, random, re, signal, sys, threading

port, server, enough = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
known, done, lock, gone = {}, [0], threading.Lock(), threading.Event()


def session(number):
    randomly, box, truth = random.Random(number), f"box{number}", {}
    try:
        imap = imaplib.IMAP4("127.0.0.1", port, timeout=60)
        imap.login("ada", os.environ["ADA_PASSWORD"])
        imap.create(box)
        imap.select(box)
        with lock:
            known[box] = truth
        while not gone.is_set():
            uids = [u for u in truth if truth[u][0] == "here"]
            what = randomly.randrange(5) if uids else 0
            uid = randomly.choice(uids) if uids else 0
            if what <= 1:
                text = b"Subject: %d.%d\r\n\r\n%s" % (number, len(truth), b"x" * randomly.randrange(9000))
                subject = text.split(b"\r\n")[0].decode()
                answer = imap.append(box, None, None, text)[1][0]
                uid = int(re.search(rb"APPENDUID \d+ (\d+)", answer)[1])
                assert uid not in truth, "a unique id came back"
                truth[uid] = ["here", len(text), False, subject]
            elif what == 2:
                truth[uid][2] = None  # in between, either is true
                assert imap.uid("STORE", str(uid), "+FLAGS", "\\Flagged")[0] == "OK"
                truth[uid][2] = True
            else:
                truth[uid][0] = "either"
                if what == 3:
                    assert imap.uid("MOVE", str(uid), "Archive")[0] == "OK"
                else:
                    assert imap.uid("STORE", str(uid), "+FLAGS", "\\Deleted")[0] == "OK"
                    assert imap.uid("EXPUNGE", str(uid))[0] == "OK"
                truth[uid][0] = "gone"
            with lock:
                done[0] += 1
                if done[0] == enough:
                    os.kill(server, signal.SIGKILL)
                    gone.set()
    except (imaplib.IMAP4.abort, OSError):
        gone.wait(60)


threads = [threading.Thread(target=session, args=(number,)) for number in range(200)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert done[0] >= enough
json.dump(known, open("known.json", "w"))
PYTHON

# What lies on the disk, read by nothing of ours, from a copy.
cat >look.py <<'PYTHON'
import json, shutil, sqlite3, sys

stores, known = sys.argv[1], json.load(open("known.json"))
for name in ("mail.db", "mail.db-wal"):
    shutil.copy(f"{stores}/{name}", name)
mail = sqlite3.connect("mail.db")
assert mail.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
assert mail.execute("PRAGMA foreign_key_check").fetchall() == []
highest = {}
boxes = mail.execute("SELECT id, name, next_uid, highest_modseq, messages, bytes FROM mailboxes").fetchall()
for box, name, next_uid, highest[name], count, octets in boxes:
    rows = mail.execute("SELECT uid, body, size, modseq FROM messages WHERE mailbox = ?", (box,)).fetchall()
    assert (len(rows), sum(row[2] for row in rows)) == (count, octets), (name, count, octets)
    there = {}
    for uid, body, size, modseq in rows:
        text = open(f"{stores}/bodies/{body // 1000}/{body}", "rb").read()
        assert len(text) == size and uid < next_uid and modseq <= highest[name], (name, uid)
        there[uid] = text
    for vanished in mail.execute("SELECT uids FROM vanished WHERE mailbox = ?", (box,)):
        for part in vanished[0].split(","):
            first, _, last = part.partition(":")
            assert not any(int(first) <= uid <= int(last or first) for uid in there), (name, vanished)
    for uid, (state, size, _, subject) in known.get(name, {}).items():
        assert int(uid) < next_uid and (state == "either" or (int(uid) in there) == (state == "here")), (name, uid, state)
        if int(uid) in there:
            assert there[int(uid)].startswith(subject.encode() + b"\r\n") and len(there[int(uid)]) == size, (name, uid)
assert set(known) <= set(highest)
json.dump(highest, open("highest.json", "w"))
PYTHON

cat >verify.py <<'PYTHON'
import imaplib, json, os, re, sys

highest = json.load(open("highest.json"))
imap = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]), timeout=60)
imap.login("ada", os.environ["ADA_PASSWORD"])
for box, truth in json.load(open("known.json")).items():
    imap.select(box)
    there = {}
    for line in imap.uid("FETCH", "1:*", "(FLAGS RFC822.SIZE BODY.PEEK[])")[1]:
        if isinstance(line, tuple):
            head = line[0].decode()
            uid = int(re.search(r"UID (\d+)", head)[1])
            size = int(re.search(r"RFC822.SIZE (\d+)", head)[1])
            assert size == len(line[1]), (box, head)
            there[uid] = (size, "\\Flagged" in head)
    for uid, (state, size, flagged, _) in truth.items():
        uid = int(uid)
        assert state == "either" or (uid in there) == (state == "here"), (box, uid, state)
        if uid in there:
            assert there[uid][0] == size, (box, uid)
            assert flagged is None or there[uid][1] == flagged, (box, uid)
    last = max([int(uid) for uid in truth] + [0])
    answer = imap.append(box, None, None, b"Subject: after\r\n\r\n")[1][0]
    assert int(re.search(rb"APPENDUID \d+ (\d+)", answer)[1]) > last, (box, answer)
    status = imap.status(box, "(HIGHESTMODSEQ)")[1][0]
    assert int(re.search(rb"HIGHESTMODSEQ (\d+)", status)[1]) > highest[box], (box, status)
PYTHON

/usr/bin/python3 work.py $((SITE_OFFSET + 143)) "$SITE_PID" 3000
wait "$SITE_PID" || true
/usr/bin/python3 look.py "$DATA/stores"
serve_site "$WORK"
/usr/bin/python3 verify.py $((SITE_OFFSET + 143))
