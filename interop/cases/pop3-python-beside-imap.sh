#!/usr/bin/env bash
# POP3 and IMAP on one mailbox at once: what POP3 deletes is announced to an open IMAP session when RFC 9051 §7.5.1
# allows it, what IMAP expunges leaves POP3's numbers as they were, and UIDL names the same message in every session.
# needs: python3 curl
set -euo pipefail
. "$INTEROP/functions.sh"

for name in one two three four; do
    letter "$name" >letter.eml
    curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T letter.eml
done
cat >beside.py <<'PYTHON'
import imaplib, os, poplib, ssl

host, secret = os.environ["HOST"], os.environ["ADA_PASSWORD"]
trust = ssl.create_default_context(cafile=os.environ["CA"])


def pop3():
    pop = poplib.POP3(host, int(os.environ["POP3"]), timeout=60)
    pop.stls(trust)
    pop.user("ada")
    pop.pass_(secret)
    return pop


def subject(lines):
    return next(line for line in lines if line.startswith(b"Subject: "))[9:].decode()


def names(pop):
    """The subject of each UIDL."""
    uidl = (line.split() for line in pop.uidl()[1])
    return {unique: subject(pop.top(int(number), 0)[1]) for number, unique in uidl}


imap = imaplib.IMAP4(host, int(os.environ["IMAP"]), timeout=60)
imap.starttls(trust)
imap.login("ada", secret)
assert imap.select()[1] == [b"4"]

# Deleted by POP3: first nothing, then all at once when POP3 says QUIT.
pop = pop3()
before = names(pop)
assert sorted(before.values()) == ["four", "one", "three", "two"], before
assert [subject(pop.retr(n)[1]) for n in (1, 2, 3, 4)] == ["one", "two", "three", "four"]
pop.dele(1)
pop.dele(3)
imap.noop()
assert imap.response("EXPUNGE")[1] == [None]
pop.quit()

# RFC 9051 §7.5.1: not in the answer to FETCH, whose numbers are the client's; then with NOOP.
status, found = imap.fetch("4", "(UID)")
assert status == "OK" and imap.response("EXPUNGE")[1] == [None], found
imap.noop()
gone = imap.response("EXPUNGE")[1]
numbers = [1, 2, 3, 4]
for number in gone:
    del numbers[int(number) - 1]
assert numbers == [2, 4], gone
status, found = imap.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
assert [part[1].split()[1] for part in found if isinstance(part, tuple)] == [b"two", b"four"], found

# Expunged by IMAP: POP3's list stays as it was when it logged in.
pop = pop3()
assert names(pop) == {unique: name for unique, name in before.items() if name in ("two", "four")}
imap.store("1", "+FLAGS", r"(\Deleted)")
imap.expunge()
assert pop.stat()[0] == 2 and len(pop.list()[1]) == 2
assert subject(pop.retr(2)[1]) == "four"
try:
    assert subject(pop.retr(1)[1]) == "two"
except poplib.error_proto as gone:
    print("two:", gone)
pop.dele(1)
pop.quit()

pop = pop3()
assert names(pop) == {unique: name for unique, name in before.items() if name == "four"}
pop.quit()
imap.logout()
PYTHON
/usr/bin/python3 beside.py
