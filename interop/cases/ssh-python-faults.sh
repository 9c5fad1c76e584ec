#!/usr/bin/env bash
# What no client does: versions without end, packets too long, ten thousand who connect and say nothing, channels without end, log-ins guessed
# for people who are not there. Each costs its own conversation; the others are served meanwhile.
# needs: python3-paramiko openssh-client
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
mkdir -m 711 own
SITE_OFFSET=$(free_offset)
write_settings own/portolan.toml "$SITE_OFFSET"
if [ "$(ulimit -Hn)" -lt 12000 ]; then
    echo "ten thousand connections want a limit of 12000 open files, not $(ulimit -Hn)"
    exit 77
fi
ulimit -n "$(ulimit -Hn)"
printf '%s\n' '[limits]' 'connections = 15000' 'per_peer = 12000' 'per_network = 12000' '[ssh]' 'login_time = "2 min"' >>own/portolan.toml
trap 'stop_site || true' EXIT
serve_site own
DATA=$PWD/own/data
SSH=$((SITE_OFFSET + 22))
PASSWORD=$(portolan account add ada --random 2>/dev/null)
export SSH PASSWORD SITE_PID DATA REPOSITORY
cat >faults.py <<'PYTHON'
import os, paramiko, socket, struct, subprocess
port, password, pid = int(os.environ["SSH"]), os.environ["PASSWORD"], int(os.environ["SITE_PID"])

def connect(source="127.0.0.1"):
    return socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(source, 0))

def served():
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect("127.0.0.1", port, username="ada", password=password, allow_agent=False, look_for_keys=False, timeout=60,
                   banner_timeout=60, auth_timeout=60)
    out = client.exec_command("version")[1].read()
    assert out.startswith(b"Portolan"), out
    client.close()

def until_end(s, most=1 << 20):
    heard = b""
    try:
        while len(heard) < most:
            part = s.recv(65536)
            if not part:
                break
            heard += part
    except ConnectionResetError:
        pass
    s.close()
    return heard

def fault(first, then=b""):
    s = connect()
    try:
        s.sendall(first)
        s.sendall(then)
    except (ConnectionResetError, BrokenPipeError):
        pass
    heard = until_end(s)
    assert b"password" not in heard and b"publickey" not in heard, heard

# Versions.
fault(b"x" * 1_000_000)
fault(b"SSH-2.0-" + b"y" * 1_000_000)
fault(b"line\r\n" * 100_000)
fault(b"SSH-1.5-old\r\n")
fault(b"\0" * 100_000)
# Packets: too long, too short, no padding, rubbish.
for length in (0xffffffff, 0x7fffffff, 1 << 24, 262145 + 8, 0, 1, 4):
    fault(b"SSH-2.0-x\r\n", struct.pack(">IB", length, 4) + b"\x14" + b"\0" * 100_000)
fault(b"SSH-2.0-x\r\n", struct.pack(">IB", 12, 255) + b"\x14" * 100_000)
fault(b"SSH-2.0-x\r\n", os.urandom(300_000))
served()

# Many who say nothing; others are served meanwhile, and nobody is kept beyond the time for a log-in.
def memory():
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) // 1024
before, idle = memory(), []
for number in range(10_000):
    s = connect(f"127.0.1.{number % 10 + 1}") # of one address, others may hold too many ports just now
    if number % 2:
        s.sendall(b"SSH-2.0-idle\r\n")
    idle.append(s)
served()
sockets = subprocess.run([os.environ["REPOSITORY"] + "/portolan", "sockets", "--json", "--data", os.environ["DATA"]],
                         capture_output=True, check=True).stdout
assert sockets.count(b'"ssh-') >= len(idle), sockets[-1000:] # all of them, at once
print(len(idle), "who say nothing:", memory() - before, "MB more")
assert memory() - before < 600
for s in idle: # whoever does not log in is ended in time, which ssh-openssh-alive shows
    s.close()
served()

# Channels without end: each waits for an answer that nobody gives, and one too many is declined.
transport = paramiko.Transport(("127.0.0.1", port))
transport.connect(username="ada", password=password)
waiting = []
try:
    while len(waiting) < 100:
        channel = transport.open_session()
        channel.exec_command("account key add ada")
        waiting.append(channel)
except paramiko.ChannelException as e:
    assert e.code == 4, e  # RFC 4254 5.1: resource shortage
assert len(waiting) == 32, len(waiting)
served()
assert transport.is_active()
transport.close()

# Somebody who is not there is answered as somebody who is.
def answers(name):
    transport = paramiko.Transport(("127.0.0.1", port))
    transport.start_client()
    heard = []
    for attempt in ("none", "password"):
        try:
            transport.auth_none(name) if attempt == "none" else transport.auth_password(name, "not the password of anybody")
        except paramiko.BadAuthenticationType as e:
            heard.append(sorted(e.allowed_types))
        except paramiko.AuthenticationException as e:
            heard.append(str(e))
    key = paramiko.ECDSAKey.generate()
    try:
        transport.auth_publickey(name, key)
    except paramiko.AuthenticationException as e:
        heard.append(str(e))
    transport.close()
    return heard
there = answers("ada")
assert there == answers("nobody") == answers("admin@elsewhere"), there
served()
PYTHON
/usr/bin/python3 faults.py
must_fail grep -E 'broke$|broke ' own/serve.err
