#!/usr/bin/env bash
# kill -9 in the midst of two hundred uploads by SFTP: each whose CLOSE was answered is there, whole; and the same by SCP, where of the
# others nothing is seen.
# needs: python3-paramiko openssh-client
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
start_site "$WORK"
trap 'stop_site || true' EXIT
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin
cat >store.py <<'PY'
import hashlib, os, paramiko, signal, sys, threading
way, port, pid, most, password = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
stored = []
lock = threading.Lock()

def by_sftp(transport, sftp, name, body):
    with sftp.open(name, "w") as file:
        file.set_pipelined(True)
        file.write(body)

def by_scp(transport, sftp, name, body):
    channel = transport.open_session()
    channel.exec_command("scp -t " + name)
    assert channel.recv(1) == b"\0"
    channel.sendall(b"C0644 %d %s\n" % (len(body), name.encode()))
    assert channel.recv(1) == b"\0"
    channel.sendall(body + b"\0")
    assert channel.recv(1) == b"\0"
    channel.close()

def upload(worker):
    try:
        transport = paramiko.Transport(("127.0.0.1", port))
        transport.connect(username="ada", password=password)
        sftp = paramiko.SFTPClient.from_transport(transport) if way == "sftp" else None
        for number in range(20):
            body = os.urandom(1000 + 40_000 * (number % 5))
            name = f"{way}-{worker}-{number}"
            (by_sftp if way == "sftp" else by_scp)(transport, sftp, name, body)
            with lock:
                stored.append((name, hashlib.sha256(body).hexdigest()))
                if len(stored) == most:
                    os.kill(pid, signal.SIGKILL)
    except (OSError, EOFError, AssertionError, paramiko.SSHException):
        pass # the server is gone

threads = [threading.Thread(target=upload, args=(worker,)) for worker in range(10)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(stored) >= most, (len(stored), most)
for name, digest in stored: print(name, digest)
PY
for way in sftp scp; do
    /usr/bin/python3 store.py "$way" "$((SITE_OFFSET + 22))" "$SITE_PID" "$((RANDOM % 80 + 60))" "$ADA_PASSWORD" >stored 2>said || { cat said; exit 1; }
    wait "$SITE_PID" || true
    serve_site "$WORK"
    while read -r name digest; do
        [ "$(sha256sum <"$DATA/files/homes/ada/$name" | cut -d ' ' -f 1)" = "$digest" ]
    done <stored
done
sizes=$(find "$DATA/files/homes/ada" -maxdepth 1 -type f -name 'scp-*' -printf '%s\n' | sort -un | paste -sd ' ')
[ "$sizes" = '1000 41000 81000 121000 161000' ] # nobody's is half there
