#!/usr/bin/env bash
# Nothing for those who ask for more than the time: monlist (mode 7), readvar (mode 6), symmetric and broadcast modes get
# no answer at all, and what is answered is never longer than what was asked.
# needs: nmap python3 iproute2
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
serve_own_network '[ntp]' 'local_stratum = 10' 'rate_limit = 0'

# ntp-info asks for the time, too, and that it gets.
nmap -n -Pn -sU -p123 --script ntp-info,ntp-monlist 192.0.2.1 | tee reply
grep -q '^123/udp open' reply
grep -q 'receive time stamp: ' reply
must_fail grep -qiE 'monlist|version:|processor:|system:|refid|Target is synchronised|peers' reply

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
# Every mode but that of a client, in every version, from every length that might be taken for something else.
for version in range(8):
    for mode in (0, 1, 2, 4, 5, 6, 7):
        for length in (1, 8, 12, 48, 68, 192, 500):
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
