#!/usr/bin/env bash
# sshfs, where FUSE may be used: a home as a folder of this machine, read and written by its programs.
# needs: sshfs openssh-client
set -euo pipefail
. "$INTEROP/functions.sh"

[ -c /dev/fuse ] || { echo "there is no /dev/fuse on this machine"; exit 77; }
(exec 3<>/dev/fuse) 2>/dev/null || { echo "/dev/fuse may not be opened on this machine"; exit 77; }
ssh-keygen -q -t ed25519 -N '' -f key
portolan account key add grace "$(cat key.pub)"
mkdir home
if ! sshfs -F /dev/null -p "$SSH" -o StrictHostKeyChecking=no,UserKnownHostsFile=/dev/null,BatchMode=yes,IdentityFile="$PWD/key" grace@127.0.0.1:/home home 2>said; then
    cat said
    portolan account key remove grace SHA256:
    if grep -qi 'mount failed\|operation not permitted' said; then echo "this machine lets nobody mount"; exit 77; fi
    exit 1
fi
trap 'fusermount3 -u "$WORK/home" 2>/dev/null || fusermount -u "$WORK/home" || true' EXIT
mkdir home/sshfs-case
head -c 2000000 /dev/urandom >large
cp large home/sshfs-case/large
cmp large home/sshfs-case/large
echo one >home/sshfs-case/log
echo two >>home/sshfs-case/log
[ "$(wc -l <home/sshfs-case/log)" -eq 2 ]
mv home/sshfs-case/log home/sshfs-case/renamed
truncate -s 100 home/sshfs-case/large
[ "$(stat -c %s home/sshfs-case/large)" -eq 100 ]
touch -d '2020-01-02 03:04:05 UTC' home/sshfs-case/renamed
[ "$(stat -c %Y home/sshfs-case/renamed)" -eq 1577934245 ]
df home | grep -q home
must_fail ln -s /etc/passwd home/sshfs-case/link
for number in $(seq 100); do echo "$number" >"home/sshfs-case/$number"; done
[ "$(find home/sshfs-case -type f | wc -l)" -eq 102 ]
rm -r home/sshfs-case
must_fail ls home/sshfs-case
portolan account key remove grace SHA256:
