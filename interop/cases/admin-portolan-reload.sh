#!/usr/bin/env bash
# A reload says what is otherwise than before: settings, doors, rules and certificates, and what waits for a restart;
# a service that is switched off is gone, switched on again it is back, and who is talking meanwhile goes on.
# needs: curl python3
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
trap 'stop_site || true' EXIT
start_site "$WORK"
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin
portolan reload >said
grep 'Nothing has changed' said

# A conversation that lasts through all of it.
PORT=$((SITE_OFFSET + 25)) /usr/bin/python3 - <<'PYTHON' &
import os, smtplib, time
with smtplib.SMTP("localhost", int(os.environ["PORT"]), timeout=60) as client:
    rounds = 0
    while not os.path.exists("reloaded"):
        assert client.noop()[0] == 250
        rounds += 1
        open("talking", "w").close()
        time.sleep(0.02)
    assert rounds > 1
PYTHON
talker=$!
timeout 60 bash -c 'until [ -e talking ]; do sleep 0.1; done'

# A setting of a service, a door that shuts, and the same the other way round.
sed -i 's/^message_size = .*/message_size = "3 MB"/' portolan.toml
printf '[pop3]\nenabled = false\n' >>portolan.toml
portolan reload >said
grep 'smtp.message_size' said
grep -F 'door pop3 (110/tcp): gone' said
must_fail curl -sS --max-time 20 "pop3://$HOST:$((SITE_OFFSET + 110))"
sed -i 's/^enabled = false/enabled = true/' portolan.toml
portolan reload >said
grep -F 'door pop3 (110/tcp): new' said
curl -sS "pop3://$HOST:$((SITE_OFFSET + 110))" -X NOOP -I -u "ada:$ADA_PASSWORD"

# A rule, with its words.
printf '[firewall]\nrules = ["deny imap from 127.0.0.9"]\n' >>portolan.toml
portolan reload | grep 'rule "deny imap from 127.0.0.9": new'

# Even the ports move, and the conversation that began at the old ones goes on.
sed -i "s/^port_offset = .*/port_offset = $((SITE_OFFSET + 1))/" portolan.toml
portolan reload | grep port_offset
curl -sS "pop3://$HOST:$((SITE_OFFSET + 111))" -X NOOP -I -u "ada:$ADA_PASSWORD"
must_fail curl -sS --max-time 20 "pop3://$HOST:$((SITE_OFFSET + 110))"
touch reloaded
wait "$talker"
