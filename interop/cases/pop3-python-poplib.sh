#!/usr/bin/env bash
# Python's poplib: every verb, messages byte for byte, the exclusive lock, and that QUIT alone makes deletions count.
# needs: python3
set -euo pipefail
. "$INTEROP/functions.sh"

cat >try.py <<'PYTHON'
import os, poplib, re, smtplib, ssl, time

host, domain, password = os.environ["HOST"], os.environ["DOMAIN"], os.environ["ADA_PASSWORD"]
smtp, pop3, pop3s = (int(os.environ[n]) for n in ("SMTP", "POP3", "POP3S"))
trust = ssl.create_default_context(cafile=os.environ["CA"])


def opened(word=password):
    box = poplib.POP3(host, pop3, timeout=20)
    box.user("ada")
    box.pass_(word)
    return box


def refusal(what, *arguments):
    try:
        what(*arguments)
    except poplib.error_proto as e:
        return e.args[0] if isinstance(e.args[0], bytes) else str(e.args[0]).encode()
    raise AssertionError("was not refused")


def deliver(message):
    with smtplib.SMTP(host, smtp, "client.example", timeout=20) as session:
        session.sendmail("g@client.example", [f"ada@{domain}"], message, mail_options=["BODY=8BITMIME"])


head = b"From: g@client.example\r\nDate: Sat, 21 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@client.example>\r\n"
messages = [
    head + b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n\r\n.\r\n",
    head + b"Subject: nothing below\r\n\r\n",
    head + b"Subject: every other byte\r\n\r\n" + bytes(b for b in range(1, 256) if b not in b"\r\n") + b"\r\n",
    head + b"Subject: lines\r\n\r\n" + b"".join(b"line %d\r\n" % n for n in range(1, 1001)),
]
for message in messages:
    deliver(message)

# RFC 2449: what is offered, before the login and after it.
box = poplib.POP3(host, pop3, timeout=20)
offered = box.capa()
for capability in ("TOP", "UIDL", "USER", "STLS", "SASL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING"):
    assert capability in offered, (capability, offered)
assert {"PLAIN", "SCRAM-SHA-256"} <= set(offered["SASL"]), offered
# No APOP: it wants the password itself kept at the server.
assert b"<" not in box.getwelcome(), box.getwelcome()
assert refusal(box.apop, "ada", password) == b"-ERR APOP not supported by server"
assert refusal(box.stat).startswith(b"-ERR")  # not before the login
assert refusal(box.retr, 1).startswith(b"-ERR")
box.quit()

# RFC 3206: a wrong password and an unknown name are told in the same words.
box = poplib.POP3(host, pop3, timeout=20)
box.user("ada")
wrong_password = refusal(box.pass_, "wrong")
assert wrong_password.startswith(b"-ERR [AUTH]"), wrong_password
box.user("nobody")
assert refusal(box.pass_, "wrong") == wrong_password
box.user("ada")
box.pass_(password)  # the session goes on
box.quit()

# STLS, the certificate checked, then everything again under it; and TLS at once.
box = poplib.POP3(host, pop3, timeout=20)
box.stls(context=trust)
assert "STLS" not in box.capa(), box.capa()
box.user(f"ada@{domain}")
box.pass_(password)
under_stls = box.uidl()[1]
box.quit()
box = poplib.POP3_SSL(host, pop3s, timeout=20, context=trust)
box.user("ada")
box.pass_(password)
assert box.uidl()[1] == under_stls
box.quit()

# Each message as it was sent, below what the delivery added; sizes are true (RFC 1939 §11).
box = opened()
count, total = box.stat()
assert count == len(messages), count
sizes = [int(line.split()[1]) for line in box.list()[1]]
assert sum(sizes) == total, (sizes, total)
for number, message in enumerate(messages, 1):
    response, lines, octets = box.retr(number)
    got = b"".join(line + b"\r\n" for line in lines)
    assert got.endswith(b"\r\n" + message), (number, got)
    delivered = rb"Return-Path: <g@client.example>\r\n(Authentication-Results: [^\r]*\r\n([ \t][^\r]*\r\n)*)?Received: "
    assert re.match(delivered, got), got[:2000]
    assert len(got) == sizes[number - 1] == int(box.list(number).split()[2]), number
    assert box.uidl(number).split()[2] == under_stls[number - 1].split()[1]
# TOP: the head, the empty line, and so many lines of the body; more than there are is no error.
got = box.retr(4)[1]
end = got.index(b"")
for lines in (0, 1, 10, 1000, 2**31 - 1):
    assert box.top(4, lines)[1] == got[: end + 1 + lines], lines
assert box.top(2, 0)[1] == box.retr(2)[1]
box.noop()
for number in (0, 5, 2**63):
    for verb in (box.retr, box.dele, box.uidl):
        assert refusal(verb, number).startswith(b"-ERR"), (verb, number)
assert refusal(box._shortcmd, "FROBNICATE").startswith(b"-ERR")
assert refusal(box._shortcmd, "TOP 1").startswith(b"-ERR")

# DELE hides a message from the rest of the session, RSET shows it again.
box.dele(2)
assert refusal(box.retr, 2).startswith(b"-ERR")
assert refusal(box.dele, 2).startswith(b"-ERR")
assert [line.split()[0] for line in box.list()[1]] == [b"1", b"3", b"4"]
assert box.stat() == (3, total - sizes[1])
box.rset()
assert box.stat() == (4, total)

# RFC 1939 §4, RFC 2449 §8.1.1: the maildrop is one session's alone; RFC 1939 §8: what arrives meanwhile is seen later.
second = poplib.POP3(host, pop3, timeout=20)
second.user("ada")
locked = refusal(second.pass_, password)
assert locked.startswith(b"-ERR [IN-USE]"), locked
second.close()
deliver(messages[0])
assert box.stat()[0] == 4
box.dele(1)
box.quit()
box = opened()
assert box.stat()[0] == 4
names = box.uidl()[1]
assert [n.split()[1] for n in names[:3]] == [n.split()[1] for n in under_stls[1:]]

# RFC 1939 §6: a session that is not left by QUIT removes nothing, and its lock does not outlive it.
box.dele(1)
box.dele(2)
box.close()
give_up = time.monotonic() + 20
while True:
    try:
        box = opened()
        break
    except poplib.error_proto as e:
        assert b"[IN-USE]" in e.args[0] and time.monotonic() < give_up, e
assert box.uidl()[1] == names
for number in range(1, 5):
    box.dele(number)
box.quit()
box = opened()
assert box.stat() == (0, 0)
assert box.list()[1] == [] and box.uidl()[1] == []
box.quit()
PYTHON
/usr/bin/python3 try.py
