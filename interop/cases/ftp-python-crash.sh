#!/usr/bin/env bash
# kill -9 in the middle of two hundred uploads: each that was answered with 226 is there, whole, and of the others
# nothing is seen.
# needs: python3
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
start_site "$WORK"
trap 'stop_site || true' EXIT
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin
cat >store.py <<'PY'
import ftplib, hashlib, io, os, signal, sys, threading
port, pid, most, password = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
stored = []
lock = threading.Lock()

def upload(worker):
    try:
        ftp = ftplib.FTP()
        ftp.connect("127.0.0.1", port, timeout=60)
        ftp.login("ada", password)
        for number in range(20):
            body = os.urandom(1000 + 40_000 * (number % 5))
            name = f"{worker}-{number}"
            ftp.storbinary("STOR " + name, io.BytesIO(body))
            with lock:
                stored.append((name, hashlib.sha256(body).hexdigest()))
                if len(stored) == most:
                    os.kill(pid, signal.SIGKILL)
    except (OSError, EOFError, ftplib.Error):
        pass # the server is gone

threads = [threading.Thread(target=upload, args=(worker,)) for worker in range(10)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(stored) >= most, stored
for name, digest in stored: print(name, digest)
PY
/usr/bin/python3 store.py "$((SITE_OFFSET + 21))" "$SITE_PID" "$((RANDOM % 80 + 60))" "$ADA_PASSWORD" >stored
wait "$SITE_PID" || true
serve_site "$WORK"
while read -r name digest; do
    [ "$(sha256sum <"$DATA/files/homes/ada/$name" | cut -d ' ' -f 1)" = "$digest" ]
done <stored
sizes=$(find "$DATA/files/homes/ada" -maxdepth 1 -type f -printf '%s\n' | sort -un | paste -sd ' ')
[ "$sizes" = '1000 41000 81000 121000 161000' ] # nobody's is half there
