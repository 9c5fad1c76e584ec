#!/usr/bin/env bash
# Python's smtplib: clear text, STARTTLS, TLS at once; logins; 8BITMIME, SMTPUTF8, SIZE; the codes of what is refused.
# needs: python3
set -euo pipefail
. "$INTEROP/functions.sh"

cat >try.py <<'PYTHON'
import os, poplib, smtplib, ssl

host, domain, password = os.environ["HOST"], os.environ["DOMAIN"], os.environ["ADA_PASSWORD"]
smtp, submission, smtps, pop3 = (int(os.environ[n]) for n in ("SMTP", "SUBMISSION", "SMTPS", "POP3"))
ada, grace = f"ada@{domain}", f"grace@{domain}"
trust = ssl.create_default_context(cafile=os.environ["CA"])


def taken_from(name):
    """The one message in a mailbox, which is emptied."""
    box = poplib.POP3(host, pop3, timeout=20)
    box.user(name)
    box.pass_(os.environ[name.upper() + "_PASSWORD"])
    assert box.stat()[0] == 1, box.stat()
    lines = box.retr(1)[1]
    box.dele(1)
    box.quit()
    return b"".join(line + b"\r\n" for line in lines)


def refusal(what, *arguments, **options):
    """The reply that smtplib raised."""
    try:
        what(*arguments, **options)
    except smtplib.SMTPRecipientsRefused as e:
        return next(iter(e.recipients.values()))
    except smtplib.SMTPResponseException as e:
        return e.smtp_code, e.smtp_error
    raise AssertionError("was not refused")


head = b"From: grace@client.example\r\nDate: Sat, 21 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@client.example>\r\n"
message = head + b"Subject: Try\r\n\r\n.\r\n..dots\r\nend\r\n"
own = message.replace(b"grace@client.example", ada.encode())  # who has logged in writes as nobody else

# In clear text. RFC 5321 §4.1.1: what EHLO offers; NOOP, RSET, VRFY and HELP never end a session.
with smtplib.SMTP(host, smtp, "client.example", timeout=20) as session:
    code, greeting = session.ehlo()
    assert code == 250 and greeting.split(b"\n")[0].split(b" ")[0] == domain.encode(), greeting
    for extension in ("pipelining", "size", "8bitmime", "smtputf8", "enhancedstatuscodes", "starttls"):
        assert session.has_extn(extension), extension
    assert session.noop()[0] == 250 and session.rset()[0] == 250
    assert session.vrfy("ada")[0] in (250, 252), session.vrfy("ada")
    assert session.docmd("EXPN", "staff")[0] in (252, 502, 550), session.docmd("EXPN", "staff")
    assert session.docmd("FROBNICATE")[0] == 500
    assert session.docmd("RCPT", f"TO:<{ada}>")[0] == 503
    assert session.docmd("MAIL", "FROM:no-brackets")[0] == 501
    assert session.docmd("MAIL", "FROM:<g@client.example> FROBNICATE=1")[0] == 555
    session.sendmail("grace@client.example", [ada], message)
assert taken_from("ada").endswith(b"\r\n" + message)

# HELO alone is enough, as for the oldest clients.
with smtplib.SMTP(host, smtp, timeout=20) as session:
    assert session.helo("client.example")[0] == 250
    session.sendmail("grace@client.example", [ada], message)
assert taken_from("ada").endswith(b"\r\n" + message)

# STARTTLS, the certificate checked, a second one refused; then logins.
for user in ("ada", ada):
    for mechanism in ("PLAIN", "LOGIN"):
        with smtplib.SMTP(host, submission, "client.example", timeout=20) as session:
            session.starttls(context=trust)
            assert session.sock.version() in ("TLSv1.2", "TLSv1.3")
            session.ehlo()
            assert not session.has_extn("starttls")
            assert session.docmd("STARTTLS")[0] in (502, 503), session.docmd("STARTTLS")
            assert refusal(session.sendmail, ada, [grace], message)[0] == 530
            session.user, session.password = user, password
            code, text = session.auth(mechanism, getattr(session, "auth_" + mechanism.lower()))
            assert (code, text[:6]) == (235, b"2.7.0 "), (code, text)
            assert session.docmd("AUTH", "PLAIN")[0] == 503  # RFC 4954 §4: once is enough
            session.sendmail(ada, [grace], own)
        assert taken_from("grace").endswith(b"\r\n" + own)

# TLS at once.
with smtplib.SMTP_SSL(host, smtps, "client.example", timeout=20, context=trust) as session:
    code, text = refusal(session.login, "ada", "wrong")
    assert (code, text[:6]) == (535, b"5.7.8 "), (code, text)
    session.login("ada", password)
    session.sendmail(ada, [ada, grace], own)
    for sender, text in ((grace, own), (ada, message)):
        code, text = refusal(session.sendmail, sender, ["ada@elsewhere.example"], text)
        assert (code, text[:6]) == (550, b"5.7.1 "), (code, text)
    code, text = refusal(session.sendmail, ada, [f"nobody@{domain}"], own)
    assert (code, text[:6]) == (550, b"5.1.1 "), (code, text)
for name in ("ada", "grace"):
    assert taken_from(name).endswith(b"\r\n" + own)

# RFC 6152 and RFC 6531: eight-bit bodies, and addresses in every script.
eight_bit = head + "Subject: Grüße\r\n\r\nblåbærgrød, 你好\r\n".encode()
with smtplib.SMTP(host, smtp, "client.example", timeout=20) as session:
    session.sendmail("g@client.example", [ada], eight_bit, mail_options=["BODY=8BITMIME"])
    assert taken_from("ada").endswith(b"\r\n" + eight_bit)
    session.sendmail("grüße@bücher.example", [ada], eight_bit, mail_options=["BODY=8BITMIME", "SMTPUTF8"])
    got = taken_from("ada")
    assert got.endswith(b"\r\n" + eight_bit) and got.startswith("Return-Path: <grüße@bücher.example>".encode()), got
    code, text = refusal(session.sendmail, "g@client.example", [f"jürgen@{domain}"], eight_bit, mail_options=["SMTPUTF8"])
    assert (code, text[:6]) == (550, b"5.1.1 "), (code, text)

# RFC 1870: too big by what it says, and too big without saying so. Both sessions go on.
with smtplib.SMTP(host, smtp, "client.example", timeout=20) as session:
    session.ehlo()
    limit = int(session.esmtp_features["size"])
    assert 1_000_000 < limit < 3_000_000, limit
    code, text = session.mail("g@client.example", [f"SIZE={limit + 1}"])
    assert (code, text[:6]) == (552, b"5.3.4 "), (code, text)
    too_big = head + b"Subject: Big\r\n\r\n" + (b"x" * 98 + b"\r\n") * (limit // 100 + 1)
    assert session.mail("g@client.example")[0] == 250
    assert session.rcpt(ada)[0] == 250
    code, text = session.data(too_big)
    assert (code, text[:6]) == (552, b"5.3.4 "), (code, text)
    largest = too_big[: limit // 100 * 100 - 100]
    largest = largest[: largest.rindex(b"\r\n") + 2]
    session.sendmail("g@client.example", [ada], largest)
assert taken_from("ada").endswith(b"\r\n" + largest)
PYTHON
/usr/bin/python3 try.py
