#!/usr/bin/env bash
# ssh-audit, ssh-keyscan and nmap: nothing weak is offered, and the host keys are those that the site names.
# needs: ssh-audit openssh-client nmap
set -euo pipefail
. "$INTEROP/functions.sh"

ssh-audit -n -p "$SSH" 127.0.0.1 >audit || true
cat audit
grep -F 'mlkem768x25519-sha256' audit
grep -F 'kex-strict-s-v00@openssh.com' audit
# It has a word to say about every NIST curve, and for RSA signatures there has to be a key.
must_fail grep -F '[fail]' <(grep -v ecdsa-sha2-nistp256 audit)
must_fail grep -iE 'terrapin|sha1|cbc|CVE' audit

ssh-keyscan -p "$SSH" 127.0.0.1 2>/dev/null | cut -d ' ' -f 2- | sort >scanned
portolan ssh hostkeys --known-hosts | cut -d ' ' -f 2- | sort | diff - scanned

nmap -n -Pn -p "$SSH" --script +ssh2-enum-algos,+ssh-auth-methods --script-args 'ssh.user=grace' 127.0.0.1 >nmap.out
cat nmap.out
grep -q 'curve25519-sha256' nmap.out
grep -q 'publickey' nmap.out
