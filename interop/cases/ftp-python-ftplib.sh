#!/usr/bin/env bash
# Python's ftplib: in TLS with sessions resumed, MLSD, abort, STAT while a transfer runs; a thousand PASV, many
# half-open log-ins, thieves of data connections and conversations that vanish.
# needs: python3
set -euo pipefail
. "$INTEROP/functions.sh"

cat >play.py <<'PY'
import ftplib, io, os, socket, ssl, sys, time
port, ftps_port, password, ca = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
context = ssl.create_default_context(cafile=ca)

class Resuming(ftplib.FTP_TLS):
    """The usual way to have ftplib resume the conversation's session."""
    def ntransfercmd(self, cmd, rest=None):
        data, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            data = self.context.wrap_socket(data, server_hostname=self.host, session=self.sock.session)
        return data, size

def login(kind=Resuming):
    ftp = kind(context=context) if kind is not ftplib.FTP else kind()
    ftp.connect("localhost", port, timeout=60)
    ftp.login("ada", password)
    if kind is not ftplib.FTP:
        ftp.prot_p()
    return ftp

folder = f"ftplib-{os.getpid()}"
body = os.urandom(1_000_000)
for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
    context.maximum_version = version
    ftp = login()
    assert ftp.sock.version() == version.name.replace("_", "."), ftp.sock.version()
    if version is ssl.TLSVersion.TLSv1_2:
        ftp.mkd(folder)
    ftp.cwd(folder)
    for number in range(5): # each resumes the session, also of those before
        ftp.storbinary(f"STOR {number}", io.BytesIO(body))
        got = io.BytesIO()
        ftp.retrbinary(f"RETR {number}", got.write)
        assert got.getvalue() == body
    facts = dict(ftp.mlsd())
    assert set(facts) == set("01234") and facts["3"]["size"] == "1000000", facts
    lines = []
    ftp.storlines("STOR text", io.BytesIO(b"a\r\nb\r\n"))
    ftp.retrlines("RETR text", lines.append)
    assert lines == ["a", "b"]
    ftp.voidcmd("TYPE I")
    assert ftp.size("text") == 4
    ftp.delete("text")
    ftp.quit()

# Without resuming there is a clear answer.
ftp = login(ftplib.FTP_TLS)
try:
    ftp.nlst()
    raise SystemExit("a data connection without the session was taken")
except (ftplib.error_perm, ssl.SSLError, OSError) as e:
    if not str(e).startswith("522"): # the data connection was closed before the answer was read
        try:
            ftp.getresp()
        except ftplib.error_perm as answer:
            assert str(answer).startswith("522"), answer
ftp.close()

# STAT and ABOR while a download waits for somebody who does not read.
ftp = login(ftplib.FTP)
ftp.cwd(folder)
ftp.voidcmd("TYPE I")
data = ftp.transfercmd("STOR big")
data.sendall(b"x" * 1000)
end = time.monotonic() + 30
while "receiving big: 1000 bytes so far" not in (status := ftp.sendcmd("STAT")): # they come on a connection of their own
    assert time.monotonic() < end, status
ftp.putline("ABOR")
answers = []
try:
    answers.append(ftp.getresp())
except ftplib.error_temp as e:
    answers.append(str(e))
answers.append(ftp.getresp())
assert answers[0].startswith("426") and answers[1].startswith("226"), answers
data.close()
assert "big" not in ftp.nlst()

# A conversation that vanishes in the middle leaves nothing; nor do a thousand PASV.
gone = login(ftplib.FTP)
gone.cwd(folder)
data = gone.transfercmd("STOR vanished")
data.sendall(b"x" * 100_000)
gone.sock.close()
gone.file.close()
try:
    assert not data.recv(1)
except ConnectionResetError:
    pass # that is an end as well
for _ in range(1_000):
    ftp.putcmd("PASV")
    ftp.getresp()
assert "vanished" not in ftp.nlst()

# Somebody else who finds the port gets nothing.
host, where = ftp.makepasv()
thief = socket.create_connection((host, where), source_address=("127.0.0.2", 0))
data = socket.create_connection((host, where))
ftp.putcmd("NLST")
assert ftp.getresp().startswith("150")
assert thief.recv(1) == b""
assert b"0\r\n" in data.makefile("rb").read()
ftp.voidresp()

# Half-open log-ins keep nobody out.
half = []
for _ in range(150):
    s = socket.create_connection(("127.0.0.1", port))
    s.sendall(b"USER ada\r\n")
    half.append(s)
other = login(ftplib.FTP)
other.quit()
for s in half:
    s.close()
ftp.quit()
PY
/usr/bin/python3 play.py "$FTP" "$FTPS" "$ADA_PASSWORD" "$CA"
