#!/usr/bin/env bash
# portolan backup, backup verify, restore: a backup is taken while mail keeps coming and going, the site is lost, another
# is made of the backup, and the clients find their mail byte for byte, log in as before, and trust the same authority.
# needs: curl swaks openssl
set -euo pipefail
. "$INTEROP/functions.sh"

exit_status() {
    local status=0
    "$@" || status=$?
    echo "$status"
}
# deliver FILE: over TLS, which the site's authority has to vouch for.
deliver() {
    curl -sS --cacert "$CA" --ssl-reqd "smtp://$HOST:$SMTP" --mail-from grace@client.example --mail-rcpt "ada@$DOMAIN" -T "$1"
}
# read_all FOLDER: every message of ada, into files named by what is never used again (RFC 1939 §7).
read_all() {
    local number uid
    mkdir -p "$1"
    while read -r number uid; do
        curl -sS --cacert "$CA" --ssl-reqd "pop3://$HOST:$POP3/$number" -u "ada:$ADA_PASSWORD" >"$1/$uid"
    done < <(curl -sS "pop3://$HOST:$POP3" -X UIDL -u "ada:$ADA_PASSWORD" | tr -d '\r')
}
subjects() { grep -h '^Subject: ' "$1"/* | tr -d '\r' | sort; }

chmod 711 .
DATA=$WORK/data
trap 'touch over; stop_site || true' EXIT
start_site "$WORK"
SMTP=$((SITE_OFFSET + 25)) POP3=$((SITE_OFFSET + 110)) CA=$DATA/ca.pem
echo "$ADA_PASSWORD" | portolan account add ada --password-stdin
ADMIN_PASSWORD=$(cat "$DATA/admin-password")
for number in 1 2 3 4 5; do
    letter "kept $number" >"kept$number.eml"
    deliver "kept$number.eml"
done
swaks --server "$HOST:$SMTP" --from grace@client.example --to "ada@$DOMAIN" --header 'Subject: kept 6' --silent 2
read_all before

# Mail keeps coming, and admin's is fetched and deleted all the time.
( while [ ! -e over ]; do
    letter coming | curl -sS "smtp://$HOST:$SMTP" --mail-from a@client.example \
        --mail-rcpt "ada@$DOMAIN" --mail-rcpt "admin@$DOMAIN" -T -
    curl -sS -o /dev/null -I -X DELE "pop3://$HOST:$POP3/1" -u "admin:$ADMIN_PASSWORD" || true
done ) >flow 2>&1 &
flow=$!
until [ "$(messages ada)" -gt 12 ]; do :; done

# Taken again and again meanwhile, each is whole. A name in a folder that only the caller may use will do.
mkdir -m 700 closed
for round in 1 2 3; do
    portolan backup "closed/$round.tar.gz"
    [ "$(stat -c %a "closed/$round.tar.gz")" = 600 ]
    "$REPOSITORY/portolan" backup verify "closed/$round.tar.gz" | grep 'is good'
done
portolan backup - | "$REPOSITORY/portolan" backup verify - | grep 'is good'
touch over
wait "$flow"
letter 'after the backup' >late.eml
deliver late.eml

# What is there stays there, what cannot be written is said, and Ctrl-C leaves nothing.
[ "$(exit_status portolan backup closed/1.tar.gz 2>complaint)" -eq 1 ]
grep -e --replace complaint
[ "$(exit_status portolan backup no/such/folder 2>complaint)" -eq 1 ]
ls -A closed >listed
mkfifo pipe # nobody reads it, so that the backup is under way when the signal comes
(exec timeout --signal=INT 3 "$REPOSITORY/portolan" backup --data "$DATA" - >pipe) &
interrupted=$!
exec 3<pipe
wait "$interrupted" || true
exec 3<&-
ls -A closed | diff - listed
# the server notices as soon as it has something to send
timeout 60 bash -c 'until [ ! -e "$1" ]; do sleep 0.1; done' - "$DATA/backup-under-way"

# The list in the archive can be checked without Portolan.
mkdir unpacked
tar xzf closed/3.tar.gz -C unpacked
(cd unpacked && awk '$1 == "file" { print $3 "  " $4 }' MANIFEST | sha256sum -c --quiet)

# The site is lost. Another one is made of the backup, where nothing is.
cp "$CA" old-ca.pem
stop_site
mv "$DATA" lost
[ "$(exit_status "$REPOSITORY/portolan" restore kept1.eml --data "$DATA" 2>complaint)" -eq 1 ]
grep 'no backup' complaint
rm -rf "$DATA"
"$REPOSITORY/portolan" restore closed/3.tar.gz --data "$DATA" | grep "portolan serve --data"
[ "$(exit_status "$REPOSITORY/portolan" restore closed/3.tar.gz --data "$DATA" 2>complaint)" -eq 1 ]
grep 'not empty' complaint
cmp "$DATA/portolan.toml" portolan.toml
serve_site "$WORK"

# Old passwords, the same authority, the same messages under the same numbers, and what came before the backup is all there.
cmp old-ca.pem "$CA"
[ "$(messages ada)" -gt 12 ]
read_all after
for message in before/*; do cmp "$message" "after/${message#before/}"; done
for number in 1 2 3 4 5; do
    grep -lx "Subject: kept $number"$'\r' after/* >found
    arrived "kept$number.eml" "$(cat found)"
done
must_fail grep -l 'after the backup' after/*
curl -sS "pop3://$HOST:$POP3" -I -X NOOP -o /dev/null -u "admin:$ADMIN_PASSWORD"

# It goes on, and no number that was given after the backup is given again.
last=$(curl -sS "pop3://$HOST:$POP3" -X UIDL -u "ada:$ADA_PASSWORD" | tail -n 1)
deliver late.eml
read_all after
subjects after | grep -x 'Subject: after the backup'
[ "$(curl -sS "pop3://$HOST:$POP3" -X UIDL -u "ada:$ADA_PASSWORD" | tail -n 1)" != "$last" ]
