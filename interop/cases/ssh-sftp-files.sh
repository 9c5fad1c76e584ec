#!/usr/bin/env bash
# sftp and scp, both ways and by both protocols: what goes up comes down the same, and nothing leads out of the tree; and what OpenSSH
# has added to SFTP: room, copies made here, a rename that replaces, a transfer that is taken up again.
# needs: openssh-client
set -euo pipefail
. "$INTEROP/functions.sh"

portolan ssh hostkeys --known-hosts >known_hosts
ssh-keygen -q -t ed25519 -N '' -f key
portolan account key add grace "$(cat key.pub)"
options=(-q -F none -P "$SSH" -o UserKnownHostsFile=known_hosts -o BatchMode=yes -i key)
mkdir -p tree/a/b
head -c 3000000 /dev/urandom >tree/a/large
cp key.pub tree/a/b/small
: >tree/a/b/empty
for protocol in -s -O; do
    scp "${options[@]}" "$protocol" -r -p tree "grace@$HOST:sftp-case"
    scp "${options[@]}" "$protocol" -r -p "grace@$HOST:sftp-case" "back$protocol"
    diff -r tree "back$protocol"
    must_fail scp "${options[@]}" "$protocol" "grace@$HOST:../../../../etc/passwd" passwd
    sftp "${options[@]}" -b - "grace@$HOST" <<'BATCH'
rename sftp-case/a/b/small sftp-case/a/other
rm sftp-case/a/other
rm sftp-case/a/large
rm sftp-case/a/b/empty
rmdir sftp-case/a/b
rmdir sftp-case/a
rmdir sftp-case
BATCH
done

# Behind the answer of each batch stands what it left here; `fetch` brings it.
batch() { sftp "${options[@]}" -b - "grace@$HOST"; }
fetch() { scp "${options[@]}" "grace@$HOST:$1" fetched && cat fetched; }
printf '%s\n' 'mkdir extended' 'cd extended' 'put tree/a/large large' 'cp large copied' \
    'put key.pub first' 'put key.pub later' 'rename first later' 'df .' 'ls -l' | batch >said
grep -qE '^ +Size +Used +Avail' said
grep -qE ' grace +grace +3000000 .* copied$' said
must_fail grep -q '^-.* first$' said
for option in '' '-s'; do # links are for a setting to allow
    must_fail batch <<<"ln $option extended/large extended/second"
done
fetch extended/copied | cmp - tree/a/large

# Half of it came, or went, before; the rest follows.
head -c 1234567 tree/a/large >half
cp half part
printf '%s\n' 'cd extended' 'reget large half' 'put part part' | batch
cmp half tree/a/large
cp tree/a/large part
printf '%s\n' 'cd extended' 'reput part part' | batch
fetch extended/part | cmp - tree/a/large
printf '%s\n' 'rm extended/*' 'rmdir extended' | batch
portolan account key remove grace SHA256:
