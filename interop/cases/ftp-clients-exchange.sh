#!/usr/bin/env bash
# What one client stores every other fetches: same bytes, under a name in UTF-8, and all that tell a time tell the same. What
# FTP stores in the public folder TFTP fetches, too; what TFTP leaves in the drop folder FTP fetches, whoever may read there.
# needs: curl lftp ncftp tnftp inetutils-ftp rclone busybox python3 nodejs node-basic-ftp atftp tftp-hpa
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
SITE_OFFSET=$(free_offset)
write_settings portolan.toml "$SITE_OFFSET"
printf '%s\n' '[tftp]' 'uploads = true' >>portolan.toml
serve_site "$WORK"
trap 'stop_site || true' EXIT
FTP=$((SITE_OFFSET + 21)) TFTP=$((SITE_OFFSET + 69))
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin
portolan files grant public write ada
portolan files grant drop drop everybody
portolan files grant drop read ada

head -c 300000 /dev/urandom >sent
folder=public
server=ftp://127.0.0.1:$FTP/%2F
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
    elif verb == "get":
        ftp.retrbinary("RETR " + remote, open(local, "wb").write)
    else:
        for name, facts in ftp.mlsd(remote):
            print(name, facts["modify"].split(".")[0], facts["size"])
PY
cat >transfer.js <<'NODE'
const ftp = require(`${process.env.REPOSITORY}/build/interop/basic-ftp/package`);
const [verb, remote, local] = process.argv.slice(2);
(async () => {
    const client = new ftp.Client(20000);
    await client.access({host: "127.0.0.1", port: Number(process.env.FTP), user: "ada", password: process.env.ADA_PASSWORD});
    if (verb === "put") await client.uploadFrom(local, remote);
    else if (verb === "get") await client.downloadTo(local, remote);
    else for (const each of await client.list(remote)) {
        if (each.isFile) console.log(each.name, each.modifiedAt.toISOString().replace(/\..*|[-:T]/g, ""), each.size);
    }
    client.close();
})().catch(problem => { console.error(problem); process.exit(1); });
NODE
export REPOSITORY FTP
script() { printf '%s\n' "open 127.0.0.1 $FTP" "user ada $ADA_PASSWORD" binary "cd /$folder" "$1" bye; }

curl_put() { curl -sS -u "ada:$ADA_PASSWORD" -T sent "$server$folder/$1"; }
curl_get() { curl -sS -u "ada:$ADA_PASSWORD" -o got "$server$folder/$1"; }
lftp_put() { lftp -e "set ftp:ssl-allow no; put sent -o /$folder/$1; exit" -u "ada,$ADA_PASSWORD" "ftp://127.0.0.1:$FTP"; }
lftp_get() { lftp -e "set ftp:ssl-allow no; set xfer:clobber on; get /$folder/$1 -o got; exit" -u "ada,$ADA_PASSWORD" "ftp://127.0.0.1:$FTP"; }
ncftp_put() { ncftpput -V -u ada -p "$ADA_PASSWORD" -P "$FTP" -C 127.0.0.1 sent "/$folder/$1"; }
ncftp_get() { ncftpget -V -u ada -p "$ADA_PASSWORD" -P "$FTP" -C 127.0.0.1 "/$folder/$1" got; }
tnftp_put() { script "put sent $1" | tnftp -n -V >out 2>&1; }
tnftp_get() { script "get $1 got" | tnftp -n -V >out 2>&1; }
inetutils_put() { script "put sent $1" | inetutils-ftp -n >out 2>&1; }
inetutils_get() { script "get $1 got" | inetutils-ftp -n >out 2>&1; }
ftplib_put() { /usr/bin/python3 transfer.py put "$FTP" "$ADA_PASSWORD" "/$folder/$1" sent; }
ftplib_get() { /usr/bin/python3 transfer.py get "$FTP" "$ADA_PASSWORD" "/$folder/$1" got; }
basic_put() { node transfer.js put "/$folder/$1" sent; }
basic_get() { node transfer.js get "/$folder/$1" got; }
rclone_put() { rclone copyto --retries 1 sent "site:/$folder/$1"; }
rclone_get() { rclone copyto --retries 1 "site:/$folder/$1" got; }
busybox_put() { busybox ftpput -u ada -p "$ADA_PASSWORD" -P "$FTP" 127.0.0.1 "/$folder/$1" sent; }
busybox_get() { busybox ftpget -u ada -p "$ADA_PASSWORD" -P "$FTP" 127.0.0.1 got "/$folder/$1"; }
# TFTP puts into the drop folder and gets from the public one, which it knows no other names for.
curltftp_put() { curl -sS -T sent "tftp://127.0.0.1:$TFTP/$1"; }
curltftp_get() { curl -sS -o got "tftp://127.0.0.1:$TFTP/$1"; }
atftp_put() { atftp -p -l sent -r "$1" 127.0.0.1 "$TFTP"; }
atftp_get() { atftp -g -r "$1" -l got 127.0.0.1 "$TFTP" >out 2>&1; }
busyboxtftp_put() { busybox tftp -p -l sent -r "$1" 127.0.0.1 "$TFTP"; }
busyboxtftp_get() { busybox tftp -g -r "$1" -l got 127.0.0.1 "$TFTP"; }
hpa_put() { printf 'mode octet\nput sent %s\nquit\n' "$1" | tftp 127.0.0.1 "$TFTP" >out; }
hpa_get() { printf 'mode octet\nget %s got\nquit\n' "$1" | tftp 127.0.0.1 "$TFTP" >out; }

by_ftp=(curl lftp ncftp tnftp inetutils ftplib basic rclone busybox)
by_tftp=(curltftp atftp busyboxtftp hpa)
# read_back READER WRITER
read_back() {
    rm -f got
    "$1_get" "von-$2-ü" || { echo "$1 cannot fetch what $2 stored"; cat out; return 1; }
    cmp got sent || { echo "so $1 fetched what $2 stored"; cat out; return 1; }
}
for writer in "${by_ftp[@]}" "${by_tftp[@]}"; do "${writer}_put" "von-$writer-ü"; done
for writer in "${by_ftp[@]}"; do
    for reader in "${by_ftp[@]}" "${by_tftp[@]}"; do read_back "$reader" "$writer"; done
done
folder=drop
for writer in "${by_tftp[@]}"; do
    for reader in "${by_ftp[@]}"; do read_back "$reader" "$writer"; done
done

# Names, sizes and times: as the disk has them, so all tell them.
folder=public
for writer in "${by_ftp[@]}"; do
    file=$DATA/files/public/von-$writer-ü
    echo "von-$writer-ü $(date -u -d "@$(stat -c %Y "$file")" +%Y%m%d%H%M%S) 300000"
done | sort >disk
curl -sS -u "ada:$ADA_PASSWORD" -l "$server$folder/" | tr -d '\r' | sort | diff - <(cut -d ' ' -f 1 disk)
/usr/bin/python3 transfer.py list "$FTP" "$ADA_PASSWORD" /public x | grep ^von | sort | diff - disk
node transfer.js list /public | sort | diff - disk
rclone lsf --format pts --separator ' ' 'site:/public' | sed -E 's/ ([0-9]+)-([0-9]+)-([0-9]+) ([0-9]+):([0-9]+):([0-9]+)/ \1\2\3\4\5\6/' | sort >by-rclone
diff by-rclone disk
for name in $(cut -d ' ' -f 1 disk); do
    told=$(curl -sSI -u "ada:$ADA_PASSWORD" "$server$folder/$name" | sed -n 's/^Last-Modified: //p' | tr -d '\r')
    echo "$name $(date -u -d "$told" +%Y%m%d%H%M%S) 300000"
done | diff - disk
