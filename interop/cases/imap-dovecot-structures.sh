#!/usr/bin/env bash
# The same messages, whole and broken, in Dovecot and here: ENVELOPE, BODYSTRUCTURE, BODY, sizes, every part, its MIME header,
# partials and decoded parts are the same, field by field. Where they are not, the list in the case says why.
# needs: python3 dovecot-imapd
set -euo pipefail
. "$INTEROP/functions.sh"

echo "$ADA_PASSWORD" | portolan account add parts --password-stdin # whose mailbox is new
trap 'portolan account remove parts --yes' EXIT

# Dovecot speaks IMAP on its standard input, as somebody who has logged in, and as anybody but root.
reader=$(id -un)
[ "$reader" != root ] || reader=nobody
mkdir run state mail
chown "$reader" run state mail
chmod 711 "$WORK"
cat >dovecot.conf <<CONF
base_dir = $WORK/run
state_dir = $WORK/state
log_path = $WORK/state/log
ssl = no
mail_location = sdbox:$WORK/mail
mail_uid = $(id -u "$reader")
mail_gid = $(id -g "$reader")
first_valid_uid = 1
first_valid_gid = 1
service stats {
  unix_listener stats-writer {
    mode = 0
  }
}
CONF
chmod 644 dovecot.conf
as_reader=()
[ "$(id -un)" != root ] || as_reader=(setpriv "--reuid=$reader" "--regid=$(id -g "$reader")" --clear-groups)
export DOVECOT="${as_reader[*]} doveadm -c $WORK/dovecot.conf exec imap" USER=$reader

cat >compare.py <<'PYTHON'
import os, re, socket, subprocess, sys


# ---- the messages

def written(path):
    """Name and bytes of each message of a file: \r, \n and \xf6 stand for bytes, ends of lines for nothing."""
    meant = {"r": "\r", "n": "\n"}
    for block in re.split(r"(?m)^# ", open(path).read())[1:]:
        name, text = block.split("\n", 1)
        text = text.split("\n= (")[0].rstrip("\n").replace("\n", "")
        text = re.sub(r"\\(?:([rn])|x([0-9a-f]{2}))", lambda m: meant.get(m[1]) or chr(int(m[2], 16)), text)
        yield name, text.encode("latin-1")


def made():
    """Name and bytes of what is too much to be written down."""
    def deep(levels, kind):
        heads = [f"Content-Type: {kind}; boundary=\"<{n}>\"\r\n\r\n--<{n}>\r\n" for n in range(levels)]
        return "Subject: deep\r\n" + "".join(heads) + "\r\nx\r\n" + "".join(f"--<{n}>--\r\n" for n in reversed(range(levels)))

    head = "Subject: many\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    yield "multiparts 98 deep", deep(98, "multipart/mixed")
    yield "multiparts 1,000 deep", deep(1000, "multipart/mixed")
    yield "digests 40 deep", deep(40, "multipart/digest")
    yield "messages 98 deep", "Content-Type: message/rfc822\r\n\r\n" * 98 + "Subject: x\r\n\r\nx\r\n"
    yield "messages 1,000 deep", "Content-Type: message/rfc822\r\n\r\n" * 1000 + "Subject: x\r\n\r\nx\r\n"
    yield "500 parts", head + "".join(f"--b\r\nContent-ID: <{n}>\r\n\r\n{n}\r\n" for n in range(500)) + "--b--\r\n"
    yield "a header of 10 MB", "Subject: large\r\n" + f"X-Large: {'x' * 980}\r\n" * 10_500 + "To: a@b\r\n\r\nx\r\n"
    yield "2,000 recipients", "To: " + ",\r\n ".join(f"Name {n} <a{n}@b>" for n in range(2000)) + "\r\n\r\nx\r\n"
    yield "a long subject", "Subject: " + "\r\n ".join(["word" * 20] * 100) + "\r\n\r\nx\r\n"
    yield "100 parameters", "Content-Type: text/plain" + "".join(f";\r\n p{n}=v{n}" for n in range(100)) + "\r\n\r\nx\r\n"
    yield "a line of 100,000 octets", "Subject: x\r\n\r\n" + "y" * 100_000 + "\r\n"
    yield "comments 90 deep", "From: a@b " + "(" * 90 + ")" * 90 + "\r\nTo: c@d\r\n\r\nx\r\n"


# ---- the two servers

class Server:
    def __init__(self, reads, writes):
        self.reads, self.writes, self.tag = reads, writes, 0
        self.reads.readline()

    def say(self, command, literal=None):
        """The untagged responses as values, and what stands behind the tag."""
        self.tag += 1
        self.writes.write(b"t%d %s" % (self.tag, command.encode()))
        if literal is not None:
            self.writes.write(b" {%d+}\r\n%s" % (len(literal), literal))
        self.writes.write(b"\r\n")
        self.writes.flush()
        responses = []
        while True:
            line = self.response()
            if line.startswith(b"t%d " % self.tag):
                return responses, line.split(b" ", 1)[1].decode()
            responses.append(line)

    def response(self):
        parts = []
        while True:
            line = self.reads.readline()
            assert line.endswith(b"\r\n"), parts
            parts.append(line)
            literal = re.search(rb"\{(\d+)\}\r\n$", line)
            if not literal:
                return b"".join(parts)
            parts.append(self.reads.read(int(literal[1])))

    def ok(self, command, literal=None):
        responses, answer = self.say(command, literal)
        assert answer.startswith("OK"), (command, answer)
        return responses

    def fetch(self, number, items):
        """Each item's value, by its name; or the refusal of them."""
        responses, answer = self.say(f"FETCH {number} ({items})")
        if not answer.startswith("OK"):
            return {items: answer.split()[0]}
        values = {}
        for response in responses:
            if re.match(rb"\* \d+ FETCH ", response):
                pairs = parse(response[response.index(b"("):])
                values.update(zip((name.decode().upper() for name in pairs[::2]), pairs[1::2]))
        return values


def parse(response):
    """Lists, bytes (atoms, strings), None for NIL; numbers as numbers."""
    stack, at = [[]], 0
    token = re.compile(rb'\(|\)| |"((?:[^"\\]|\\.)*)"|~?\{(\d+)\}\r\n|((?:\[[^\]]*\]|[^ ()\r\[])+)(<\d+>)?', re.S)
    while True:
        found = token.match(response, at)
        assert found, response[at:at + 80]
        at = found.end()
        if found[0] == b"(":
            stack.append([])
        elif found[0] == b")":
            done = stack.pop()
            stack[-1].append(done)
            if len(stack) == 1:
                return done
        elif found[1] is not None:
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", found[1], flags=re.S))
        elif found[2] is not None:
            stack[-1].append(response[at:at + int(found[2])])
            at += int(found[2])
        elif found[0] != b" ":
            stack[-1].append(None if found[0] == b"NIL" else int(found[0]) if found[0].isdigit() else found[0])


def ours():
    line = socket.create_connection(("127.0.0.1", int(os.environ["IMAP"])), 60)
    server = Server(line.makefile("rb"), line.makefile("wb"))
    server.ok(f"LOGIN parts {os.environ['ADA_PASSWORD']}")
    return server


def dovecot():
    process = subprocess.Popen(os.environ["DOVECOT"].split(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return Server(process.stdout, process.stdin)


# ---- what is asked of a message

def sections(structure, path, found):
    """What can be asked of a part and of those below it, and some of what cannot."""
    here = ".".join(map(str, path))
    several = isinstance(structure[0], list)
    if path:
        found += [f"BODY.PEEK[{here}]", f"BODY.PEEK[{here}.MIME]", f"BODY.PEEK[{here}]<1.7>"]
    if several:
        for number, child in enumerate([part for part in structure[:20] if isinstance(part, list)], 1):
            if structure[number - 1] is child:
                sections(child, path + [number], found)
    elif not path:
        sections(structure, [1], found)
    elif structure[0].lower() == b"message" and len(structure) > 8 and isinstance(structure[8], list):
        found += [f"BODY.PEEK[{here}.{text}]" for text in ("HEADER", "TEXT", "HEADER.FIELDS (SUBJECT)", "HEADER.FIELDS.NOT (SUBJECT)")]
        inside = structure[8]
        sections(inside, path if isinstance(inside[0], list) else path + [1], found)
    else:
        found += [f"BINARY.PEEK[{here}]", f"BINARY.SIZE[{here}]"]


def asked(structure):
    found = []
    sections(structure, [], found)
    whole = ["BODY.PEEK[]", "BODY.PEEK[HEADER]", "BODY.PEEK[TEXT]", "BODY.PEEK[]<3.20>",
             "BODY.PEEK[HEADER.FIELDS (FROM SUBJECT X-Y)]", "BODY.PEEK[HEADER.FIELDS.NOT (FROM SUBJECT CONTENT-TYPE)]"]
    return whole + found[:60]


ENVELOPE = "date subject from sender reply-to to cc bcc in-reply-to message-id".split()


def differences(item, one, two):
    """The places where two answers differ: the innermost lists of as many values."""
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for at, (a, b) in enumerate(zip(one, two)):
            if a != b:
                inner = list(differences("", a, b)) if item != "ENVELOPE" else [("", a, b)]
                for place, c, d in inner:
                    yield f"{item} {ENVELOPE[at] if item == 'ENVELOPE' else place}".strip(), c, d
    elif one != two:
        yield item, one, two


# ---- where they differ, and why: a pattern for the message, one for the place, what else is true of the two, the reason

def but_ends(a, b):
    return isinstance(a, bytes) and isinstance(b, bytes) and a.rstrip(b"\r\n") == b.rstrip(b"\r\n")


def any_way(a, b):
    return True


HEADER = r"BODY\[.*(HEADER|MIME).*\]"
REASONS = [
    (".*", r"BODY\[[\d.]+\](<1>)?", but_ends,
     "the line end before a boundary is the boundary's (RFC 2046 5.1.1), behind a multipart as well"),
    (".*", HEADER, but_ends,
     "where a boundary or the end cuts a header off, no empty line is made up, and none is taken away"),
    (".*", r"BODY\[.*HEADER.FIELDS.NOT.*\]", lambda a, b: b.startswith(b"--") or b"\r\n--" in b and b"--" not in a,
     "Dovecot reads on behind the boundary that cuts the header off"),
    ("a header of blanks", r"BODY\[HEADER.FIELDS.NOT.*\]", any_way, "a fold of nothing is no field"),
    ("lines that end|CR inside", r"(BODY|BINARY|RFC822).*", any_way,
     "messages are kept as they come: here no CR is put before an LF, and none is taken away"),
    ("CR inside", "ENVELOPE subject", any_way, "the same in what a field says"),
    ("RFC 5322 A.5", "ENVELOPE date", any_way, "a fold is one blank, however far the next line is indented"),
    ("RFC 2387", "BODY|BODYSTRUCTURE", lambda a, b: isinstance(a, bytes) and a.split() == b.split(), "the same"),
    ("RFC 2387", "BODYSTRUCTURE", lambda a, b: b == [b"en", b"de"] and a == b + [b"fr"],
     "languages stand between commas, whatever else is written behind one"),
    ("dates and identifiers", "ENVELOPE subject", any_way, "a tab inside a line stays one"),
    ("RFC 5322 A.6.1", "ENVELOPE to", any_way, "nothing between two commas is nobody (RFC 5322 4.4)"),
    ("fields that are there and empty", "ENVELOPE (sender|reply-to)", any_way, "the same"),
    ("addresses that are broken|quoting that ends nowhere", "ENVELOPE .*", any_way,
     "what comes behind a broken address is still shown, and what would have been a name is one"),
    ("control characters", "ENVELOPE .*|BODY|BODYSTRUCTURE", any_way, "control characters are read like others"),
    ("quoting that ends nowhere", "BODY|BODYSTRUCTURE", any_way, "a quoted string without an end goes to the field's end"),
    ("fields that are there and empty", "BODYSTRUCTURE", any_way, "a disposition that says nothing is none"),
    ("content types that are none", "(BODY|BODYSTRUCTURE|BINARY).*", any_way, "what could be read of a type is shown"),
    ("RFC 2231, pieces", "BODY|BODYSTRUCTURE", any_way, "pieces without their beginning, doubled or out of order mean nothing in particular"),
    ("encodings|fields that are there and empty|disp2", r"BINARY.*", any_way,
     "what is no encoding is 7bit, as both say in BODYSTRUCTURE; base64 is decoded as far as it goes (RFC 2045 6.8)"),
    ("RFC 2049", r"BINARY.*", any_way, "base64 is decoded as far as it goes, and other parts beside it can be asked for"),
    ("RFC 2387", r"BINARY.SIZE\[1\]", any_way, "the part has 17 octets, which Dovecot says itself in BODYSTRUCTURE"),
]
pair = ours(), dovecot()
messages = [message for path in sys.argv[1:] for message in written(path)]
messages += [(name, text.encode()) for name, text in made()]
messages = [(name, message) for name, message in messages if message] # neither takes one without an octet
for server in pair:
    for _, message in messages:
        server.ok("APPEND INBOX", message)
    server.ok("SELECT INBOX")
compared, used, unexplained = 0, set(), 0
for number, (name, message) in enumerate(messages, 1):
    answers = [server.fetch(number, "RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY") for server in pair]
    for item in asked(answers[1]["BODYSTRUCTURE"]):
        for server, answer in zip(pair, answers):
            answer.update(server.fetch(number, item))
    for item in sorted(set(answers[0]) | set(answers[1])):
        compared += 1
        for place, one, two in differences(item, *(answer.get(item, "nothing") for answer in answers)):
            why = [at for at, (message_is, place_is, both, _) in enumerate(REASONS)
                   if re.match(message_is, name) and re.fullmatch(place_is, place) and both(one, two)]
            used.update(why[:1])
            if not why:
                unexplained += 1
                print(f"{name} | {place}\n    here    {str(one)[:300]}\n    Dovecot {str(two)[:300]}")
print(compared, "answers about", len(messages), "messages compared")
assert compared > 2400
assert not unexplained, unexplained
assert len(used) == len(REASONS), [reason for at, reason in enumerate(REASONS) if at not in used]
PYTHON
/usr/bin/python3 compare.py "$REPOSITORY/stores/src/test/resources/org/portolan/stores/mime/dovecot.txt" "$INTEROP/messages/torture.txt"
