#!/usr/bin/env bash
# A flood from one source gets its share and a kiss of death, never more bytes than it sent, while ntpdig is answered; a
# request that pretends to come from the server itself starts no conversation of the server with itself, by NTP or DNS.
# needs: ntpsec-ntpdig python3 iproute2
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
serve_own_network '[ntp]' 'local_stratum = 10'

cat >flood.py <<'PYTHON'
import os, socket, struct, subprocess, threading, time

SERVER = ("192.0.2.1", 123)
flood = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
flood.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE: no reply shall be lost uncounted
flood.bind(("198.18.0.7", 123))
replies = []


def receive():
    while True:
        replies.append(flood.recv(65536))


def send():
    for number in range(60_000):
        flood.sendto(b"\x23" + bytes(39) + struct.pack(">Q", number + 1), SERVER)
        if number % 200 == 0:
            time.sleep(0.01)


def honest():
    said = subprocess.run(["ntpdig", "192.0.2.1"], capture_output=True, text=True, timeout=60)
    assert said.returncode == 0 and "s10 no-leap" in said.stdout, said


threading.Thread(target=receive, daemon=True).start()
begin = time.monotonic()
sending = threading.Thread(target=send)
sending.start()
asked = 0
while sending.is_alive() or asked < 2:
    honest()
    asked += 1
sending.join()
time.sleep(0.5)
seconds = time.monotonic() - begin
kisses = [reply for reply in replies if reply[1] == 0]
times = len(replies) - len(kisses)
print(f"60000 requests in {seconds:.1f} s: {times} answered, {len(kisses)} kisses, {asked} times asked honestly")
assert all(len(reply) == 48 for reply in replies)
# sixteen a second and sixty-four at once, for each of two receivers at most, and a little for what the clock says
assert 32 <= times <= 2 * (16 * (seconds + 2) + 64), times
assert 1 <= len(kisses) <= times, len(kisses)
assert all(reply[12:16] == b"RATE" for reply in kisses), kisses[0].hex()


def spoof_itself(port, payload):
    """A datagram from the server's own address and port to itself."""
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    udp = struct.pack(">HHHH", port, port, 8 + len(payload), 0) + payload  # a sum of 0 is none
    address = socket.inet_aton("192.0.2.1")
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, address, address)
    raw.sendto(ip + udp, ("192.0.2.1", 0))


for number in range(100):
    spoof_itself(123, b"\x23" + bytes(39) + os.urandom(8))
    spoof_itself(53, struct.pack(">HHHHHH", number, 0, 1, 0, 0, 0) + b"\0\0\x06\0\x01")
PYTHON
received() { portolan metrics | awk -v service="$1" '$1 ~ "^portolan_datagrams_total.*direction=\"in\".*service=\"" service "\"" { sum += $NF } END { print sum + 0 }'; }
/usr/bin/python3 flood.py
# What the server heard from itself it did not answer: nothing goes round.
ntp=$(received ntp) dns=$(received dns)
[ "$dns" -ge 100 ]
[ "$dns" -le 300 ]
eventually ntpdig 192.0.2.1 >/dev/null # the server's own address has used up its share, and soon has some again
[ "$(received dns)" -eq "$dns" ]
[ "$(received ntp)" -le $((ntp + 20)) ]
