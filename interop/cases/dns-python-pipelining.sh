#!/usr/bin/env bash
# TCP as RFC 7766 wants it, written byte by byte: many questions in one segment, one question in many, a client that
# stalls in the middle, lengths that lie. Each answer has the name and number of its question; nobody waits for others.
# needs: python3
set -euo pipefail
. "$INTEROP/functions.sh"

serve_zone "$INTEROP/zones/harbour.example.zone"
cat >talk.py <<'PYTHON'
import os, socket, struct, time

address = (os.environ["HOST"], int(os.environ["DNS"]))


def question(number, name, kind=1):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    body = struct.pack(">HHHHHH", number, 0, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, 1)
    return struct.pack(">H", len(body)) + body


def exactly(stream, count):
    data = b""
    while len(data) < count:
        more = stream.recv(count - len(data))
        assert more, f"closed after {len(data)} of {count} bytes"
        data += more
    return data


def answer(stream):
    message = exactly(stream, struct.unpack(">H", exactly(stream, 2))[0])
    number, flags, _, answers, _, _ = struct.unpack(">HHHHHH", message[:12])
    return number, flags & 15, answers, message


def connect():
    stream = socket.create_connection(address, timeout=30)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return stream


names = {0: "harbour.example", 1: "mail.harbour.example", 2: "blog.harbour.example", 3: "nobody.harbour.example"}
with connect() as stream:
    # 400 at once
    stream.sendall(b"".join(question(number, names[number % 4]) for number in range(400)))
    seen = {}
    for _ in range(400):
        number, code, answers, message = answer(stream)
        assert number not in seen, f"{number} twice"
        asked = question(number, names[number % 4])[14:]
        assert message[12 : 12 + len(asked)] == asked, "the question is repeated as it was"
        seen[number] = (code, answers)
    assert all(seen[number] == [(0, 1), (0, 1), (0, 3), (3, 0)][number % 4] for number in range(400)), seen
    # one in pieces, the length itself torn
    for octet in question(7, "harbour.example", 16):
        stream.sendall(bytes([octet]))
    assert answer(stream)[:3] == (7, 0, 2)
    # an answer of three kilobytes, whole
    stream.sendall(question(8, "big.harbour.example", 16))
    assert answer(stream)[:3] == (8, 0, 40)
    # the end of what we say is not the end of what we want to hear
    stream.sendall(question(9, "harbour.example"))
    stream.shutdown(socket.SHUT_WR)
    assert answer(stream)[:2] == (9, 0)
    assert stream.recv(1) == b""

# Who stalls in the middle keeps nobody waiting.
stalled = [connect() for _ in range(50)]
for number, stream in enumerate(stalled):
    stream.sendall(question(number, "harbour.example")[: number % 20 + 1])
with connect() as stream:
    stream.sendall(question(1, "harbour.example"))
    assert answer(stream)[:3] == (1, 0, 1)
for stream in stalled:
    stream.close()

# Who says nothing at all is sent away after some time (RFC 7766 §6.2.3).
with connect() as silent:
    silent.settimeout(60)
    assert silent.recv(1) == b""

# A length of nothing, of less than a head, of more than comes; noise. The next connection is served.
for junk in [b"\0\0", b"\0\5hello", b"\xff\xff" + os.urandom(100), os.urandom(5000), question(1, "harbour.example")[:-2] + b"\0\0\0"]:
    with connect() as stream:
        stream.sendall(junk)
        stream.shutdown(socket.SHUT_WR)
        try:
            while stream.recv(65536):
                pass
        except ConnectionResetError:
            pass
with connect() as stream:
    stream.sendall(question(1, "harbour.example"))
    assert answer(stream)[:3] == (1, 0, 1)
PYTHON
/usr/bin/python3 talk.py
