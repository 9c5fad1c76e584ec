#!/usr/bin/env bash
# kill -9 while two hundred sessions deliver: after the restart every message that got its 250 is there, whole, exactly
# once, and no other is there in part.
# needs: python3 curl
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
trap 'stop_site || true' EXIT
start_site "$WORK"
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin

# Two hundred sessions deliver until their server is gone; prints the names of the messages that got their 250.
cat >deliver.py <<'PYTHON'
import hashlib, os, random, signal, smtplib, sys, threading

port, server, enough = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
domain = os.environ["DOMAIN"]
acknowledged, lock, gone = [], threading.Lock(), threading.Event()


def session(number):
    randomly = random.Random(number)
    try:
        with smtplib.SMTP("127.0.0.1", port, "client.example", timeout=60) as smtp:
            count = 0
            while not gone.is_set():
                count += 1
                name = f"{server}.{number}.{count}@client.example"
                body = b"".join(b"%030x\r\n" % randomly.getrandbits(120) for _ in range(randomly.randrange(1, 400)))
                head = f"Message-ID: <{name}>\r\nX-Sum: {hashlib.sha256(body).hexdigest()}\r\n\r\n".encode()
                smtp.sendmail("g@client.example", [f"ada@{domain}"], head + body)
                with lock:
                    acknowledged.append(name)
                    if len(acknowledged) == enough:
                        os.kill(server, signal.SIGKILL)
                        gone.set()
    except (smtplib.SMTPException, OSError):
        gone.wait(60)  # the server died under this session, as it should


threads = [threading.Thread(target=session, args=(number,)) for number in range(200)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(acknowledged) >= enough
print("\n".join(acknowledged))
PYTHON

# Reads the whole mailbox: whole messages only, none twice, and all that are named on standard input.
cat >verify.py <<'PYTHON'
import email, hashlib, os, poplib, sys

box = poplib.POP3("127.0.0.1", int(sys.argv[1]), timeout=60)
box.user("ada")
box.pass_(os.environ["ADA_PASSWORD"])
there = set()
for number in range(1, box.stat()[0] + 1):
    raw = b"".join(line + b"\r\n" for line in box.retr(number)[1])
    message = email.message_from_bytes(raw)
    name = message["Message-ID"].strip("<>")
    assert name not in there, f"{name} is there twice"
    there.add(name)
    body = raw.split(b"\r\n\r\n", 1)[1]
    assert hashlib.sha256(body).hexdigest() == message["X-Sum"], f"{name} is not whole"
box.quit()
lost = set(sys.stdin.read().split()) - there
assert not lost, f"{len(lost)} acknowledged messages are lost, such as {sorted(lost)[:3]}"
print(f"{len(there)} messages are there")
PYTHON

: >acknowledged
for round in 1 2 3; do
    [ "$round" -eq 1 ] || serve_site "$WORK"
    /usr/bin/python3 deliver.py "$((SITE_OFFSET + 25))" "$SITE_PID" "$((RANDOM % 1000 + 300))" >>acknowledged
    wait "$SITE_PID" || true
    serve_site "$WORK"
    /usr/bin/python3 verify.py "$((SITE_OFFSET + 110))" <acknowledged
    stop_site
done
