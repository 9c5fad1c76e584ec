#!/usr/bin/env bash
# kill -9 in the midst of a queue run, again and again: every message that got its 250 arrives at the other server, and
# twice only if it was on its way when its server died.
# needs: python3
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
sink=
trap '[ -z "$sink" ] || kill "$sink"; stop_site || true' EXIT
write_relay_settings sink.example 'first_retry = "1 s"' 'longest_retry = "1 s"' 'per_destination = 5'
sed -i 's/^\[smtp\]/[smtp]\nrelay_from = ["127.0.0.0\/8"]/' portolan.toml
serve_site "$WORK"

# Takes every message and writes its name down, on disk, before it says so.
cat >sink.py <<'PYTHON'
import socketserver, sys, threading

lock, names = threading.Lock(), open(sys.argv[2], "a", buffering=1)


class Sink(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line + b"\r\n")

    def handle(self):
        self.say(b"220 sink.example")
        for line in self.rfile:
            if line[:4].upper() != b"DATA":
                self.say(b"250 sink.example")
                continue
            self.say(b"354 go")
            name = b"?"
            for line in self.rfile:
                if line.startswith(b"X-Name: "):
                    name = line[8:].strip()
                if line == b".\r\n":
                    break
            else:
                return  # it died before it had said all
            with lock:
                names.write(name.decode() + "\n")
            self.say(b"250 taken")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Sink).serve_forever()
PYTHON
/usr/bin/python3 sink.py "$there" taken 2>/dev/null &
sink=$!

# Hands in messages until it is told to kill the server; prints the names of those that got their 250.
cat >send.py <<'PYTHON'
import os, signal, smtplib, sys, threading

port, server, enough, round = (int(word) for word in sys.argv[1:])
named, lock, gone = [], threading.Lock(), threading.Event()


def session(number):
    try:
        with smtplib.SMTP("127.0.0.1", port, "client.example", timeout=60) as smtp:
            count = 0
            while not gone.is_set():
                count += 1
                name = f"{round}.{number}.{count}"
                smtp.sendmail("", [f"r{count}@sink.example"], f"X-Name: {name}\r\n\r\nhello\r\n")
                with lock:
                    named.append(name)
                    if len(named) == enough:
                        os.kill(server, signal.SIGKILL)
                        gone.set()
    except (smtplib.SMTPException, OSError):
        gone.wait(60)


threads = [threading.Thread(target=session, args=(number,)) for number in range(10)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("\n".join(named))
PYTHON

: >accepted
for round in 1 2 3; do
    /usr/bin/python3 send.py "$((SITE_OFFSET + 25))" "$SITE_PID" "$((RANDOM % 100 + 30))" "$round" >>accepted
    wait "$SITE_PID" || true
    serve_site "$WORK"
done
all_taken() { [ -z "$(comm -23 <(sort -u accepted) <(sort -u taken))" ]; }
eventually all_taken
is_empty() { [ "$(portolan queue list --json)" = "[]" ]; }
eventually is_empty
copies=$(sort taken | uniq -d | wc -l)
echo "$(wc -l <accepted) accepted, $(wc -l <taken) taken, $copies of them twice"
[ "$copies" -le 15 ] # three deaths, five conversations each
must_fail grep -qx '?' taken
