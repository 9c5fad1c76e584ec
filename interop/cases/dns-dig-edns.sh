#!/usr/bin/env bash
# EDNS as dig speaks it: sizes and truncation (RFC 6891 §6.2.3), TCP by itself when it was too much, versions and options
# nobody knows, cookies that are kept and forged (RFC 7873), several questions on one connection.
# needs: bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

serve_zone "$INTEROP/zones/harbour.example.zone"
z=harbour.example
records <"$INTEROP/zones/$z.zone" | grep '^big\.' >big
size() { sed -n 's/^;; MSG SIZE  rcvd: //p' reply; }

# Who does not speak EDNS is not spoken to in it.
ask $z A +noedns
is_reply NOERROR 'qr aa' 1
must_fail grep -q 'OPT PSEUDOSECTION' reply
ask $z A +edns=0
grep -qE '^; EDNS: version: 0, flags:; udp: (1[2-9][0-9]{2}|[2-9][0-9]{3})$' reply

# Too much for a datagram: truncated to nothing that could be taken for all, and no longer than either side wants.
ask big.$z TXT +noedns +ignore
is_reply NOERROR 'qr aa tc'
[ "$(size)" -le 512 ]
for bytes in 512 800 1232 4096 65535; do
    ask big.$z TXT +bufsize=$bytes +ignore
    is_reply NOERROR 'qr aa tc'
    [ "$(size)" -le $((bytes < 1232 ? bytes : 1232)) ]
done
ask big.$z TXT +bufsize=0 +ignore # RFC 6891 §6.2.3: less than 512 is 512
is_reply NOERROR 'qr aa tc'
[ "$(size)" -le 512 ]

# Then dig comes by TCP without being told, and has it all.
ask big.$z TXT
is_reply NOERROR 'qr aa' 40
grep -qF '(TCP)' reply
section ANSWER | cmp - big

# RFC 6891 §6.1.3: a version that is not there. §6.1.4, RFC 3225 §3: flags nobody knows are not echoed, DO is.
ask $z A +edns=1 +noednsnegotiation
is_reply BADVERS qr 0
grep -qE '^; EDNS: version: 0,' reply
ask $z A +ednsflags=0x7fff +nodnssec
is_reply NOERROR 'qr aa' 1
grep -qE '^; EDNS: version: 0, flags:; udp' reply
ask $z A +dnssec
is_reply NOERROR 'qr aa' 1
grep -qE '^; EDNS: version: 0, flags: do; udp' reply

# Options nobody knows, or nobody asked for, change nothing.
ask $z A +ednsopt=65001:cafe +nsid +subnet=198.51.100.0/24 +expire +padding=128
is_reply NOERROR 'qr aa' 1
must_fail grep -qE 'OPT=65001|NSID|CLIENT-SUBNET|EXPIRE' reply

# A cookie comes back with ours behind it; dig knows its own half again and says so.
ask $z A +cookie=0123456789abcdef
is_reply NOERROR 'qr aa' 1
cookie=$(sed -nE 's/^; COOKIE: (0123456789abcdef[0-9a-f]{16,64}) \(good\)$/\1/p' reply)
[ ${#cookie} -ge 32 ]
ask $z A +cookie="$cookie"
is_reply NOERROR 'qr aa' 1
grep -qE '^; COOKIE: 0123456789abcdef[0-9a-f]+ \(good\)$' reply
# A forged one gets a true one in its place, and not an error while none is demanded.
forged=0123456789abcdef010000000000000000000000deadbeef
ask $z A +cookie=$forged +nobadcookie
grep -qE 'status: (NOERROR|BADCOOKIE)' reply
grep -qE '^; COOKIE: 0123456789abcdef[0-9a-f]+ \(good\)$' reply
must_fail grep -q "^; COOKIE: $forged" reply
# RFC 7873 §5.2.2: one that cannot be a cookie is a format error.
ask $z A +nocookie +ednsopt=10:0123456789
is_reply FORMERR qr 0

# Several questions on one connection, answered in whatever order, each its own.
dig "@$HOST" -p "$DNS" +tcp +keepopen +noall +answer $z A mail.$z AAAA big.$z TXT nobody.$z A $z MX | records >answers
grep -E "^$z\. 3600 IN (A|MX) |^mail\.$z\. 3600 IN AAAA |^big\." <(records <"$INTEROP/zones/$z.zone") | cmp - answers
