#!/usr/bin/env bash
# Ten thousand mailboxes in an account: they are made, listed with their counts and subscriptions, renamed together with what is
# above them, and deleted, each answer exact.
# needs: python3
set -euo pipefail
. "$INTEROP/functions.sh"

echo "$ADA_PASSWORD" | portolan account add hoarder --password-stdin # who has nothing yet
trap 'portolan account remove hoarder --yes' EXIT
cat >many.py <<'PYTHON'
import os, re, socket, threading

shelves, boxes = 20, 499 # and each shelf itself: 10,000


class Session:
    def __init__(self):
        self.line = socket.create_connection(("127.0.0.1", int(os.environ["IMAP"])), 120)
        self.reads = self.line.makefile("rb")
        self.reads.readline()
        self.all(f"LOGIN hoarder {os.environ['ADA_PASSWORD']}")

    def all(self, *commands):
        """Sends them in one go; the untagged answers of all."""
        self.line.sendall("".join(f"t{n} {command}\r\n" for n, command in enumerate(commands)).encode())
        untagged = []
        for n, command in enumerate(commands):
            while not (answer := self.reads.readline().decode()).startswith(f"t{n} "):
                assert answer.startswith("* "), answer
                untagged.append(answer.strip())
            assert answer.startswith(f"t{n} OK"), (command, answer)
        return untagged


def together(work):
    """One session for each shelf; what goes wrong in one is not forgotten."""
    wrong = []

    def run(shelf):
        try:
            work(Session(), f"shelf{shelf:02}")
        except BaseException as problem:
            wrong.append(problem)

    threads = [threading.Thread(target=run, args=(shelf,)) for shelf in range(shelves)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[0]


def listed(answers):
    return [re.fullmatch(r'\* LIST \((.*?)\) "/" (\S+)(.*)', line).groups() for line in answers if line.startswith("* LIST")]


names = {f"shelf{shelf:02}/box{box}" for shelf in range(shelves) for box in range(boxes)} | {f"shelf{shelf:02}" for shelf in range(shelves)}
together(lambda session, shelf: session.all(f"CREATE {shelf}", *(f"CREATE {shelf}/box{box}" for box in range(boxes))))
one = Session()
own = {name for _, name, _ in listed(one.all('LIST "" *'))} - names
assert own == {"INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash"}, own

found = listed(one.all('LIST "" *'))
assert {name for _, name, _ in found} == names | own and len(found) == len(names | own) > 10000
assert all((attributes == "\\HasChildren") == (name in names and "/" not in name) for attributes, name, _ in found if name in names)
assert {name for _, name, _ in listed(one.all('LIST "" %'))} == {name for name in names if "/" not in name} | own
assert len(listed(one.all('LIST "" "*box498"'))) == shelves

one.all("APPEND shelf07/box7 {15+}\r\nSubject: x\r\n\r\nx")
answers = one.all('LIST "" * RETURN (SUBSCRIBED STATUS (MESSAGES UIDNEXT UNSEEN SIZE))')
counts = dict(re.fullmatch(r"\* STATUS (\S+) (\(.*\))", line).groups() for line in answers if line.startswith("* STATUS"))
assert set(counts) == names | own
assert counts.pop("shelf07/box7") == "(MESSAGES 1 UIDNEXT 2 UNSEEN 1 SIZE 15)" and set(counts.values()) == {"(MESSAGES 0 UIDNEXT 1 UNSEEN 0 SIZE 0)"}
assert all("\\Subscribed" in attributes for attributes, _, _ in listed(answers))

# What is subscribed to below a level is told there; nobody subscribes to the shelves themselves any more.
together(lambda session, shelf: session.all(f"UNSUBSCRIBE {shelf}"))
found = listed(one.all('LIST (SUBSCRIBED RECURSIVEMATCH) "" %'))
assert {name for _, name, info in found if info == ' ("CHILDINFO" ("SUBSCRIBED"))'} == {name for name in names if "/" not in name}
assert len(one.all('LSUB "" "*"')) == shelves * boxes + len(own)

# A name above many is changed; then all go.
one.all("RENAME shelf07 attic", "CREATE attic/box7/inside")
found = {name for _, name, _ in listed(one.all('LIST "" attic*'))}
assert found == {"attic", "attic/box7/inside"} | {f"attic/box{box}" for box in range(boxes)}
assert one.all("STATUS attic/box7 (MESSAGES)") == ["* STATUS attic/box7 (MESSAGES 1)"]
assert listed(one.all('LIST "" shelf07*')) == []
one.all("DELETE attic/box7/inside", "RENAME attic shelf07")
together(lambda session, shelf: session.all(*(f"DELETE {shelf}/box{box}" for box in range(boxes)), f"DELETE {shelf}"))
assert {name for _, name, _ in listed(one.all('LIST "" *'))} == own
PYTHON
/usr/bin/python3 many.py
