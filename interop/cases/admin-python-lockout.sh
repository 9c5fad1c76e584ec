#!/usr/bin/env bash
# A storm of guesses from many addresses, at every service that has log-ins: each guesser is refused after its tenth
# failure, at the other services too; the owner gets in all the while; an administrator sees and lifts it.
# needs: python3 python3-paramiko iproute2 curl
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
serve_own_network '[lockout]' 'delay = "5 ms"' 'per_network = 1000' 'per_account = 60'
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin
CA=$DATA/ca.pem /usr/bin/python3 - <<'PYTHON'
import ftplib, imaplib, os, poplib, smtplib, socket, ssl, threading
import paramiko

SITE = "192.0.2.1"
TRUST = ssl.create_default_context(cafile=os.environ["CA"])
PASSWORD = os.environ["ADA_PASSWORD"]

def pop3(source, password):
    class Pop3(poplib.POP3_SSL):
        def _create_socket(self, timeout):
            plain = socket.create_connection((self.host, self.port), timeout, source_address=(source, 0))
            return self.context.wrap_socket(plain, server_hostname=self.host)
    client = Pop3(SITE, 995, timeout=60, context=TRUST)
    try:
        client.user("ada")
        client.pass_(password)
        return "in"
    except poplib.error_proto as refusal:
        words = refusal.args[0].decode()
        return "refused" if "[SYS/TEMP]" in words else "failed" if "[AUTH]" in words else words
    finally:
        client.close()

def smtp(source, password):
    with smtplib.SMTP_SSL(SITE, 465, timeout=60, context=TRUST, source_address=(source, 0)) as client:
        try:
            client.ehlo("client.example")
            client.user, client.password = "ada", password
            client.auth("PLAIN", client.auth_plain)
            return "in"
        except smtplib.SMTPAuthenticationError as refusal:
            return {454: "refused", 535: "failed"}.get(refusal.smtp_code, refusal)

def imap(source, password):
    class Imap(imaplib.IMAP4_SSL):
        def _create_socket(self, timeout):
            plain = socket.create_connection((self.host, self.port), 60, source_address=(source, 0))
            return self.ssl_context.wrap_socket(plain, server_hostname=self.host)
    with Imap(SITE, 993, ssl_context=TRUST) as client:
        try:
            client.login("ada", password)
            return "in"
        except imaplib.IMAP4.error as refusal:
            words = str(refusal)
            return "refused" if "[UNAVAILABLE]" in words else "failed" if "[AUTHENTICATIONFAILED]" in words else words

def ftp(source, password):
    with ftplib.FTP_TLS(context=TRUST, timeout=60, source_address=(source, 0)) as client:
        client.connect(SITE, 21)
        try:
            client.login("ada", password)
            return "in"
        except ftplib.error_perm as refusal:
            return "refused" if "too many wrong passwords" in str(refusal) else "failed"

def ssh(source, password):
    """Says no to both, those whom it refuses and those who are wrong: the protocol knows one word for it."""
    plain = socket.create_connection((SITE, 22), 60, source_address=(source, 0))
    transport = paramiko.Transport(plain)
    try:
        transport.start_client(timeout=60)
        transport.auth_password("ada", password)
        return "in"
    except paramiko.AuthenticationException:
        return "no"
    finally:
        transport.close()

WAYS = [pop3, smtp, imap, ftp, ssh]
HOME = "198.18.9.1"
assert [way(HOME, PASSWORD) for way in WAYS] == ["in"] * len(WAYS)
results = {}

def guess(source):
    results[source] = [WAYS[i % len(WAYS)](source, f"guess {i} of {source}") for i in range(15)]

guessers = [threading.Thread(target=guess, args=(f"198.18.0.{i}",)) for i in range(1, 9)]
for guesser in guessers:
    guesser.start()
owner = []
while any(guesser.is_alive() for guesser in guessers):
    owner += [way(HOME, PASSWORD) for way in WAYS]
assert set(owner) == {"in"}, owner
for source, answers in results.items():
    # the account itself is shut to strangers after sixty failures of all of them
    guessed = answers.index("refused")
    assert guessed <= 10, (source, answers)
    assert set(answers[:guessed]) <= {"failed", "no"} and set(answers[guessed:]) <= {"refused", "no"}, (source, answers)
    # not even the right password lets one in who is refused, at whichever service
    right = [way(source, PASSWORD) for way in WAYS]
    assert right == ["refused"] * (len(WAYS) - 1) + ["no"], (source, right)
assert sum(answers.index("refused") for answers in results.values()) >= 60
print(results)
PYTHON
portolan lockout list | tee refused
grep -E '^ *ada ' refused
portolan events --kind locked_out --json | grep -c 'log-ins are refused until'
portolan lockout lift ada
while read -r who _; do portolan lockout lift "$who"; done < <(grep -oE '^198\.18[0-9.]+' refused)
portolan lockout list --json | grep -E '^\[ *\]$'
CA=$DATA/ca.pem curl -sS --interface 198.18.0.1 --cacert "$DATA/ca.pem" pop3s://192.0.2.1 -u "ada:$ADA_PASSWORD"
must_fail portolan lockout lift ada
