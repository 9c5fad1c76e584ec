#!/usr/bin/env bash
# lftp mirrors a tree there and back, in the clear and in TLS, four files at once, and goes on with what broke off.
# needs: lftp
set -euo pipefail
. "$INTEROP/functions.sh"

mkdir -p tree/a/b 'tree/grüße aus köln' tree/empty
for number in $(seq 40); do head -c $((number * 1000)) /dev/urandom >"tree/a/b/file $number"; done
head -c 2000000 /dev/urandom >'tree/grüße aus köln/groß'
touch -d '2020-02-29 12:34:56' tree/a/b/*
folder=lftp-$RANDOM

# play SETTINGS URL COMMANDS
play() {
    lftp -e "set net:timeout 20; set net:max-retries 1; set ssl:ca-file '$CA'; $1; open -u 'ada,$ADA_PASSWORD' $2 && $3; exit" </dev/null
}
same() { diff -r tree "$1" && [ "$(stat -c %Y "$1/a/b/file 7")" -eq "$(stat -c %Y 'tree/a/b/file 7')" ]; }

play 'set ftp:ssl-allow no' "ftp://$HOST:$FTP" "mkdir $folder && cd $folder && mirror -R -P4 tree clear && mirror -P4 clear clear"
same clear
play 'set ftp:ssl-force yes; set ftp:ssl-protect-data yes' "ftp://$HOST:$FTP" "cd $folder && mirror -R -P4 tree tls && mirror -P4 tls tls"
same tls
play '' "ftps://$HOST:$FTPS" "cd $folder && mirror -P4 clear implicit"
same implicit
play 'set ftp:ssl-allow no; set ftp:passive-mode no' "ftp://$HOST:$FTP" "cd $folder && mirror -P2 tls active"
same active

# Half of a file is there already.
head -c 500000 'tree/grüße aus köln/groß' >half
play 'set ftp:ssl-force yes; set ftp:ssl-protect-data yes' "ftp://$HOST:$FTP" "cd $folder && get -c 'tls/grüße aus köln/groß' -o half"
cmp half 'tree/grüße aus köln/groß'
head -c 700000 'tree/grüße aus köln/groß' >put
play 'set ftp:ssl-allow no' "ftp://$HOST:$FTP" "cd $folder && put put"
cp 'tree/grüße aus köln/groß' put
play 'set ftp:ssl-allow no' "ftp://$HOST:$FTP" "cd $folder && put -c put && get put -o got && mv put moved && chmod 600 moved && rm moved && rm -r tls"
cmp got put
play 'set ftp:ssl-allow no' "ftp://$HOST:$FTP" "cls -1 $folder" | sort | diff - <(printf '%s\n' "$folder/clear/")
