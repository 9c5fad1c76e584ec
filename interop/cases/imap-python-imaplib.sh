#!/usr/bin/env bash
# Python's imaplib: appending, flags, searching, copying, expunging, IDLE's answers, over TLS and STARTTLS.
# needs: python3
set -euo pipefail
. "$INTEROP/functions.sh"

cat >try.py <<'PYTHON'
import imaplib, os, re, ssl

host, password = os.environ["HOST"], os.environ["ADA_PASSWORD"]
imap, imaps = int(os.environ["IMAP"]), int(os.environ["IMAPS"])
trust = ssl.create_default_context(cafile=os.environ["CA"])


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


box = imaplib.IMAP4(host, imap, timeout=20)
assert "IMAP4REV1" in box.capabilities and "STARTTLS" in box.capabilities, box.capabilities
ok(box.starttls(trust))
try:
    box.login("ada", "wrong")
    raise AssertionError("a wrong password was taken")
except imaplib.IMAP4.error as e:
    assert b"AUTHENTICATIONFAILED" in e.args[0], e
ok(box.login("ada", password))
ok(box.create("Pythons"))
ok(box.create("Kept"))
message = "From: Grace <grace@client.example>\r\nSubject: Grüße\r\n\r\nDear Ada\r\n".encode()
for number in range(5):
    answer = ok(box.append("Pythons", "(\\Seen)" if number % 2 else None, None, message + b"%d\r\n" % number))
    assert re.search(rb"APPENDUID \d+ %d\]" % (number + 1), answer[0]), answer
assert ok(box.select("Pythons")) == [b"5"]
assert ok(box.search(None, "UNSEEN")) == [b"1 3 5"]
assert ok(box.uid("SEARCH", "TEXT", '"dear ada"')) == [b"1 2 3 4 5"]
assert ok(box.search(None, "SUBJECT", "\"Gr\"")) == [b"1 2 3 4 5"]
body = ok(box.fetch("2", "(FLAGS BODY[])"))
assert body[0][1] == message + b"1\r\n", body
assert ok(box.uid("FETCH", "1:3", "(RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
assert b"\\Flagged" in ok(box.store("1", "+FLAGS", "\\Flagged"))[0]
ok(box.copy("1:2", "Kept"))
ok(box.store("1,3", "+FLAGS.SILENT", "\\Deleted"))
assert ok(box.expunge()) in ([b"3", b"1"], [b"1", b"2"])
assert ok(box.uid("SEARCH", "ALL")) == [b"2 4 5"]
assert ok(box.status("Kept", "(MESSAGES UIDNEXT)"))[0].startswith(b'Kept (MESSAGES 2 ')
assert ok(box.sort("(ARRIVAL)", "UTF-8", "ALL")) == [b"1 2 3"]
assert ok(box.getquotaroot("INBOX"))
assert ok(box.namespace())
ok(box.unselect())
ok(box.delete("Pythons"))
assert not any(b"Pythons" in name for name in ok(box.list()))
box.logout()

box = imaplib.IMAP4_SSL(host, imaps, ssl_context=trust, timeout=20)
ok(box.authenticate("PLAIN", lambda _: b"\0ada\0" + password.encode()))
ok(box.select("Kept"))
ok(box.store("1:*", "+FLAGS", "\\Deleted"))
ok(box.close())
ok(box.delete("Kept"))
box.logout()
PYTHON
/usr/bin/python3 try.py
