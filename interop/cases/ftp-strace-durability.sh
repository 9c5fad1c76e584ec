#!/usr/bin/env bash
# What was answered with 226 is on the disk: strace sees the upload synced, then its folder, and only then the reply. Where
# syncing fails, it is no 226.
# needs: strace curl
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
start_site "$WORK"
trap 'stop_site || true' EXIT
FTP=$((SITE_OFFSET + 21))
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin
head -c 300000 /dev/urandom >sent
store() { curl -sS -u "ada:$ADA_PASSWORD" -T sent "ftp://127.0.0.1:$FTP/$1"; }
store first

under_strace -e trace=fsync,fdatasync,rename,renameat,renameat2,linkat,write,writev,sendto,sendmsg -- store second

# line_of PATTERN: the first line of the trace, after the 150, where PATTERN happened.
line_of() {
    sed -n '/"150 receiving/,$ p' trace | grep -nE "$1" | head -n 1 | cut -d: -f1
}
grep -E 'sync|rename|"(150|226) ' trace
file=$(line_of 'f(data)?sync\([0-9]+<[^>]*/files/homes/ada/[^>]+>')
folder=$(line_of 'f(data)?sync\([0-9]+<[^>]*/files/homes/ada>')
reply=$(line_of '"226 ')
[ "$file" -lt "$folder" ]
[ "$folder" -lt "$reply" ]

# A disk that cannot sync is no success: the client hears so, and the file is not there.
failing() { curl -sS -v -u "ada:$ADA_PASSWORD" -T sent "ftp://127.0.0.1:$FTP/third" >reply 2>&1 || true; }
under_strace -e trace=fsync,fdatasync -e inject=fsync,fdatasync:error=EIO -- failing
grep -qE '^< 451 ' reply || { cat reply; exit 1; }
grep -q 'EIO' trace
[ ! -e "$DATA/files/homes/ada/third" ]
[ -z "$(find "$DATA/files/homes/ada/.portolan" -type f 2>/dev/null)" ]
store fourth
cmp "$DATA/files/homes/ada/fourth" sent
