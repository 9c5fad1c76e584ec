#!/usr/bin/env bash
# paramiko and asyncssh: passwords, keys of three kinds, many commands over one connection, a name that steers terminals.
# needs: python3-paramiko python3-asyncssh
set -euo pipefail
. "$INTEROP/functions.sh"

for kind in ed25519 ecdsa rsa; do
    ssh-keygen -q -t "$kind" -N '' -f "key-$kind" -m PEM
    portolan account key add grace "$(cat "key-$kind.pub")"
done
/usr/bin/python3 - <<'PYTHON'
import asyncio, os, paramiko, asyncssh
host, port, password = "127.0.0.1", int(os.environ["SSH"]), os.environ["GRACE_PASSWORD"]

def connect(**how):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect(host, port, allow_agent=False, look_for_keys=False, **how)
    return client

def run(client, line):
    _, out, err = client.exec_command(line)
    text = out.read().decode()
    return out.channel.recv_exit_status(), text, err.read().decode()

client = connect(username="grace", password=password)
for _ in range(30):
    status, out, _ = run(client, "version")
    assert status == 0 and out.startswith("Portolan"), (status, out)
assert run(client, "nonsense")[0] == 2
client.close()
for kind in ("ed25519", "ecdsa", "rsa"):
    client = connect(username="grace", key_filename="key-" + kind)
    assert run(client, "version")[0] == 0
    client.close()
for name, word in (("grace", "wrong"), ("nobody", "wrong"), ("\x1b[2Jgrace", "wrong")):
    try:
        connect(username=name, password=word + name.strip("\x1b"))
        raise SystemExit("logged in as " + repr(name))
    except paramiko.AuthenticationException:
        pass

async def many():
    async with asyncssh.connect(host, port, username="grace", password=password, known_hosts=None, client_keys=None, config=None) as c:
        results = await asyncio.gather(*(c.run("version") for _ in range(20)))
        assert all(r.exit_status == 0 and r.stdout.startswith("Portolan") for r in results)
        try:
            await c.forward_local_port("", 0, "127.0.0.1", port)
            reader, writer = await c.open_connection("127.0.0.1", port)
            raise SystemExit("forwarded")
        except asyncssh.ChannelOpenError:
            pass
asyncio.run(many())
PYTHON
portolan events --account grace --service ssh --json | grep -q LOGGED_IN
must_fail grep "$(printf '\033')" <(portolan events --service ssh)
for kind in ed25519 ecdsa rsa; do
    portolan account key remove grace "$(ssh-keygen -lf "key-$kind.pub" | cut -d ' ' -f 2)"
done
