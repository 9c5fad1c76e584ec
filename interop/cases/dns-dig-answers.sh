#!/usr/bin/env bash
# What is no plain record: aliases that are followed, wildcards, names that are not there or have other records,
# delegations with glue, questions that are none of our business. Flags, codes and sections, as dig saw them.
# needs: bind9-dnsutils
set -euo pipefail
. "$INTEROP/functions.sh"

serve_zone "$INTEROP/zones/harbour.example.zone"
z=harbour.example
soa="$z. 300 IN SOA ns1.$z. hostmaster.$z. 2026112101 7200 900 1209600 300" # as long as a denial holds, RFC 2308 §3
a="$z. 3600 IN A 192.0.2.10"
not_there() { is_reply NXDOMAIN 'qr aa' "${1-0}" && is AUTHORITY "$soa"; }
no_such_type() { is_reply NOERROR 'qr aa' "${1-0}" && is AUTHORITY "$soa"; }

# RFC 1034 §3.6.2: an alias is followed inside the zone, and not when the alias itself is asked for.
ask blog.$z A
is_reply NOERROR 'qr aa'
is ANSWER "blog.$z. 600 IN CNAME www.$z.
www.$z. 600 IN CNAME $z.
$a"
ask blog.$z CNAME
is ANSWER "blog.$z. 600 IN CNAME www.$z."
ask abroad.$z A
is_reply NOERROR 'qr aa'
is ANSWER "abroad.$z. 600 IN CNAME www.example.net."
# RFC 6604 §3: the code is that of the last name.
ask dangling.$z A
not_there 1
is ANSWER "dangling.$z. 600 IN CNAME nobody.$z."
ask blog.$z SRV
no_such_type 2

# RFC 6672 §3.1: below a DNAME everything has another name, at it nothing.
ask ship.old.$z A
is_reply NOERROR 'qr aa'
is ANSWER "old.$z. 3600 IN DNAME new.$z.
ship.old.$z. 3600 IN CNAME ship.new.$z.
ship.new.$z. 3600 IN A 192.0.2.40"
ask sunk.ship.old.$z A
not_there 2
ask www.away.$z AAAA
is_reply NOERROR 'qr aa'
is ANSWER "away.$z. 3600 IN DNAME example.net.
www.away.$z. 3600 IN CNAME www.example.net."
ask old.$z A
no_such_type

# RFC 4592: a wildcard stands for what is not there, however deep, and for nothing that is.
for name in high.tide.$z a.b.c.tide.$z; do
    ask $name A
    is_reply NOERROR 'qr aa'
    is ANSWER "$name. 3600 IN A 192.0.2.60"
done
ask high.tide.$z TXT
is ANSWER "high.tide.$z. 3600 IN TXT \"whoever you are\""
ask high.tide.$z MX
no_such_type
ask low.tide.$z A
no_such_type
ask very.low.tide.$z A
not_there
ask ebb.wild.$z A
is ANSWER "ebb.wild.$z. 3600 IN CNAME $z.
$a"

# RFC 2308 §2: no such name, no such type; RFC 8020: a name with others below it is there.
ask nobody.$z A
not_there
ask nobody.at.all.$z A
not_there
ask mail.$z SRV
no_such_type
for name in hold the.hold in.the.hold _tcp tide; do
    ask $name.$z A
    no_such_type
done

# RFC 1034 §4.3.2 3b: what was given away is answered with whom to ask and how to reach him; without authority.
given="lent.$z. 3600 IN NS ns.lent.$z.
lent.$z. 3600 IN NS ns.example.net."
glue="ns.lent.$z. 3600 IN A 192.0.2.70
ns.lent.$z. 3600 IN AAAA 2001:db8::70"
for question in "lent.$z A" "lent.$z NS" "anything.lent.$z MX" "ns.lent.$z A"; do
    ask $question
    is_reply NOERROR qr 0
    is AUTHORITY "$given"
    is ADDITIONAL "$glue"
done
# RFC 4035 §3.1.4.1: whether the delegation is signed is the parent's to say.
ask lent.$z DS
no_such_type

# RFC 1034 §3.7: names are kept as they were asked for, whatever the zone says, and compared without their case.
ask hArBoUr.ExAmPlE A
is_reply NOERROR 'qr aa' 1
grep -qP '^;hArBoUr\.ExAmPlE\.\t' reply
ask pIER.harbour.EXAMPLE A
is_reply NOERROR 'qr aa' 1

# Not ours: refused, and nothing said beside it. Nobody recurses here, whoever wants it.
for question in "www.example.org A" "example A" ". NS" "xharbour.example A"; do
    ask $question
    is_reply REFUSED qr 0
    is AUTHORITY ""
done
ask www.example.org A +recurse
is_reply REFUSED 'qr rd' 0
ask $z A +recurse
is_reply NOERROR 'qr aa rd' 1
for name in version.bind hostname.bind version.server id.server; do
    ask $name CH TXT
    is_reply REFUSED qr 0
done

# What is not a query. RFC 1035 §4.1.1, RFC 2136 is not spoken.
for opcode in STATUS UPDATE 6 15; do
    ask $z SOA +opcode=$opcode
    grep -qE 'status: (NOTIMP|REFUSED)' reply
done

# RFC 8482 §4.1: who asks for anything gets something, and not much of it.
for way in +notcp +tcp; do
    ask $z ANY $way +ignore
    is_reply NOERROR 'qr aa'
    [ "$(section ANSWER | cut -d' ' -f4 | sort -u | wc -l)" -eq 1 ]
    [ "$(sed -n 's/^;; MSG SIZE  rcvd: //p' reply)" -lt 400 ]
done
