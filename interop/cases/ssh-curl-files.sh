#!/usr/bin/env bash
# curl, lftp, rclone, PuTTY's psftp and pscp: files up, looked at, down, the same.
# needs: curl lftp rclone putty-tools openssh-client
set -euo pipefail
. "$INTEROP/functions.sh"

head -c 2000000 /dev/urandom >large
fingerprint=$(portolan ssh hostkeys | awk '$1 == "ssh-ed25519" { print $2 }')
printf '%s\n' "$GRACE_PASSWORD" >password
mkdir curl lftp psftp

curl -sS -k -u "grace:$GRACE_PASSWORD" --ftp-create-dirs -T large "sftp://127.0.0.1:$SSH/home/curl-case/large"
curl -sS -k -u "grace:$GRACE_PASSWORD" "sftp://127.0.0.1:$SSH/home/curl-case/" | grep large
curl -sS -k -u "grace:$GRACE_PASSWORD" "sftp://127.0.0.1:$SSH/home/curl-case/large" | cmp - large
curl -sS -k -u "grace:$GRACE_PASSWORD" -r 1000-1999 "sftp://127.0.0.1:$SSH/home/curl-case/large" | cmp - <(tail -c +1001 large | head -c 1000)

lftp -u "grace,$GRACE_PASSWORD" -e "set sftp:auto-confirm yes; set net:max-retries 2; cd curl-case; put large -o second; ls; get second -o lftp/second; mv second third; rm third; bye" "sftp://127.0.0.1:$SSH"
cmp large lftp/second

printf 'cd curl-case\nput large fourth\nget fourth psftp/fourth\nmv fourth fifth\nrm fifth\n' >batch
psftp -batch -P "$SSH" -hostkey "$fingerprint" -pwfile password -b batch "grace@127.0.0.1"
cmp large psftp/fourth
pscp -batch -P "$SSH" -hostkey "$fingerprint" -pwfile password large "grace@127.0.0.1:curl-case/sixth"
pscp -batch -P "$SSH" -hostkey "$fingerprint" -pwfile password "grace@127.0.0.1:curl-case/sixth" sixth
cmp large sixth

mkdir many
for number in $(seq 50); do echo "$number" >"many/$number"; done
RCLONE_CONFIG_S_PASS=$(rclone obscure "$GRACE_PASSWORD")
export RCLONE_CONFIG_S_PASS RCLONE_CONFIG_S_TYPE=sftp RCLONE_CONFIG_S_HOST=127.0.0.1 RCLONE_CONFIG_S_PORT=$SSH RCLONE_CONFIG_S_USER=grace
export RCLONE_CONFIG_S_SHELL_TYPE=none RCLONE_CONFIG=$PWD/rclone.conf
: >rclone.conf
rclone copy many S:curl-case/many
rclone check --download many S:curl-case/many
rclone purge S:curl-case
