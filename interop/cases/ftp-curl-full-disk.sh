#!/usr/bin/env bash
# A disk that runs full in the middle of an upload, and a quota that is reached: a clear reply, nothing half-visible, what
# was there before stays, and the next upload is taken as soon as there is room again.
# needs: curl
set -euo pipefail
. "$INTEROP/functions.sh"

[ "$(id -u)" -eq 0 ] || { echo 'needs root, to mount a small disk'; exit 77; }
chmod 711 .
mkdir disk
mount -t tmpfs -o size=24m,mode=711 tmpfs disk
chmod 777 disk # for the user that the launcher drops to, who makes the data directory
trap 'stop_site || true; umount "$WORK/disk"' EXIT
DATA=$WORK/disk/data
start_site "$WORK/disk"
FTP=$((SITE_OFFSET + 21))
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin
head -c 1000000 /dev/urandom >fits
head -c 12000000 /dev/urandom >large
# is_full: the last upload ended with the reply that says so.
is_full() { grep '^< 452 ' dialogue || { cat dialogue; return 1; }; }
store() { curl -sSv -u "ada:$ADA_PASSWORD" -T "$1" "ftp://127.0.0.1:$FTP/$2" 2>dialogue; }

store fits kept
head -c 30000000 /dev/zero >disk/ballast 2>/dev/null || true # fills what is left
for again in 1 2; do
    must_fail store large "new-$again"
    is_full
    must_fail store large kept
    is_full
done
cmp "$DATA/files/homes/ada/kept" fits
[ "$(find "$DATA/files/homes/ada" -maxdepth 1 -type f | wc -l)" -eq 1 ]
rm disk/ballast
store large new
cmp "$DATA/files/homes/ada/new" large
