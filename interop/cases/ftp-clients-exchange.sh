#!/usr/bin/env bash
# What one client stores every other fetches: same bytes, under a name in UTF-8 where the client can say one.
# needs: curl lftp ncftp tnftp inetutils-ftp rclone busybox python3
set -euo pipefail
. "$INTEROP/functions.sh"

head -c 300000 /dev/urandom >sent
folder=exchange-$RANDOM
server=ftp://127.0.0.1:$FTP
curl -sS -u "ada:$ADA_PASSWORD" "$server/" -Q "MKD $folder" >/dev/null
export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_SITE_TYPE=ftp RCLONE_CONFIG_SITE_HOST=127.0.0.1 RCLONE_CONFIG_SITE_PORT=$FTP
export RCLONE_CONFIG_SITE_USER=ada RCLONE_CONFIG_SITE_PASS
RCLONE_CONFIG_SITE_PASS=$(rclone obscure "$ADA_PASSWORD")
cat >transfer.py <<'PY'
import ftplib, sys
verb, port, password, remote, local = sys.argv[1:]
with ftplib.FTP() as ftp:
    ftp.connect("127.0.0.1", int(port), timeout=20)
    ftp.login("ada", password)
    if verb == "put":
        ftp.storbinary("STOR " + remote, open(local, "rb"))
    else:
        ftp.retrbinary("RETR " + remote, open(local, "wb").write)
PY
script() { printf '%s\n' "open 127.0.0.1 $FTP" "user ada $ADA_PASSWORD" binary "cd $folder" "$1" bye; }

curl_put() { curl -sS -u "ada:$ADA_PASSWORD" -T sent "$server/$folder/$1"; }
curl_get() { curl -sS -u "ada:$ADA_PASSWORD" -o got "$server/$folder/$1"; }
lftp_put() { lftp -e "set ftp:ssl-allow no; put sent -o $folder/$1; exit" -u "ada,$ADA_PASSWORD" "$server"; }
lftp_get() { lftp -e "set ftp:ssl-allow no; set xfer:clobber on; get $folder/$1 -o got; exit" -u "ada,$ADA_PASSWORD" "$server"; }
ncftp_put() { ncftpput -V -u ada -p "$ADA_PASSWORD" -P "$FTP" -C 127.0.0.1 sent "$folder/$1"; }
ncftp_get() { ncftpget -V -u ada -p "$ADA_PASSWORD" -P "$FTP" -C 127.0.0.1 "$folder/$1" got; }
tnftp_put() { script "put sent $1" | tnftp -n -V >out 2>&1; }
tnftp_get() { script "get $1 got" | tnftp -n -V >out 2>&1; }
inetutils_put() { script "put sent $1" | inetutils-ftp -n >out 2>&1; }
inetutils_get() { script "get $1 got" | inetutils-ftp -n >out 2>&1; }
ftplib_put() { /usr/bin/python3 transfer.py put "$FTP" "$ADA_PASSWORD" "$folder/$1" sent; }
ftplib_get() { /usr/bin/python3 transfer.py get "$FTP" "$ADA_PASSWORD" "$folder/$1" got; }
rclone_put() { rclone copyto --retries 1 sent "site:$folder/$1"; }
rclone_get() { rclone copyto --retries 1 "site:$folder/$1" got; }
busybox_put() { busybox ftpput -u ada -p "$ADA_PASSWORD" -P "$FTP" 127.0.0.1 "$folder/$1" sent; }
busybox_get() { busybox ftpget -u ada -p "$ADA_PASSWORD" -P "$FTP" 127.0.0.1 got "$folder/$1"; }

clients=(curl lftp ncftp tnftp inetutils ftplib rclone busybox)
for writer in "${clients[@]}"; do
    "${writer}_put" "von-$writer-ü"
done
for reader in "${clients[@]}"; do
    for writer in "${clients[@]}"; do
        rm -f got
        "${reader}_get" "von-$writer-ü" || { echo "$reader cannot fetch what $writer stored"; cat out; exit 1; }
        cmp got sent
    done
done
curl -sS -u "ada:$ADA_PASSWORD" -l "$server/$folder/" | tr -d '\r' | sort | diff - <(printf 'von-%s-ü\n' "${clients[@]}" | sort)
