#!/usr/bin/env bash
# A spoofed flood: a hundred thousand questions that pretend to come from one network, and then from thousands. What
# the server sends at the victim is less than what was sent at it, and whoever is honest is answered: from elsewhere by
# UDP, from the victim's own network at least by TCP.
# needs: python3 bind9-dnsutils iproute2
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
serve_own_network '[dns]' 'rate_limit = 10'
DNS=53
serve_zone "$INTEROP/zones/harbour.example.zone"

cat >flood.py <<'PYTHON'
import random, socket, struct, subprocess, threading, time

SERVER = ("192.0.2.1", 53)


def question(name, kind):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    # EDNS with room for 4096 bytes: what an attacker would ask for
    return (
        struct.pack(">HHHHHH", random.getrandbits(16), 0, 1, 0, 0, 1)
        + labels + b"\0" + struct.pack(">HH", kind, 1) + b"\0" + struct.pack(">HHIH", 41, 4096, 0, 0)
    )


class Victim(threading.Thread):
    """Counts what arrives at one address."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE: nothing shall be lost uncounted
        self.socket.bind((address, 0))
        self.sent = self.got = self.count = 0

    def run(self):
        while True:
            self.got += len(self.socket.recv(65536))
            self.count += 1

    def send(self, request):
        self.sent += self.socket.sendto(request, SERVER)


def honest(source, *options):
    """A client of its own, meanwhile: every one of its questions is answered. In the victim's network it is a matter of
    chance which of its tries gets one of the truncated answers, every other one: of so many that none does is none."""
    said = subprocess.run(
        ["dig", "@192.0.2.1", "-b", source, "+short", "+tries=30", "+time=1", *options, "harbour.example", "A"],
        capture_output=True, text=True, timeout=60,
    )
    # above the answer dig tells of tries that got none
    assert said.stdout.strip().endswith("192.0.2.10"), f"{source}: {said.stdout} {said.stderr}"


def flood(victims, requests, count):
    """Some twenty thousand a second: what overflows buffers is lost before any server can judge it."""
    for number in range(count):
        victims[number % len(victims)].send(requests[number % len(requests)])
        if number % 200 == 0:
            time.sleep(0.01)


# One network is the victim; each question is one whose answer is large.
victims = [Victim(f"198.18.1.{number}") for number in range(1, 9)]
for victim in victims:
    victim.start()
requests = [question(name, kind) for name, kind in [("harbour.example", 255), ("harbour.example", 16), ("big.harbour.example", 16)]]
flooding = threading.Thread(target=flood, args=(victims, requests, 100_000))
flooding.start()
asked = 0
while flooding.is_alive() or asked < 10:
    honest("198.19.0.7")
    honest("198.18.1.99")  # the victim's neighbour: truncated now and then, and served by TCP
    asked += 1
flooding.join()
honest("198.18.1.3")
sent, got = sum(v.sent for v in victims), sum(v.got for v in victims)
print(f"{sent} bytes in, {got} bytes out, {sum(v.count for v in victims)} answers, {asked} times asked honestly")
assert got < sent, f"{got} bytes for {sent}"

# Questions for names that are not there, each another one: they are one kind, too.
before = got
names = [question(f"x{number}.harbour.example", 1) for number in range(20_000)]
flood(victims, names, 20_000)
more, fetched = 20_000 * len(names[0]), sum(v.got for v in victims) - before
print(f"{more} bytes in, {fetched} bytes out")
assert fetched < 2 * more, f"{fetched} bytes for {more}"

# From everywhere at once: the table of sources is full, and who is honest is answered.
for source in random.sample(range(131_000), 5_000):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as spoofed:
        spoofed.bind((socket.inet_ntoa(struct.pack(">I", 0xC6120000 + source + 1)), 0))
        for request in requests:
            spoofed.sendto(request, SERVER)
    if source % 500 == 0:
        honest("198.19.0.7")
honest("198.19.0.7")
honest("198.19.0.8", "+tcp")
PYTHON
/usr/bin/python3 flood.py
portolan status
