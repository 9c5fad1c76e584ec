#!/usr/bin/env bash
# offlineimap keeps a Maildir and the mailboxes the same in both directions; a second run changes nothing.
# needs: offlineimap3
set -euo pipefail
. "$INTEROP/functions.sh"

letter 'For offlineimap' >sent.eml
put() { curl -sS --max-time 20 -u "ada:$ADA_PASSWORD" "imap://$HOST:$IMAP/$1" -T "$2"; }
curl -sS -u "ada:$ADA_PASSWORD" "imap://$HOST:$IMAP/" -X 'CREATE Offline'
put Offline sent.eml
cat >offlineimaprc <<RC
[general]
accounts = a
metadata = $WORK/meta
maxsyncaccounts = 1

[Account a]
localrepository = near
remoterepository = far

[Repository near]
type = Maildir
localfolders = $WORK/mail

[Repository far]
type = IMAP
remotehost = localhost
remoteport = $IMAPS
remoteuser = ada
remotepass = $ADA_PASSWORD
ssl = yes
sslcacertfile = $CA
folderfilter = lambda name: name == 'Offline'
RC
sync() { timeout 60 offlineimap -c offlineimaprc -o -u basic >log 2>&1 || { cat log; return 1; }; }
sync
file=$(find mail -type f -path '*Offline*' -name '*,*' | head -n1)
cmp <(body "$file" | tr -d '\r') <(body sent.eml | tr -d '\r')
mv "$file" "$(dirname "$(dirname "$file")")/cur/$(basename "${file%%:2,*}"):2,FS"
letter 'Written offline' | tr -d '\r' >"$(dirname "$(dirname "$file")")/new/1.new"
sync
curl -sS -u "ada:$ADA_PASSWORD" "imap://$HOST:$IMAP/Offline" -X 'FETCH 1:* FLAGS' | tee flags
grep -q '^\* 1 FETCH (FLAGS (\\Seen \\Flagged' flags
grep -q '^\* 2 FETCH' flags
status() { curl -sS -u "ada:$ADA_PASSWORD" "imap://$HOST:$IMAP/" -X 'STATUS Offline (UIDNEXT HIGHESTMODSEQ)'; }
status >before
sync
status | cmp - before
curl -sS -u "ada:$ADA_PASSWORD" "imap://$HOST:$IMAP/" -X 'DELETE Offline'
