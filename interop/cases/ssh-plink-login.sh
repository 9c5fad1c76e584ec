#!/usr/bin/env bash
# PuTTY's plink and Dropbear's client: a key, a password, a verb and its exit status.
# needs: putty-tools dropbear-bin openssh-client
set -euo pipefail
. "$INTEROP/functions.sh"

portolan ssh hostkeys >hostkeys
fingerprint=$(awk '$1 == "ssh-ed25519" { print $2 }' hostkeys)
printf '%s\n' "$GRACE_PASSWORD" >password
by_password=(plink -batch -ssh -P "$SSH" -hostkey "$fingerprint" -pwfile password "grace@$HOST")
"${by_password[@]}" version | grep '^Portolan'

ssh-keygen -q -t ed25519 -N '' -f key
puttygen key -O private -o key.ppk
portolan account key add grace "$(cat key.pub)"
plink -batch -ssh -P "$SSH" -hostkey "$fingerprint" -i key.ppk "grace@$HOST" version | grep '^Portolan'

dropbearconvert openssh dropbear key key.db
dbclient -y -y -p "$SSH" -i key.db "grace@127.0.0.1" version | grep '^Portolan'
# A verb that fails says so each time: PuTTY closes the channel when it hears the end of what is said.
for _ in $(seq 30); do
    status=0; "${by_password[@]}" nonsense || status=$?
    [ "$status" -eq 2 ]
done
status=0; dbclient -y -y -p "$SSH" -i key.db "grace@127.0.0.1" nonsense || status=$?
[ "$status" -eq 2 ]
portolan account key remove grace SHA256:
