#!/usr/bin/env bash
# portolan ports: what is served, each command pasted as it stands; what any port is for, with a server and without.
# needs: curl bind9-dnsutils python3
set -euo pipefail
. "$INTEROP/functions.sh"

portolan ports | tee served
for port in "$SMTP/tcp  *smtp" "$POP3S/tcp  *pop3s" "$DNS/udp  *domain" "$DNS/tcp  *domain"; do
    grep -E "^$port .* open at (127\.0\.0\.1, ::1|::1, 127\.0\.0\.1) " served
done
# The commands work as they stand; curl alone is told the password that a person would type.
printf 'user = "ada:%s"\n' "$ADA_PASSWORD" >.curlrc
echo 'Hello' >"$DATA/files/public/name" # what the command for tftp asks for
pasted=0
while IFS= read -r command; do
    bash -c "$command" >>pasted.out
    pasted=$((pasted + 1))
done < <(grep -oE '(printf|curl|dig) .*' served | sed 's/ -u [a-z]*//')
[ "$pasted" -ge 7 ]

portolan ports 53/udp | tee dns
grep -F "This site serves domain at $DNS/udp" dns
grep -F 'Safer: domain-s/853.' dns
portolan ports --json imap 443 | /usr/bin/python3 -m json.tool >/dev/null

# Without a server the same, but for what this site has there.
DATA=$WORK/nobody
portolan ports 53/udp >unserved
diff unserved <(grep -v '^  This site\|^  Try it' dns)
status=0
portolan ports impa 2>complaint || status=$?
[ "$status" -eq 2 ]
grep -F 'did you mean imap' complaint
must_fail portolan ports 2>complaint
grep -F 'no server is running' complaint
[ ! -e "$DATA" ]
