#!/usr/bin/env bash
# portolan sockets shows what the system's own ss shows: both ends of every conversation of SMTP and POP3 clients over
# IPv4 and IPv6, and the peers of DNS over UDP. It goes on showing it until Ctrl-C, and `sockets close` ends
# conversations with their protocol's farewell.
# needs: iproute2 python3
set -euo pipefail
. "$INTEROP/functions.sh"

/usr/bin/python3 - <<'PYTHON'
import json, os, poplib, pty, re, signal, smtplib, socket, ssl, subprocess, sys, time

poplib._MAXLINE = 20480
env = os.environ
SUBMISSION, SMTP, POP3, POP3S, DNS = (int(env[name]) for name in ("SUBMISSION", "SMTP", "POP3", "POP3S", "DNS"))
LAUNCHER = [env["INTEROP"] + "/../portolan"]
DATA = ["--data", env["DATA"]]
trust = ssl.create_default_context(cafile=env["CA"])


def portolan(*words, status=0):
    done = subprocess.run(LAUNCHER + list(words) + DATA, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode == status, (words, done)
    return done.stdout if status == 0 else done.stderr


def sockets(*options):
    return json.loads(portolan("sockets", "--json", *options))


def port(end):
    return end.rsplit(":", 1)[1]


def ss(*options):
    """(local, peer) of each line that is about a port of the site."""
    out = subprocess.run(["ss", "-H", "-n", *options], check=True, stdout=subprocess.PIPE, text=True).stdout
    ours = {str(number) for number in (SUBMISSION, SMTP, POP3, POP3S, DNS)}
    ends = [tuple(re.sub(r"users:.*", "", line).split()[-2:]) for line in out.splitlines()]
    return {(local, peer) for local, peer in ends if port(local) in ours or port(peer) in ours}


def ss_here(*options):
    """The same without the clients' ends, which are on this machine as well."""
    ours = {str(number) for number in (SUBMISSION, SMTP, POP3, POP3S, DNS)}
    return {(local, peer) for local, peer in ss(*options) if port(local) in ours}


def until(condition, what):
    for _ in range(200):
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    sys.exit("waited in vain: " + what)


def end_of(sock):
    return str(sock.getsockname()[1])


# --- clients that stay -----------------------------------------------------------------------------------------------

submission = smtplib.SMTP("127.0.0.1", SUBMISSION, timeout=20)
submission._host = "localhost"
submission.starttls(context=trust)
submission.login("ada", env["ADA_PASSWORD"])
delivery = smtplib.SMTP("::1", SMTP, timeout=20)
delivery.ehlo("client.example")
fetching = poplib.POP3_SSL("localhost", POP3S, context=trust, timeout=20)
fetching.user("grace")
fetching.pass_(env["GRACE_PASSWORD"])
waiting = poplib.POP3("::1", POP3, timeout=20)
clients = [submission.sock, delivery.sock, fetching.sock, waiting.sock]

name = b"".join(bytes([len(label)]) + label.encode() for label in env["DOMAIN"].split(".")) + b"\0"
query = b"\x12\x34\0\0\0\1\0\0\0\0\0\0" + name + b"\0\6\0\1"
asking = []
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    client = socket.socket(family, socket.SOCK_DGRAM)
    client.settimeout(20)
    client.connect((host, DNS))
    for _ in range(3):
        client.send(query)
        assert client.recv(4096)[:2] == b"\x12\x34"
    asking.append(client)

# --- the two tables agree --------------------------------------------------------------------------------------------

rows = sockets("--tcp")
conversations = {(row["local"], row["peer"]): row for row in rows if row["transport"] == "tcp"}
assert set(conversations) == ss_here("-tp", "state", "established"), (conversations, ss("-tp"))
by_peer = {row["peer_port"]: row for row in conversations.values()}
assert set(by_peer) == {client.getsockname()[1] for client in clients}, by_peer
first = by_peer[submission.sock.getsockname()[1]]
assert (first["service"], first["port"], first["local_port"]) == ("smtp", 587, SUBMISSION), first
assert (first["local_address"], first["peer_address"]) == ("127.0.0.1", "127.0.0.1"), first
assert (first["account"], first["tls"], first["cipher"]) == ("ada", *reversed(submission.sock.cipher()[:2])), first
assert by_peer[delivery.sock.getsockname()[1]]["local"] == "[::1]:%d" % SMTP
assert by_peer[waiting.sock.getsockname()[1]]["tls"] == ""
assert by_peer[fetching.sock.getsockname()[1]]["account"] == "grace"

heard = [row for row in sockets("--udp", "--service", "dns") if row["kind"] == "peer"]
system = ss("-u")
for client in asking:
    host, number = client.getsockname()[:2]
    row = next(row for row in heard if row["peer_port"] == number)
    assert row["peer_address"] == host and row["local_port"] == DNS, row
    assert (row["peer"], row["local"]) in system, (row, system)  # the client's own socket, from its end
    assert row["datagrams_in"] >= 3 and row["datagrams_out"] >= 3, row
listening = {local for local, _ in ss_here("-ulp")}
assert {row["local"] for row in heard} <= listening, (heard, listening)
served = json.loads(portolan("ports", "--json"))
bound = {
    ("[%s]:%d" if ":" in place["address"] else "%s:%d") % (place["address"], place["port"])
    for door in served if door["name"] == "domain" and door["transport"] == "udp" for place in door["places"]
}
assert bound == listening, (bound, listening)

# --- filters, and again and again ------------------------------------------------------------------------------------

assert {row["peer_port"] for row in sockets("--account", "ada")} == {submission.sock.getsockname()[1]}
assert len(sockets("--service", "smtp")) == 2 and len(sockets("--service", "submission")) == 1
assert len([row for row in sockets("--peer", "::1", "--tcp")]) == 2
assert sockets("--peer", "192.0.2.0/24") == []

follower = subprocess.Popen(LAUNCHER + ["sockets", "--follow", "1"] + DATA, stdout=subprocess.PIPE, text=True)
heads = 0
while heads < 3:
    line = follower.stdout.readline()
    assert line and "\x1b" not in line, line
    heads += line.startswith(env["DOMAIN"] + ", ")
assert "admin" in portolan("sockets", "--service", "admin")
follower.send_signal(signal.SIGINT)
assert follower.wait() in (130, -signal.SIGINT), follower.returncode

pid, screen = pty.fork()
if pid == 0:
    os.execv(LAUNCHER[0], LAUNCHER + ["sockets", "--watch", "1"] + DATA)
seen = b""
while seen.count(b"\x1b[H") < 3:
    seen += os.read(screen, 65536)
os.write(screen, b"\x03")  # Ctrl-C
status = os.waitpid(pid, 0)[1]
assert os.waitstatus_to_exitcode(status) in (130, -signal.SIGINT), status
assert end_of(submission.sock).encode() in seen
until(lambda: len(sockets("--service", "admin")) == 1, "those who looked on are gone")

# --- the end, with a farewell ----------------------------------------------------------------------------------------

assert portolan("sockets", "close", first["id"]) == "Closed 1 conversation.\n"
farewell = submission.file.readline() if submission.file else submission.sock.makefile("rb").readline()
assert re.match(rb"421 4\.3\.2 .*closed by an administrator", farewell), farewell
assert submission.sock.recv(1) == b""
assert portolan("sockets", "close", "--service", "pop3", "--account", "grace") == "Closed 1 conversation.\n"
farewell = fetching.file.readline()
assert farewell.startswith(b"-ERR ") and b"closed by an administrator" in farewell, farewell
assert fetching.file.read(1) == b""
waiting.capa()
delivery.noop()
left = {delivery.sock.getsockname()[1], waiting.sock.getsockname()[1]}
until(lambda: {r["peer_port"] for r in sockets("--tcp") if r["transport"] == "tcp"} == left, "two are left")
assert {int(port(peer)) for _, peer in ss_here("-t", "state", "established")} == left
events = json.loads(portolan("events", "--last", "50", "--json"))
assert any(e["kind"] == "CHANGED" and e["words"] == "closed 1 conversation: " + first["id"] for e in events), events
assert "no conversation" in portolan("sockets", "close", first["id"], status=1)
portolan("sockets", "close", "--peer", "::1")
assert delivery.getreply()[0] == 421
until(lambda: not ss_here("-t", "state", "established"), "nobody is left")
PYTHON
