#!/usr/bin/env bash
# What Python sends with BODY=BINARYMIME, bytes of every kind in nested parts, comes to a reader as mail that any program can
# read: the same bytes, in base64; what was no binary part is as it was.
# needs: python3
set -euo pipefail
. "$INTEROP/functions.sh"

export SMTP POP3 DOMAIN
/usr/bin/python3 - <<'PYTHON'
import email, email.policy, os, poplib, random, smtplib

BYTES = bytes(range(256)) * 40 + b"\r\n--outer\r\n.\r\n--outer-\n--inner--x\r\n" + random.randbytes(100_000) + b"\r\n"


def part(type, encoding, body):
    return f"Content-Type: {type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body


# The boundaries of the parts do not occur in the bytes: that is what a boundary is.
inner = (b"--in ner\r\n" + part("application/octet-stream", "BINARY", BYTES)
         + b"\r\n--in ner\r\n" + part("text/plain; charset=utf-8", "8bit", "Größe\r\n".encode()) + b"\r\n--in ner--\r\n")
whole = (b"From: ann@client.example\r\nSubject: bytes\r\nMIME-Version: 1.0\r\n"
         b'Content-Type: multipart/mixed;\r\n\tboundary="=next="\r\nContent-Transfer-Encoding: binary\r\n\r\n'
         b"--=next=\r\n" + part('multipart/alternative; boundary="in ner"', "binary", inner)
         + b"\r\n--=next=\r\n" + part("message/rfc822", "binary", b"Subject: within\r\n" + part("image/png", "binary", BYTES))
         + b"\r\n--=next=\r\n" + part("application/octet-stream", "binary", b"") + b"\r\n--=next=--\r\n")
with smtplib.SMTP("127.0.0.1", int(os.environ["SMTP"]), timeout=60) as smtp:
    smtp.ehlo("client.example")
    assert smtp.has_extn("binarymime") and smtp.has_extn("chunking")
    assert smtp.mail("ann@client.example", ["BODY=BINARYMIME"])[0] == 250
    assert smtp.rcpt("ada@" + os.environ["DOMAIN"])[0] == 250
    at = 0
    while at < len(whole):
        size = min(random.randint(1, 30_000), len(whole) - at)
        last = at + size == len(whole)
        smtp.send(f"BDAT {size}{' LAST' if last else ''}\r\n".encode() + whole[at:at + size])
        assert smtp.getreply()[0] == 250
        at += size

pop3 = poplib.POP3("127.0.0.1", int(os.environ["POP3"]), timeout=60)
pop3.user("ada")
pop3.pass_(os.environ["ADA_PASSWORD"])
lines = pop3.retr(1)[1]
pop3.dele(1)
pop3.quit()
assert not any(b"\0" in line or len(line) > 998 for line in lines)
got = email.message_from_bytes(b"\r\n".join(lines) + b"\r\n", policy=email.policy.SMTP)
outer = got.get_payload()
assert got["Content-Transfer-Encoding"] == outer[0]["Content-Transfer-Encoding"] == outer[1]["Content-Transfer-Encoding"] == "8bit"
binary, text = outer[0].get_payload()
assert binary["Content-Transfer-Encoding"] == "base64" and binary.get_payload(decode=True) == BYTES
assert text.get_payload(decode=True).decode() == "Größe\r\n"
[within] = outer[1].get_payload()
assert within["Subject"] == "within" and within.get_payload(decode=True) == BYTES
assert outer[2].get_payload(decode=True) == b""
PYTHON
