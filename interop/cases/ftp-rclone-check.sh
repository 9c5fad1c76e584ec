#!/usr/bin/env bash
# rclone copies a tree with its times, in the clear and in TLS, and finds nothing to copy again.
# needs: rclone
set -euo pipefail
. "$INTEROP/functions.sh"

mkdir -p tree/a/b
for number in $(seq 60); do head -c $((number * 500)) /dev/urandom >"tree/a/b/file $number"; done
touch -d '2021-03-04 05:06:07' tree/a/b/*
folder=rclone-$RANDOM
export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_SITE_TYPE=ftp RCLONE_CONFIG_SITE_HOST=$HOST
export RCLONE_CONFIG_SITE_USER=ada RCLONE_CONFIG_SITE_PASS RCLONE_CONFIG_SITE_PORT
RCLONE_CONFIG_SITE_PASS=$(rclone obscure "$ADA_PASSWORD")

for way in clear explicit implicit; do
    RCLONE_CONFIG_SITE_PORT=$FTP
    unset RCLONE_FTP_EXPLICIT_TLS RCLONE_FTP_TLS
    case $way in
    explicit) export RCLONE_FTP_EXPLICIT_TLS=true ;;
    implicit) export RCLONE_FTP_TLS=true RCLONE_CONFIG_SITE_PORT=$FTPS ;;
    esac
    [ "$way" = clear ] || export RCLONE_FTP_NO_CHECK_CERTIFICATE=true
    rclone copy --retries 1 tree "site:$folder/$way" 2>log
    [ ! -s log ] # it says so for each file whose time it cannot set
    rclone check --download tree "site:$folder/$way" 2>&1 | grep '0 differences found'
    rclone copy -v --retries 1 tree "site:$folder/$way" 2>&1 | grep 'There was nothing to transfer'
done
[ "$(stat -c %Y "$(find "$DATA/files/homes/ada/$folder/clear" -name 'file 7')")" -eq "$(stat -c %Y 'tree/a/b/file 7')" ]
