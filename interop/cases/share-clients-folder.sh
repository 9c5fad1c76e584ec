#!/usr/bin/env bash
# A folder shared for a while: the commands that `portolan share` prints fetch from it as they stand; nothing leads out of
# it; nothing is written unless that was asked for; its end is told, and leaves nothing behind.
# needs: curl lftp openssh-client tftp-hpa
set -euo pipefail
. "$INTEROP/functions.sh"

chmod 711 .
SHARE_PID=
trap '[ -z "$SHARE_PID" ] || kill "$SHARE_PID" 2>/dev/null || true' EXIT
export TMPDIR=$WORK/tmp PORTOLAN_JAVA_OPTS="-Djava.io.tmpdir=$WORK/tmp" PORTOLAN_USER
PORTOLAN_USER=$(stat -c %U "$DATA")
mkdir -m 1777 tmp
mkdir -p 'shared/docs/grüße' apart
head -c 3000000 /dev/urandom >'shared/a boot'
echo deep >'shared/docs/grüße/tief'
echo secret >apart/secret
ln -s ../apart/secret shared/link
ln -s "$WORK/apart" shared/away
chown -R "$PORTOLAN_USER" shared apart
cat >askpass <<'SH'
#!/bin/sh
echo "$SHARE_PASSWORD"
SH
chmod 755 askpass
export SSH_ASKPASS=$WORK/askpass SSH_ASKPASS_REQUIRE=force SHARE_PASSWORD

# share OPTION...: shares the folder. Sets SHARE_PID, SHARE_PASSWORD and OFFSET, and leaves what it prints in share.out.
share() {
    rm -f share.out
    "$REPOSITORY/portolan" share shared "$@" >share.out 2>share.err </dev/null &
    SHARE_PID=$!
    await 'Ready\. ' share.out "$SHARE_PID"
    SHARE_PASSWORD=$(sed -nE 's/.* password ([-a-z0-9]+)\..*/\1/p' share.out)
    OFFSET=$(($(awk '$3 == "ftp" { print $1 }' share.out) - 21))
    cat share.out
}

# end: Ctrl-C; it ends as a success, and its folder is gone.
end() {
    kill -INT "$SHARE_PID"
    wait "$SHARE_PID"
    SHARE_PID=
    grep -qx 'Stopping: shared is not shared any more.' share.out
    [ -z "$(ls -A tmp)" ]
    [ ! -s share.err ] || { cat share.err; return 1; }
}

# printed SERVICE [NUMBER]: the command that was printed for it.
printed() {
    awk -v service="$1" -v number="${2-1}" '
        /^[0-9]/ { now = $3; count = 0 } /^$/ { now = "" }
        now == service && ++count == number { sub(/^[0-9]* +((tcp|udp) +[a-z]+)? */, ""); print }' share.out
}
paste() {
    printf '%s\n' "$*"
    rm -rf paste
    mkdir paste
    (cd paste && eval "$*" </dev/null)
}
by_sftp() { eval "$(printed sftp | sed 's/sftp /sftp -F none -q -o BatchMode=no -b - /')"; }

# As it is: read-only, for this machine. Background jobs of a shell do not hear Ctrl-C unless they are told to.
set -m
share
paste "$(printed ftp)" | grep -q 'a boot'
paste "$(printed ftp 2)" && cmp 'shared/a boot' 'paste/a boot'
paste "$(printed ftp 3)" && cmp 'shared/a boot' 'paste/a boot' && cmp shared/docs/grüße/tief paste/docs/grüße/tief
paste "$(printed ftps)" | grep -q 'a boot'
must_fail paste "$(printed ftps | sed 's,sha256//.,sha256//+,; s,sha256//++,sha256//A,')"
paste "$(printed tftp)" && cmp 'shared/a boot' 'paste/a boot'
by_sftp <<'BATCH'
get "a boot" by-sftp
get -r docs by-sftp-all
BATCH
cmp 'shared/a boot' by-sftp
diff -r shared/docs by-sftp-all
[ ! -e "$HOME/.ssh/known_hosts" ]
printf 'mode octet\nget docs/grüße/tief by-tftp\nquit\n' | tftp 127.0.0.1 $((OFFSET + 69)) >/dev/null
cmp shared/docs/grüße/tief by-tftp

# Nothing leads out.
for way in link away/secret ../apart/secret docs/../../apart/secret //../apart/secret '%2e%2e/apart/secret' '..%5Capart/secret'; do
    must_fail curl -sS --path-as-is "ftp://127.0.0.1:$((OFFSET + 21))/$way"
    must_fail curl -sS --path-as-is "tftp://127.0.0.1:$((OFFSET + 69))/$way"
    must_fail by_sftp <<<"get $way stolen"
done
[ ! -e stolen ]

# Nothing is written, with a password or without.
echo new >new
must_fail curl -sS -T new "ftp://127.0.0.1:$((OFFSET + 21))/new"
must_fail curl -sS -k --ssl-reqd -u "guest:$SHARE_PASSWORD" -T new "ftp://127.0.0.1:$((OFFSET + 21))/new"
must_fail curl -sS -k --ssl-reqd -u "guest:$SHARE_PASSWORD" "ftp://127.0.0.1:$((OFFSET + 21))/" -Q 'DELE a boot'
must_fail curl -sS -T new "tftp://127.0.0.1:$((OFFSET + 69))/new"
must_fail by_sftp <<<'put new'
must_fail by_sftp <<<'rm "a boot"'
must_fail curl -sS -k --ssl-reqd -u "guest:wrong" "ftp://127.0.0.1:$((OFFSET + 21))/"
[ "$(ls -A shared | wc -l)" -eq 4 ]
grep -qE ' 127\.0\.0\.1:[0-9]+ fetches a boot through ftp$' share.out
grep -q '(guest) fetches a boot through sftp$' share.out
grep -qE '(127\.0\.0\.1|\[::1\]):[0-9]+ fetches a boot through tftp$' share.out

# A second one beside it finds other ports.
cp share.out first.out
first=$SHARE_PID
share --write --for 1h
[ "$(printed ftp)" != "$(sed -n 's/.*tcp  ftp  *//p' first.out)" ]
kill -INT "$first"
wait "$first"

# With --write anybody adds, and who has the password changes.
grep -q 'may read and add files; to change and remove' share.out
curl -sS -T new "tftp://127.0.0.1:$((OFFSET + 69))/by-tftp"
curl -sS -T new "ftp://127.0.0.1:$((OFFSET + 21))/by-ftp"
must_fail curl -sS -T new "tftp://127.0.0.1:$((OFFSET + 69))/by-ftp"
must_fail curl -sS -T by-tftp "ftp://127.0.0.1:$((OFFSET + 21))/by-tftp"
must_fail curl -sS "ftp://127.0.0.1:$((OFFSET + 21))/" -Q 'DELE by-ftp'
paste "$(printed ftps 2 | sed 's,FILE,../new,')"
by_sftp <<'BATCH'
put by-sftp-all/grüße/tief by-ftp
rename by-tftp docs/by-tftp
rm new
BATCH
cmp shared/by-ftp by-sftp-all/grüße/tief
cmp shared/docs/by-tftp new
[ ! -e shared/new ]
[ -f "shared/a boot" ]
end
[ ! -e shared/.portolan ]

# With --private nobody even reads without it, and TFTP is closed.
share --private
must_fail grep -q "^[0-9]* *udp" share.out
must_fail curl -sS "ftp://127.0.0.1:$((OFFSET + 21))/"
paste "$(printed ftps)" | grep -q 'a boot'
by_sftp <<<'ls'
end

# The time ends it as well; words that make no sense are told.
"$REPOSITORY/portolan" share shared --for 1s >share.out
tail -n 1 share.out | grep -qx 'The time is over: shared is not shared any more.'
must_fail "$REPOSITORY/portolan" share nowhere 2>out
grep -q 'nowhere is not there' out
must_fail "$REPOSITORY/portolan" share shared --for soon 2>out
grep -q 'wants a time like' out
[ -z "$(ls -A tmp)" ]
