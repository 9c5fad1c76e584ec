#!/usr/bin/env bash
# What was answered with 250 is on the disk: strace sees the journal with the message synced, or a large message's file and
# then its directory, then the row that names it, and only then the reply. When a sync fails, the client hears 451 and the site
# stays up. What a loss of power takes from files that were not synced themselves, the next start finds in the journal.
# needs: strace curl
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
DATA=$WORK/data
start_site "$WORK"
trap 'stop_site || true' EXIT
SMTP=$((SITE_OFFSET + 25)) POP3=$((SITE_OFFSET + 110))
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin
letter 'Synced' >sent.eml
deliver() { curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T sent.eml; }
deliver

# line_of PATTERN: the first line of the trace, after the 354, where PATTERN happened.
line_of() {
    sed -n '/"354 /,$ p' trace | grep -nE "$1" | head -n 1 | cut -d: -f1
}
under_strace -e trace=fsync,fdatasync,write,writev,sendto,sendmsg -- deliver
grep -E 'sync|"(354|250) ' trace
ROW='f(data)?sync\([0-9]+<[^>]*/mail\.db[^>]*>'
journal=$(line_of 'f(data)?sync\([0-9]+<[^>]*/body-journal/[12]>')
row=$(line_of "$ROW")
reply=$(line_of '"250 2\.0\.0 ')
[ "$journal" -lt "$row" ]
[ "$row" -lt "$reply" ]
[ "$(messages ada)" -eq 2 ]

{ letter 'Large'; seq -f 'Line %g of a message that does not fit into the memory which one may have.' 2000; } | sed 's/\r*$/\r/' >large.eml
deliver_large() { curl -sS "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T large.eml; }
under_strace -e trace=fsync,fdatasync,write,writev,sendto,sendmsg -- deliver_large
body=$(line_of 'f(data)?sync\([0-9]+<[^>]*/bodies/[0-9]+/[0-9]+>')
folder=$(line_of 'f(data)?sync\([0-9]+<[^>]*/bodies/[0-9]+>')
row=$(line_of "$ROW")
reply=$(line_of '"250 2\.0\.0 ')
[ "$body" -lt "$folder" ]
[ "$folder" -lt "$row" ]
[ "$row" -lt "$reply" ]
[ "$(messages ada)" -eq 3 ]

# Every sync fails from now on: 451 (curl gives back 55 or 56 for a refused message), and reading goes on.
refused_for_now() {
    local status=0
    curl -sv "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T sent.eml 2>dialogue || status=$?
    [ "$status" -ne 0 ]
    grep '^< 45[12] 4\.3\.' dialogue
}
under_strace -e trace=fsync,fdatasync -e inject=fsync,fdatasync:error=EIO -- refused_for_now
[ "$(messages ada)" -eq 3 ]
for number in 1 2; do
    curl -sS "pop3://$HOST:$POP3/$number" -u "ada:$ADA_PASSWORD" >got.eml
    arrived sent.eml got.eml
done

# After a restart it takes mail again, and what was refused has not crept in.
stop_site || true
serve_site "$WORK"
[ "$(messages ada)" -eq 3 ]
deliver
[ "$(messages ada)" -eq 4 ]

# A crash, after which the newest file has its length but nothing in it, as after a loss of power.
newest=$(find data/stores/bodies -type f -printf '%f %p\n' | sort -n | tail -n 1 | cut -d' ' -f2)
kill -KILL "$SITE_PID"
wait "$SITE_PID" || true
truncate -s 0 "$newest"
serve_site "$WORK"
[ "$(messages ada)" -eq 4 ]
curl -sS "pop3://$HOST:$POP3/4" -u "ada:$ADA_PASSWORD" >got.eml
arrived sent.eml got.eml
