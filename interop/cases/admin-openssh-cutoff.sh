#!/usr/bin/env bash
# An administrator at the console over SSH does not shut the door behind himself: a rule or a reload that would keep
# him from coming back is refused and changes nothing, unless he forces it; then he is still in, and cannot return.
# needs: iproute2 openssh-client
set -euo pipefail
. "$INTEROP/functions.sh"
in_own_network

trap 'stop_site || true' EXIT
serve_own_network
ssh-keygen -q -t ed25519 -N '' -f key
portolan account key add admin "$(cat key.pub)"
visit() { # FROM WORDS…
    local from=$1
    shift
    timeout 60 ssh -F none -b "$from" -o StrictHostKeyChecking=no -o UserKnownHostsFile=known_hosts -o BatchMode=yes -i key \
        admin@192.0.2.1 "$@"
}

# By a rule of the verbs: refused for who would be shut out, done for who would not.
status=0; visit 198.18.0.7 firewall add deny ssh from 198.18.0.0/24 2>said || status=$?
[ "$status" -eq 1 ]
grep 'this would cut you off: you could not come back from 198.18.0.7 to ssh, by rule 1, "deny ssh from 198.18.0.0/24"' said
[ "$(portolan firewall show --json | grep -c 198.18)" -eq 0 ]
visit 198.18.1.7 firewall add deny ssh from 198.18.0.0/24
must_fail visit 198.18.0.7 version
visit 198.18.1.7 firewall remove 1
visit 198.18.0.7 version

# By the settings: rules, and the service itself.
sed -i 's/^rules = .*/rules = ["deny ssh from 198.18.0.0\/24", "allow all from any"]/' "$WORK/portolan.toml"
must_fail visit 198.18.0.7 reload 2>said
grep 'this would cut you off' said
visit 198.18.0.7 version
sed -i 's/^rules = .*/rules = ["allow all from any"]/' "$WORK/portolan.toml"
printf '[ssh]\nenabled = false\n' >>"$WORK/portolan.toml"
must_fail visit 198.18.0.7 reload 2>said
grep 'cut you off' said
visit 198.18.0.7 version

# Forced, it is done: what he is in goes on to its end.
visit 198.18.0.7 reload --force | grep 'ssh.enabled'
must_fail visit 198.18.0.7 version
