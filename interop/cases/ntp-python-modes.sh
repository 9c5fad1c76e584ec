#!/usr/bin/env bash
# Packets written by hand: control (6), private (7), symmetric, broadcast and reserved modes of every version get no answer
# at all; what is answered is never longer than what was asked; times that cannot be, and port 123 as source, do no harm.
# needs: python3 iproute2
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
serve_own_network '[ntp]' 'local_stratum = 10' 'rate_limit = 0'

cat >ask.py <<'PYTHON'
import os, socket, struct

server = ("192.0.2.1", 123)
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.bind(("198.18.0.7", 0))
client.settimeout(0.5)


def ask(request):
    client.sendto(request, server)
    try:
        reply = client.recv(65536)
    except TimeoutError:
        return b""
    assert len(reply) <= len(request), f"{len(reply)} bytes for {len(request)}"
    return reply


def still_serves():
    stamp = os.urandom(8)
    for attempt in range(5):
        reply = ask(b"\x23" + bytes(39) + stamp)
        if reply:
            assert reply[24:32] == stamp, "the origin time is what we sent"
            assert reply[0] & 7 == 4
            return
    raise AssertionError("no reply to an ordinary request")


still_serves()
# Every mode but that of a client, in every version, from every length that might be taken for something else. Version 1
# had no modes: its 0 is a client's.
for version in range(8):
    for mode in (0, 1, 2, 4, 5, 6, 7):
        for length in () if (version, mode) == (1, 0) else (1, 8, 12, 48, 68, 192, 500):
            client.sendto(bytes([version << 3 | mode]) + os.urandom(length - 1), server)
# What NTP's control and private modes ask for in earnest.
client.sendto(struct.pack(">BBHHHHH", 0x16, 2, 1, 0, 0, 0, 0), server)
client.sendto(b"\x17\x00\x03\x2a" + bytes(40), server)
try:
    answer = client.recv(65536)
    raise AssertionError(f"an answer to none of a client's: {answer.hex()}")
except TimeoutError:
    pass
# Too short for a request, with extension fields whose lengths lie, with a message code nobody agreed on.
for request in [b"\x23", bytes([0x23]) + bytes(46)]:
    assert ask(request) == b"", request.hex()
for tail in [b"\x01\x04\xff\xff" + bytes(24), b"\x01\x04\x00\x00" + bytes(24), b"\x00\x00\x00\x07" + bytes(16), os.urandom(4)]:
    ask(bytes([0x23]) + os.urandom(47) + tail)
# Times of zero, of the last moment, of now; from port 123 itself; from the server's own address and port.
for stamp in (bytes(8), b"\xff" * 8):
    reply = ask(b"\x23" + bytes(39) + stamp)
    assert reply[24:32] == stamp if reply else True
peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
peer.bind(("198.18.0.8", 123))
peer.settimeout(5)
peer.sendto(b"\x23" + bytes(47), server)
assert peer.recv(100)[0] & 7 == 4
still_serves()
PYTHON
/usr/bin/python3 ask.py
