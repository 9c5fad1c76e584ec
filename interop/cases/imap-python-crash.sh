#!/usr/bin/env bash
# kill -9 while two dozen sessions append, flag, move and expunge: after the restart what was answered OK is so, no unique id
# stands for another message than before, and no message is there in part.
# needs: python3
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
trap 'stop_site || true' EXIT
start_site "$WORK"
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
                answer = imap.append(box, None, None, text)[1][0]
                uid = int(re.search(rb"APPENDUID \d+ (\d+)", answer)[1])
                assert uid not in truth, "a unique id came back"
                truth[uid] = ["here", len(text), False]
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


threads = [threading.Thread(target=session, args=(number,)) for number in range(24)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert done[0] >= enough
json.dump(known, open("known.json", "w"))
PYTHON

cat >verify.py <<'PYTHON'
import imaplib, json, os, re, sys

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
    for uid, (state, size, flagged) in truth.items():
        uid = int(uid)
        assert state == "either" or (uid in there) == (state == "here"), (box, uid, state)
        if uid in there:
            assert there[uid][0] == size, (box, uid)
            assert flagged is None or there[uid][1] == flagged, (box, uid)
    last = max([int(uid) for uid in truth] + [0])
    answer = imap.append(box, None, None, b"Subject: after\r\n\r\n")[1][0]
    assert int(re.search(rb"APPENDUID \d+ (\d+)", answer)[1]) > last, (box, answer)
PYTHON

/usr/bin/python3 work.py $((SITE_OFFSET + 143)) "$SITE_PID" 400
wait "$SITE_PID" || true
serve_site "$WORK"
/usr/bin/python3 verify.py $((SITE_OFFSET + 143))
