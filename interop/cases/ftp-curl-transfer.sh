#!/usr/bin/env bash
# curl stores, fetches, resumes, lists, renames and deletes: passive and active, in the clear, by AUTH TLS and by TLS at
# once, over IPv4 and IPv6.
# needs: curl
set -euo pipefail
. "$INTEROP/functions.sh"

head -c 3000000 /dev/urandom >large
printf 'one\ntwo\n' >small
user=(-sS -u "ada:$ADA_PASSWORD" --max-time 60)
folder=curl-$RANDOM

# Passive and active, each protocol; --ssl-reqd also protects the data, whose connection resumes the session.
for server in "ftp://127.0.0.1:$FTP" "ftp://[::1]:$FTP"; do
    curl "${user[@]}" --ftp-create-dirs -T large "$server/$folder/passive"
    curl "${user[@]}" -P - -T large "$server/$folder/active"
    for name in passive active; do
        curl "${user[@]}" "$server/$folder/$name" | cmp - large
        curl "${user[@]}" -P - "$server/$folder/$name" | cmp - large
    done
done
curl "${user[@]}" --disable-epsv "ftp://127.0.0.1:$FTP/$folder/passive" | cmp - large
curl "${user[@]}" --disable-eprt -P - "ftp://127.0.0.1:$FTP/$folder/passive" | cmp - large
for tls in --tls-max\ 1.2 --tlsv1.3; do
    # shellcheck disable=SC2086 # two words
    curl "${user[@]}" $tls --ssl-reqd --cacert "$CA" -T large "ftp://$HOST:$FTP/$folder/explicit"
    # shellcheck disable=SC2086
    curl "${user[@]}" $tls --ssl-reqd --cacert "$CA" "ftp://$HOST:$FTP/$folder/explicit" | cmp - large
    # shellcheck disable=SC2086
    curl "${user[@]}" $tls --cacert "$CA" -T large "ftps://$HOST:$FTPS/$folder/implicit"
    # shellcheck disable=SC2086
    curl "${user[@]}" $tls --cacert "$CA" "ftps://$HOST:$FTPS/$folder/implicit" "ftps://$HOST:$FTPS/$folder/explicit" |
        cmp - <(cat large large)
done

# Half of it is there already, on either side.
head -c 1234567 large >half
curl "${user[@]}" -T half "ftp://$HOST:$FTP/$folder/resumed"
curl "${user[@]}" -C 1234567 -T large "ftp://$HOST:$FTP/$folder/resumed"
curl "${user[@]}" -C - -o half "ftp://$HOST:$FTP/$folder/resumed"
cmp half large
curl "${user[@]}" -a -T small "ftp://$HOST:$FTP/$folder/appended"
curl "${user[@]}" -a -T small "ftp://$HOST:$FTP/$folder/appended"
curl "${user[@]}" "ftp://$HOST:$FTP/$folder/appended" | cmp - <(cat small small)

# TYPE A changes line ends on the way; curl changes them back.
curl "${user[@]}" -B -T small "ftp://$HOST:$FTP/$folder/lines"
curl "${user[@]}" -B "ftp://$HOST:$FTP/$folder/lines" | cmp - small
curl "${user[@]}" "ftp://$HOST:$FTP/$folder/lines" | cmp - small

# Lists, times, sizes; names in UTF-8; verbs without data.
curl "${user[@]}" -T small "ftp://$HOST:$FTP/$folder/gr%C3%BC%C3%9Fe%20aus%20k%C3%B6ln" -Q '-MFMT 20200229123456 grüße aus köln'
curl "${user[@]}" -l "ftp://$HOST:$FTP/$folder/" | tr -d '\r' | grep -x 'grüße aus köln'
curl "${user[@]}" "ftp://$HOST:$FTP/$folder/" | grep -E '^-rw[^ ]+ +1 ada +ada +8 Feb 29 +2020 grüße aus köln'
curl "${user[@]}" -X MLSD "ftp://$HOST:$FTP/$folder/" | grep -E 'Type=file;Size=8;Modify=20200229123456;.* grüße aus köln'
curl "${user[@]}" -I "ftp://$HOST:$FTP/$folder/gr%C3%BC%C3%9Fe%20aus%20k%C3%B6ln" | tr -d '\r' | grep -x 'Last-Modified: Sat, 29 Feb 2020 12:34:56 GMT'
curl "${user[@]}" "ftp://$HOST:$FTP/" -Q "RNFR $folder/resumed" -Q "RNTO $folder/renamed" -Q "DELE $folder/renamed" >/dev/null
[ "$(curl "${user[@]}" -l "ftp://$HOST:$FTP/$folder/" | grep -c renamed)" -eq 0 ]

# curl gives back 67 for a refused log-in, 78 for a file that is not there, 60 for an authority it does not know.
exit_status() {
    local status=0
    "$@" || status=$?
    echo "$status"
}
[ "$(exit_status curl -s "ftp://$HOST:$FTP/" -u ada:wrong)" -eq 67 ]
[ "$(exit_status curl -s "ftp://$HOST:$FTP/" -u anonymous:x)" -eq 67 ]
[ "$(exit_status curl "${user[@]}" -s "ftp://$HOST:$FTP/nothing")" -eq 78 ]
must_fail curl "${user[@]}" --path-as-is "ftp://$HOST:$FTP/../../../etc/passwd"
[ "$(exit_status curl "${user[@]}" -s --ssl-reqd "ftp://$HOST:$FTP/")" -eq 60 ]
