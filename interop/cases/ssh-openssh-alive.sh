#!/usr/bin/env bash
# ssh is asked whether it is there, and asks itself; one that is stopped is given up, as is one that does nothing or does not log in;
# new keys in the midst of files, asked for by either end, with ssh, sftp, asyncssh, paramiko and plink.
# needs: openssh-client putty-tools python3 python3-asyncssh python3-paramiko
set -euo pipefail
. "$INTEROP/functions.sh"

ssh-keygen -q -t ed25519 -N '' -f key
chmod 711 "$WORK"
mkdir -m 711 own
SITE_OFFSET=$(free_offset)
write_settings own/portolan.toml "$SITE_OFFSET"
printf '%s\n' '[ssh]' 'keep_alive = "1 s"' 'idle = "9 s"' 'login_time = "3 s"' >>own/portolan.toml
trap stop_site EXIT
serve_site own
DATA=$PWD/own/data
SSH=$((SITE_OFFSET + 22))
PASSWORD=$(portolan account add ada --random 2>/dev/null)
portolan account key add ada "$(cat key.pub)"
options=(-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes -i key)

# A key exchange that stalls, and a version without end.
stalled() { ! timeout 30 bash -c "exec 5<>/dev/tcp/127.0.0.1/$SSH; printf 'SSH-2.0-slow\r\n' >&5; cat <&5 >/dev/null"; }
must_fail stalled

# Answers keep it for some seconds at a question a second; then it has done nothing for too long.
status=0
ssh -v "${options[@]}" -p "$SSH" -N ada@127.0.0.1 2>said || status=$?
[ "$status" -eq 255 ]
cat said
[ "$(grep -c 'client_input_global_request: rtype keepalive@openssh.com want_reply 1' said)" -ge 5 ]
grep 'nothing came for too long' said

# Its own questions are answered, too, and are use enough.
timeout 12 ssh -v "${options[@]}" -p "$SSH" -o ServerAliveInterval=1 -o ServerAliveCountMax=2 -N ada@127.0.0.1 2>said || status=$?
[ "$status" -eq 124 ]
must_fail grep 'Timeout, server' said

# One that is stopped does not answer.
ssh "${options[@]}" -p "$SSH" -N ada@127.0.0.1 &
pid=$!
eventually grep -q '"account" : "ada"' <(portolan sockets --service ssh --json)
kill -STOP "$pid"
gone() { ! portolan sockets --service ssh --json | grep -q '"account" : "ada"'; }
eventually gone
kill -CONT "$pid"
must_fail wait "$pid"

# New keys.
head -c 20000000 /dev/urandom >large
for cipher in chacha20-poly1305@openssh.com aes128-gcm@openssh.com aes256-ctr; do
    sftp -v -c "$cipher" "${options[@]}" -o RekeyLimit=1M -P "$SSH" -b - ada@127.0.0.1 2>said <<'BATCH'
put large
get large back
BATCH
    cmp large back
    [ "$(grep -c 'rekeying\|SSH2_MSG_NEWKEYS received' said)" -ge 20 ]
done
mkdir -p "$HOME/.putty/sessions"
printf '%s\n' 'RekeyBytes=1M' 'RekeyTime=1' >"$HOME/.putty/sessions/often"
puttygen key -O private -o key.ppk
fingerprint=$(portolan ssh hostkeys | awk '$1 == "ssh-ed25519" { print $2 }')
psftp -v -batch -load often -P "$SSH" -hostkey "$fingerprint" -i key.ppk -b <(printf 'put large\nget large again\n') ada@127.0.0.1 >said 2>&1 || { cat said; exit 1; }
cmp large again
[ "$(grep -c 'Initiating key re-exchange' said)" -ge 20 ]
export PASSWORD SSH
/usr/bin/python3 - <<'PYTHON'
import asyncio, os, asyncssh, paramiko, time
port, password = int(os.environ["SSH"]), os.environ["PASSWORD"]

async def often():
    async with asyncssh.connect("127.0.0.1", port, username="ada", password=password, known_hosts=None, client_keys=None,
                                config=None, rekey_bytes=1 << 20) as c, c.start_sftp_client() as sftp:
        await sftp.get("large", "third")
asyncio.run(often())
transport = paramiko.Transport(("127.0.0.1", port))
transport.connect(username="ada", password=password)
for _ in range(5):
    transport.renegotiate_keys()
    channel = transport.open_session()
    channel.exec_command("version")
    assert channel.makefile().read().startswith(b"Portolan")
    assert channel.recv_exit_status() == 0
    while not channel.closed:
        time.sleep(0.01)
    # paramiko waits for itself where it answers a channel's end while keys are made: what is answered next comes after that
    transport.global_request("keepalive@openssh.com", wait=True)
transport.close()
PYTHON
cmp large third
stop_site
