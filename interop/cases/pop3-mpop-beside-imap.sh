#!/usr/bin/env bash
# mpop and fetchmail take mail away while IMAP sessions have the mailbox open: those hear EXPUNGE, or VANISHED, once POP3 has
# said QUIT; what IMAP appends, moves away and expunges is what the next POP3 session finds.
# needs: mpop fetchmail python3 curl
set -euo pipefail
. "$INTEROP/functions.sh"

cat >mpoprc <<RC
account default
host $HOST
port $POP3S
user ada
password $ADA_PASSWORD
tls on
tls_starttls off
tls_trust_file $CA
RC
chmod 600 mpoprc
mkdir -p box/{cur,new,tmp} no-other-authorities
cat >fetchmailrc <<RC
poll $HOST protocol POP3 service $POP3S uidl
    user "ada" password "$ADA_PASSWORD" ssl
    sslcertck sslcertfile "$CA" sslcertpath "$WORK/no-other-authorities"
    mda "cat >>fetched; echo END-OF-MESSAGE >>fetched"
RC
chmod 600 fetchmailrc
for name in one two three; do
    letter "$name" >letter.eml
    curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T letter.eml
done

cat >beside.py <<'PYTHON'
import imaplib, os, re, subprocess

host, secret = os.environ["HOST"], os.environ["ADA_PASSWORD"]


def imap(*enabled):
    box = imaplib.IMAP4(host, int(os.environ["IMAP"]), timeout=60)
    box.login("ada", secret)
    for word in enabled:
        assert box._simple_command("ENABLE", word)[0] == "OK"
    box.select()
    return box


def heard(box, word):
    """What NOOP tells of this kind."""
    box.noop()
    return [line for line in box.response(word)[1] if line is not None]


def mpop(*options):
    subprocess.run(["mpop", "--file=mpoprc", "--delivery=maildir,box", "--uidls-file=uidls", *options], check=True, timeout=60)
    return len(os.listdir("box/new"))


def fetchmail(*options):
    line = ["fetchmail", "--fetchmailrc", "fetchmailrc", "--idfile", "ids", "--pidfile", os.environ["WORK"] + "/pid", "--nosyslog"]
    subprocess.run([*line, *options], check=True, timeout=60)
    return re.findall(r"^Subject: (.*)$", open("fetched").read(), re.M)


def append(box, name):
    answer = box.append("INBOX", None, None, f"Subject: {name}\r\n\r\n{name}\r\n".encode())[1][0]
    return int(re.search(rb"APPENDUID \d+ (\d+)", answer)[1])


plain, quick, idle = imap(), imap("QRESYNC"), imap()
uids = [int(uid) for uid in plain.uid("SEARCH", "ALL")[1][0].split()]
idle.send(b"i1 IDLE\r\n")
while not idle.readline().startswith(b"+ "):
    pass

# mpop keeps what it reads: nobody hears of anything. Then it takes all away.
assert mpop("--keep=on") == 3
assert heard(plain, "EXPUNGE") == [] and heard(quick, "VANISHED") == []
assert mpop("--keep=off") >= 3
numbers = [1, 2, 3]
for number in heard(plain, "EXPUNGE"):
    del numbers[int(number) - 1]
assert numbers == []
gone = heard(quick, "VANISHED")
assert [line.decode() for line in gone] == [f"{uids[0]}:{uids[-1]}"], gone
assert [idle.readline().split()[2] for _ in uids] == [b"EXPUNGE"] * 3
idle.send(b"DONE\r\n")
while not idle.readline().startswith(b"i1 OK"):
    pass
assert plain.uid("SEARCH", "ALL")[1] == [b""] and plain.status("INBOX", "(MESSAGES)")[1] == [b"INBOX (MESSAGES 0)"]

# What IMAP appends, POP3 finds: with new names, and no uid is used again.
later = [append(plain, name) for name in ("four", "five", "six", "seven")]
assert min(later) > max(uids)
plain.noop()
plain.store("2", "+FLAGS", r"(\Deleted \Seen)")
plain.expunge()
archived = int(re.search(rb"MESSAGES (\d+)", plain.status("Archive", "(MESSAGES)")[1][0])[1])  # by cases before this one
assert plain.uid("MOVE", str(later[2]), "Archive")[0] == "OK"
assert fetchmail("--keep") == ["four", "seven"]
assert heard(quick, "EXPUNGE") == []

# fetchmail takes the new one and throws away those that it has; what IMAP has moved elsewhere stays.
append(quick, "eight")
plain.noop()
plain.response("EXPUNGE")
assert fetchmail("--nokeep", "--flush") == ["four", "seven", "eight"]
assert len(heard(plain, "EXPUNGE")) == 3
assert plain.status("INBOX", "(MESSAGES)")[1] == [b"INBOX (MESSAGES 0)"]
last = str(archived + 1)
assert plain.select("Archive")[1] == [last.encode()]
plain.store(last, "+FLAGS", r"(\Deleted)")
plain.expunge()
for box in (plain, quick, idle):
    box.logout()
PYTHON
/usr/bin/python3 beside.py
[ "$(messages ada)" -eq 0 ]
