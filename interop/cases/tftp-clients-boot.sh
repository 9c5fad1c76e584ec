#!/usr/bin/env bash
# What is public boots machines: curl, atftp, busybox and tftp-hpa fetch it, with all sizes of blocks and windows. Where
# uploads are allowed, in a site of its own, what one leaves lies in the drop folder, and nobody overwrites it.
# needs: curl atftp busybox tftp-hpa
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
SITE_OFFSET=$(free_offset)
write_settings portolan.toml "$SITE_OFFSET"
printf '%s\n' '[tftp]' 'uploads = true' >>portolan.toml
serve_site "$WORK"
trap 'stop_site || true' EXIT
portolan files grant drop drop everybody
TFTP=$((SITE_OFFSET + 69))
head -c 1000000 /dev/urandom >boot
head -c 1024 boot >even
printf 'a\nb\n' >text
for name in boot even text; do cp "$name" "$DATA/files/public/$name"; done
chmod 644 "$DATA"/files/public/*

for size in 8 512 1428 8192 65464; do curl -sS --tftp-blksize "$size" "tftp://127.0.0.1:$TFTP/even" | cmp - even; done
curl -sS "tftp://127.0.0.1:$TFTP/boot" | cmp - boot
curl -sS --tftp-no-options "tftp://127.0.0.1:$TFTP//even" | cmp - even
curl -sS "tftp://[::1]:$TFTP/even" | cmp - even
# by_atftp OPTION...: fetches it with these options.
by_atftp() {
    rm -f got
    atftp "$@" 127.0.0.1 "$TFTP" -g -r boot -l got >out 2>&1 || true
    cmp got boot || { echo "atftp $*"; cat out; exit 1; }
}
by_atftp
by_atftp --option 'blksize 1428'
by_atftp --option 'windowsize 16'
by_atftp --option 'blksize 65464' --option 'windowsize 4'
by_atftp --option 'tsize 0' --option 'timeout 2'
for size in 512 1400 65464; do
    busybox tftp -g -b "$size" -r boot -l got 127.0.0.1 "$TFTP"
    cmp got boot
done
printf 'mode octet\nget boot got\nmode netascii\nget text lines\nquit\n' | tftp 127.0.0.1 "$TFTP" >out
cmp got boot
cmp lines text

# Names that lead out, and what is not there.
for name in nothing ../homes ../../stores/site.key 'a/../../../etc/passwd'; do
    must_fail curl -sS --path-as-is "tftp://127.0.0.1:$TFTP/$name"
done

# Uploads, each from another client.
curl -sS -T boot "tftp://127.0.0.1:$TFTP/by-curl"
atftp -p -l boot -r by-atftp 127.0.0.1 "$TFTP"
busybox tftp -p -l boot -r by-busybox 127.0.0.1 "$TFTP"
printf 'mode octet\nput boot by-tftp\nquit\n' | tftp 127.0.0.1 "$TFTP" >out
for client in curl atftp busybox tftp; do cmp "$DATA/files/drop/by-$client" boot; done
must_fail curl -sS -T even "tftp://127.0.0.1:$TFTP/by-curl"
must_fail curl -sS "tftp://127.0.0.1:$TFTP/../drop/by-curl"
cmp "$DATA/files/drop/by-curl" boot
