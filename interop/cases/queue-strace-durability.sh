#!/usr/bin/env bash
# What another site is to get is on the disk before its sender hears 250; what was handed on is forgotten only when that is
# on the disk, too: where it cannot be, the message goes again, and nothing is lost.
# needs: strace curl python3
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
sink=
trap '[ -z "$sink" ] || kill "$sink"; stop_site || true' EXIT
write_relay_settings sink.example 'first_retry = "1 s"' 'longest_retry = "1 s"'
SMTP=$((SITE_OFFSET + 25))
sed -i 's/^\[smtp\]/[smtp]\nrelay_from = ["127.0.0.0\/8"]/' portolan.toml
serve_site "$WORK"
deliver() {
    letter "$1" >sent.eml
    curl -sSv "smtp://$HOST:$SMTP" 2>dialogue --mail-from grace@client.example --mail-rcpt ann@sink.example -T sent.eml
}
queued() { [ "$(portolan queue list --json | grep -o '"sender"' | wc -l)" -eq "$1" ]; }

# Nothing can be written: nothing is promised.
refused_for_now() {
    must_fail deliver First
    grep '^< 45[12] 4\.3\.' dialogue
}
under_strace -e trace=fsync,fdatasync -e inject=fsync,fdatasync:error=EIO -- refused_for_now
queued 0

# What is promised can be found again after a loss of power.
under_strace -e trace=fsync,fdatasync,write,writev,sendto,sendmsg -- deliver First
grep -E 'sync|"(354|250) ' trace
line_of() { sed -n '/"354 /,$ p' trace | grep -nE "$1" | "${@:2}" | cut -d: -f1; }
body=$(line_of 'f(data)?sync\([0-9]+<[^>]*/body-journal/[12]>' head -n 1)
reply=$(line_of '"250 2\.0\.0 ' head -n 1)
rows() { line_of 'f(data)?sync\([0-9]+<[^>]*/mail\.db[^>]*>' cat; } # that it was tried in vain is written down, too
rows | awk -v after="$body" -v before="$reply" '$1 > after && $1 < before { found = 1 } END { exit !found }'

# A server that takes a message, and says so when it is told to.
cat >sink.py <<'PYTHON'
import os, socketserver, sys, time


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
            with open("taken", "ab") as taken:
                for line in self.rfile:
                    if line == b".\r\n":
                        break
                    taken.write(line)
            while not os.path.exists("say-so"):
                time.sleep(0.01)
            self.say(b"250 taken")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Sink).serve_forever()
PYTHON
/usr/bin/python3 sink.py "$there" 2>/dev/null &
sink=$!
: >taken
taken() { [ "$(grep -c "^Subject: $1" taken || true)" -ge "$2" ]; }
eventually taken First 1

# That it was taken cannot be written down: it stays, and goes again.
handed_on() {
    touch say-so
    has_to_wait() { grep -q 'sink.example has to wait' serve.err; }
    eventually has_to_wait
    queued 1
}
under_strace -e trace=fsync,fdatasync -e inject=fsync,fdatasync:error=EIO -- handed_on
stop_site || true # instead of the minutes for which it lets the disk be
serve_site "$WORK"
eventually queued 0
taken First 2
deliver Second
eventually taken Second 1
eventually queued 0
