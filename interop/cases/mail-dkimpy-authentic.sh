#!/usr/bin/env bash
# Who answers for a message: what dkimpy signs and a domain's SPF record allows is found right, and said on top of it; what
# leaves the site is right to dkimpy and OpenDKIM; pyspf agrees about SPF; the records that mail needs are there to be seen.
# needs: python3 python3-dkim python3-nacl python3-spf opendkim-tools bind9-dnsutils iproute2
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
DOMAIN=home.example
serve_own_network '[screening]' 'refuse_spf_fail = true' 'not_judged = ["192.0.2.1"]' '[resolver]' 'servers = ["192.0.2.1"]'
stop_site
sed -i -E 's/^name = .*/name = "mail.home.example"/; s/^domains = .*/domains = ["home.example", "localhost"]/' "$WORK/portolan.toml"
sed -i 's/^\[smtp\]/[smtp]\nrelay_from = ["192.0.2.1"]/' "$WORK/portolan.toml"
serve_site "$WORK"
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin

# The site's own zone has what its mail needs, and the check sees it there; an empty zone has not.
eventually portolan mail dns "$DOMAIN" --check
portolan mail dns "$DOMAIN" >records
grep -E '^r[0-9]+\._domainkey\.home\.example\. IN TXT "v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{200,}" "' records
grep -F 'home.example. IN TXT "v=spf1 mx -all"' records
portolan domain add empty.example
portolan dns zone add empty.example
must_fail portolan mail dns empty.example --check >seen
grep -E '^missing +empty\.example +MX +10 mail\.home\.example\. +nothing' seen

# A stranger's zone, with the keys of dkimpy.
/usr/bin/python3 - <<'PYTHON'
import base64, subprocess
from nacl.signing import SigningKey
subprocess.run(["openssl", "genrsa", "-out", "rsa.pem", "2048"], check=True, capture_output=True)
der = subprocess.run(["openssl", "rsa", "-in", "rsa.pem", "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
key = SigningKey.generate()
open("ed.key", "wb").write(base64.b64encode(bytes(key)))
def text(value):
    return " ".join(f'"{value[i:i + 200]}"' for i in range(0, len(value), 200))
open("far.example.zone", "w").write(f"""$TTL 60
@ IN SOA ns.far.example. h.far.example. 1 1 1 1 60
@ IN NS mail.home.example.
@ IN MX 10 mx.far.example.
mx IN A 198.18.0.9
@ IN TXT "v=spf1 ip4:198.18.0.7 include:_more.far.example -all"
_more IN TXT "v=spf1 exists:%{{i}}._allowed.%{{d2}} ?all"
198.18.0.10._allowed IN A 127.0.0.2
r._domainkey IN TXT {text('v=DKIM1; k=rsa; p=' + base64.b64encode(der).decode())}
e._domainkey IN TXT {text('v=DKIM1; k=ed25519; p=' + base64.b64encode(bytes(key.verify_key)).decode())}
""")
PYTHON
serve_zone far.example.zone

# The judges, for both directions.
cat >judge.py <<'PYTHON'
import os, poplib, re, smtplib, socket, socketserver, ssl, subprocess, sys, threading
import dkim, spf

TRUST = ssl.create_default_context(cafile=os.environ["CA"])

def dns(name, kind="TXT"):
    name = name.decode() if isinstance(name, bytes) else name
    shown = subprocess.run(["dig", "@192.0.2.1", "+short", name, kind], capture_output=True, text=True, check=True).stdout
    return [line for line in shown.splitlines() if line]

def texts(name, timeout=5):
    found = ["".join(re.findall(r'"([^"]*)"', line)) for line in dns(name)]
    return found[0].encode() if found else None

def look_up(name, kind, *rest, **more):   # what pyspf asks
    for line in dns(name, kind):
        yield ((name, kind), (texts(name),) if kind == "TXT" else line)
spf.DNSLookup = look_up

def mailbox():
    client = poplib.POP3_SSL("192.0.2.1", 995, context=TRUST, timeout=60)
    client.user("ada"); client.pass_(os.environ["ADA_PASSWORD"])
    count = client.stat()[0]
    got = [b"\r\n".join(client.retr(i + 1)[1]) + b"\r\n" for i in range(count)]
    for i in range(count):
        client.dele(i + 1)
    client.quit()
    return got

def send(source, message, sender="grace@far.example"):
    with smtplib.SMTP("192.0.2.1", 25, local_hostname="h.far.example", source_address=(source, 0), timeout=60) as client:
        client.sendmail(sender, ["ada@home.example"], message)
    [got] = mailbox()
    return got

def results(message):
    header = re.sub(rb"\r\n[ \t]+", b" ", message.partition(b"\r\n\r\n")[0]).decode()
    found = re.findall(r"^Authentication-Results: mail\.home\.example;(.*)$", header, re.M)
    assert len(found) == 1, header
    return [part.strip() for part in found[0].split(";")]

PLAIN = (b"From: Grace <grace@far.example>\r\nTo: ada@home.example\r\nSubject:  odd   blanks \r\n"
         b"Authentication-Results: mail.home.example; dkim=pass header.d=bank.example\r\n"
         b"\r\nA line. \r\n\r\n\ttabs\t and  blanks\r\n\r\n\r\n")
rsa, ed = open("rsa.pem", "rb").read(), open("ed.key", "rb").read()

def signed(message, header, body, length=False):
    ways = dict(canonicalize=(header, body), include_headers=[b"from", b"subject", b"to"])
    first = dkim.sign(message, b"r", b"far.example", rsa, length=length, **ways)
    second = dkim.sign(message, b"e", b"far.example", ed, signature_algorithm=b"ed25519-sha256", **ways)
    return second + first + message

for header in (b"relaxed", b"simple"):
    for body in (b"relaxed", b"simple"):
        message = signed(PLAIN, header, body)
        spf_result, *dkim_results = results(send("198.18.0.7", message))
        assert spf_result.startswith("spf=pass"), spf_result
        assert [r[:9] for r in dkim_results] == ["dkim=pass", "dkim=pass"], dkim_results
        assert "header.d=far.example" in dkim_results[0], dkim_results
        changed = results(send("198.18.0.7", message.replace(b"A line", b"A lie")))
        assert [r[:9] for r in changed[1:]] == ["dkim=fail", "dkim=fail"], changed
more = results(send("198.18.0.7", signed(PLAIN, b"relaxed", b"relaxed", length=True) + b"and this\r\n"))
assert sorted(r[:11] for r in more[1:]) == ["dkim=fail r", "dkim=policy"], more

for source, expected in (("198.18.0.7", "pass"), ("198.18.0.10", "pass"), ("198.18.0.8", "fail")):
    theirs = spf.check2(source, "grace@far.example", "h.far.example")[0]
    try:
        ours = results(send(source, PLAIN))[0].split()[0].removeprefix("spf=")
    except smtplib.SMTPException as refusal:
        assert "5.7.23" in str(refusal), refusal
        ours = "fail"
    assert ours == theirs == expected, (source, ours, theirs, expected)
assert results(send("198.18.0.8", PLAIN, "x@empty.example"))[0].startswith("spf=none")

# What leaves: a server of the far domain keeps what it gets.
arrived = threading.Event()
class Far(socketserver.StreamRequestHandler):
    def handle(self):
        say = lambda line: self.wfile.write(line + b"\r\n")
        say(b"220 mx.far.example")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"RCPT" and b"nobody@" in line:
                say(b"550 5.1.1 not here")
                continue
            if verb == b"DATA":
                say(b"354 go on")
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line[1:] if line.startswith(b".") else line)
                open("left.eml", "wb").write(b"".join(lines))
                arrived.set()
            if verb == b"QUIT":
                say(b"221 bye")
                return
            say(b"250 ok")
far = socketserver.ThreadingTCPServer(("198.18.0.9", 25), Far)
threading.Thread(target=far.serve_forever, daemon=True).start()
with smtplib.SMTP_SSL("192.0.2.1", 465, context=TRUST, timeout=60) as client:
    client.login("ada", os.environ["ADA_PASSWORD"])
    client.sendmail("ada@home.example", ["grace@far.example"],
                    b"From: Ada <ada@home.example>\r\nSubject: signed\r\n\r\n.dots\r\nand  blanks \r\n\r\n")
assert arrived.wait(60), "nothing left the site"
left = open("left.eml", "rb").read()
def signed(left):
    for i in range(2):
        assert dkim.DKIM(left).verify(idx=i, dnsfunc=texts), left
        assert not dkim.DKIM(b"Subject: another\r\n" + left).verify(idx=i, dnsfunc=texts), left
signed(left)

# So is what the site itself writes: the report about a message that cannot be delivered.
arrived.clear()
with smtplib.SMTP("192.0.2.1", 25, timeout=60) as client:
    client.sendmail("grace@far.example", ["nobody@far.example"], PLAIN)
assert arrived.wait(60), "no report left the site"
report = open("left.eml", "rb").read()
assert b"multipart/report" in report and b"d=home.example" in report, report
signed(report)
open("left.eml", "wb").write(left)
PYTHON
CA=$DATA/ca.pem ADA_PASSWORD=$ADA_PASSWORD /usr/bin/python3 judge.py

# OpenDKIM asks the system's resolver, which is ours for this once.
echo "nameserver 192.0.2.1" >resolv.conf
unshare --mount sh -c 'mount --bind resolv.conf /etc/resolv.conf && tr -d "\r" <left.eml | opendkim-testmsg'

# New keys are published before they sign, and an old one can be forgotten.
portolan mail dkim rotate
eventually portolan mail dns "$DOMAIN" --check
portolan mail dkim activate
portolan mail dkim list >keys
grep -E '^r[0-9]+b +rsa +signing' keys
old=$(sed -nE 's/^(r[0-9]+) +rsa +retired$/\1/p' keys)
must_fail portolan mail dkim remove "${old}b"
portolan mail dkim remove "$old"
