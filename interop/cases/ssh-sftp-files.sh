#!/usr/bin/env bash
# sftp and scp, both ways and by both protocols: what goes up comes down the same, and nothing leads out of the tree.
# needs: openssh-client
set -euo pipefail
. "$INTEROP/functions.sh"

portolan ssh hostkeys --known-hosts >known_hosts
ssh-keygen -q -t ed25519 -N '' -f key
portolan account key add grace "$(cat key.pub)"
options=(-q -F none -P "$SSH" -o UserKnownHostsFile=known_hosts -o BatchMode=yes -i key)
mkdir -p tree/a/b
head -c 3000000 /dev/urandom >tree/a/large
cp key.pub tree/a/b/small
: >tree/a/b/empty
for protocol in -s -O; do
    scp "${options[@]}" "$protocol" -r -p tree "grace@$HOST:sftp-case"
    scp "${options[@]}" "$protocol" -r -p "grace@$HOST:sftp-case" "back$protocol"
    diff -r tree "back$protocol"
    must_fail scp "${options[@]}" "$protocol" "grace@$HOST:../../../../etc/passwd" passwd
    sftp "${options[@]}" -b - "grace@$HOST" <<'BATCH'
rename sftp-case/a/b/small sftp-case/a/other
rm sftp-case/a/other
rm sftp-case/a/large
rm sftp-case/a/b/empty
rmdir sftp-case/a/b
rmdir sftp-case/a
rmdir sftp-case
BATCH
done
portolan account key remove grace SHA256:
