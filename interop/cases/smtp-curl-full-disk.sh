#!/usr/bin/env bash
# A disk that runs full: 452 for what does not fit, nothing of it left behind, what was accepted stays whole, and the
# next message is taken as soon as there is space again, without a restart.
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
SMTP=$((SITE_OFFSET + 25)) POP3=$((SITE_OFFSET + 110))
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin
letter 'Fits' >fits.eml
{ letter 'Does not fit'; seq -f 'Line %.0f of a large message.' 40000 | sed 's/$/\r/'; } >large.eml
deliver() { curl -sSv "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T "$1" 2>dialogue; }

deliver fits.eml
head -c 30000000 /dev/zero >disk/ballast 2>/dev/null || true # fills what is left
[ "$(df --output=avail disk | tail -n 1)" -eq 0 ]

for again in 1 2 3; do
    status=0
    deliver large.eml || status=$?
    [ "$status" -ne 0 ]
    grep '^< 452 4\.3\.1 ' dialogue
done
[ "$(messages ada)" -eq 1 ]
[ "$(find "$DATA/stores/bodies" -type f | wc -l)" -eq 1 ]

rm disk/ballast
deliver large.eml
deliver fits.eml
[ "$(messages ada)" -eq 3 ]
curl -sS "pop3://$HOST:$POP3/1" -u "ada:$ADA_PASSWORD" >got.eml
arrived fits.eml got.eml
curl -sS "pop3://$HOST:$POP3/2" -u "ada:$ADA_PASSWORD" >got.eml
arrived large.eml got.eml
