# What the cases, the runner and the installer share. Each function is small enough to be read before it is trusted.

# --- packages ---------------------------------------------------------------------------------------------------------

REPOSITORY=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The names of all packages.
packages() {
    sed -E '/^#|^$/d; s/ .*//' "$REPOSITORY/interop/packages"
}

# is_installed PACKAGE: is what interop/packages names for it there?
is_installed() {
    local shown
    shown=$(awk -v package="$1" '$1 == package { print $2 }' "$REPOSITORY/interop/packages")
    case $shown in
    '') echo "interop/packages does not know $1" >&2; return 1 ;;
    *::*) perl -M"$shown" -e 1 2>/dev/null ;;
    /*) [ -e "$shown" ] ;;
    */*) [ -e "$REPOSITORY/$shown" ] ;;
    *) command -v "$shown" >/dev/null ;;
    esac
}

# install_line PACKAGE...: the line to paste that installs them.
install_line() {
    local package line="apt-get install"
    for package; do
        grep -qE "^$package +build/" "$REPOSITORY/interop/packages" && { echo interop/install; return; }
        line+=" $package"
    done
    echo "$line"
}

# --- a site to play against -------------------------------------------------------------------------------------------

# free_offset: a port offset at which nobody listens yet, below the ports that the system hands out by itself. Each lane
# of interop/run has a range of its own, so that two that look at the same time do not find the same.
free_offset() {
    local offset port
    while :; do
        offset=$((10000 * (1 + ${LANE:-0}) + RANDOM % 9000))
        for port in 21 22 25 53 110 143 465 587 990 993 995; do
            if (exec 3<>"/dev/tcp/127.0.0.1/$((offset + port))") 2>/dev/null; then continue 2; fi
        done
        echo "$offset"
        return
    done
}

# write_settings FILE OFFSET: the settings of a site that a test can start beside any other.
write_settings() {
    cat >"$1" <<TOML
name = "portolan.localhost"
domains = ["portolan.localhost", "localhost"]
addresses = ["127.0.0.1", "::1"]
port_offset = $2

[smtp]
message_size = "2 MB"
TOML
    chmod 644 "$1"
}

# write_relay_settings DOMAIN LINE...: the settings of a site, portolan.toml, that hands mail for DOMAIN on to another server, at
# the port $there, and has these lines in [queue]. Sets SITE_OFFSET and there.
write_relay_settings() {
    SITE_OFFSET=$(free_offset)
    there=$((SITE_OFFSET + 2525))
    write_settings portolan.toml "$SITE_OFFSET"
    printf '%s\n' '[queue]' "routes = [\"$1 127.0.0.1:$there\"]" "${@:2}" \
        '[resolver]' "servers = [\"127.0.0.1 $((SITE_OFFSET + 53))\"]" >>portolan.toml
}

# await LINE_START FILE PID: waits for a line of FILE that starts so; fails when PID ends, or after two minutes.
await() {
    : >>"$2" # its writer may not have come so far
    timeout 120 grep -q -m1 "^$1" <(tail -n +1 -f --pid="$3" "$2")
}

# start_site DIRECTORY: serves a new site with its data in DIRECTORY/data. Sets SITE_PID and SITE_OFFSET.
# The directory must be one that the unprivileged user can enter to whom the launcher drops when root calls it.
start_site() {
    SITE_OFFSET=$(free_offset)
    write_settings "$1/portolan.toml" "$SITE_OFFSET"
    serve_site "$1"
}

# serve_site DIRECTORY: serves it as it is, for the first time or again. Sets SITE_PID.
serve_site() {
    : >"$1/serve.out" # what an earlier run said is not to be taken for this one's
    "$REPOSITORY/portolan" serve --data "$1/data" --config "$1/portolan.toml" \
        >"$1/serve.out" 2>"$1/serve.err" </dev/null &
    SITE_PID=$!
    await 'Ready in ' "$1/serve.out" "$SITE_PID"
}

# stop_site: asks it to stop by signal, insists after half a minute, and passes on its exit status.
stop_site() {
    [ -n "${SITE_PID-}" ] || return 0
    kill "$SITE_PID" 2>/dev/null || true
    timeout 30 tail -f --pid="$SITE_PID" /dev/null || kill -KILL "$SITE_PID" 2>/dev/null || true
    local status=0
    wait "$SITE_PID" || status=$?
    SITE_PID=
    return "$status"
}

# --- messages and mailboxes -------------------------------------------------------------------------------------------

# portolan COMMAND...: the launcher, speaking to the site under test.
portolan() {
    "$REPOSITORY/portolan" "$@" --data "$DATA"
}

# password NAME: what NAME logs in with, from NAME_PASSWORD.
password() {
    local variable=${1^^}_PASSWORD
    echo "${!variable}"
}

# letter SUBJECT [NAME]: from NAME, grace unless said otherwise, a message with all that gets lost on the way where somebody is careless: lines of dots, empty lines,
# blanks at the end of a line, a tab, a line of the greatest length that RFC 5322 §2.1.1 allows.
letter() {
    local name=${2-grace}
    printf '%s\r\n' \
        "From: ${name^} <$name@$DOMAIN>" \
        "To: Ada <ada@$DOMAIN>" \
        "Subject: $1" \
        "Date: Sat, 21 Nov 2026 09:00:00 +0000" \
        "Message-ID: <$RANDOM.$RANDOM.$RANDOM@client.example>" \
        "" \
        "The next lines start with dots." \
        "." ".." ".hidden" "..." \
        "" \
        "  blanks before, after  and a tab	here " \
        "$(printf '%0998d' 7)" \
        "From here on nothing." \
        "" \
        ""
}

# messages NAME: how many messages NAME has.
messages() {
    curl -sS --max-time 20 "pop3://$HOST:$POP3/" -u "$1:$(password "$1")" | grep -c "^[0-9]" || true
}

# only_message NAME: prints the one message in NAME's mailbox; none or two are a failure.
only_message() {
    local count
    count=$(messages "$1")
    [ "$count" -eq 1 ] || { echo "$1 has $count messages, not one" >&2; return 1; }
    curl -sS --max-time 20 "pop3://$HOST:$POP3/1" -u "$1:$(password "$1")"
}

# empty_mailbox NAME
empty_mailbox() {
    local count
    count=$(messages "$1")
    [ "$count" -eq 0 ] || curl -sS --max-time 20 -o /dev/null -I -X DELE "pop3://$HOST:$POP3/[1-$count]" -u "$1:$(password "$1")"
}

# arrived SENT GOT: GOT ends in SENT, byte for byte, and above it stands only what a delivery adds (RFC 5321 §4.4).
arrived() {
    local sent
    sent=$(stat -c %s "$1")
    tail -c "$sent" "$2" | cmp - "$1" || return 1
    head -c "-$sent" "$2" | sed -nE '1{/^Return-Path: </!q 1}; /^(Return-Path|Received|Authentication-Results): |^[ \t]+[^ \t]/!q 1'
}

# body FILE: what follows the first empty line.
body() {
    sed '1,/^\r*$/d' "$1"
}

# --- disks -----------------------------------------------------------------------------------------------------------

# under_strace OPTIONS... -- COMMAND...: strace watches the server while COMMAND runs.
under_strace() {
    local options=()
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    : >strace.err
    strace -f -y -s 80 -o trace "${options[@]}" -p "$SITE_PID" 2>strace.err &
    local tracer=$! status=0
    await '.*attached' strace.err "$tracer" || {
        cat strace.err
        echo "strace may not look into the server; it may as root, or with kernel.yama.ptrace_scope=0"
        exit 77
    }
    "$@" || status=$?
    kill -INT "$tracer"
    wait "$tracer" || true
    return "$status"
}

# --- other servers ----------------------------------------------------------------------------------------------------

# certify NAME: NAME.key and NAME.pem for 127.0.0.1, by an authority of the case's own, authority.pem.
certify() {
    [ -e authority.pem ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout authority.key \
        -out authority.pem -days 2 -subj '/CN=Authority' 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>/dev/null
    openssl x509 -req -in "$1.csr" -CA authority.pem -CAkey authority.key -days 2 -out "$1.pem" \
        -extfile <(echo 'subjectAltName = IP:127.0.0.1') 2>/dev/null
    chmod 644 authority.pem
}

# submit TO FILE [RCPT-OPTION...]: ada's program sends FILE to TO, by SUBMISSION.
submit() {
    CA=$CA ADA_PASSWORD=$ADA_PASSWORD /usr/bin/python3 - "$SUBMISSION" "ada@$DOMAIN" "$@" <<'PYTHON'
import os, smtplib, ssl, sys

port, sender, to, file, *options = sys.argv[1:]
trust = ssl.create_default_context(cafile=os.environ["CA"])
with smtplib.SMTP("localhost", int(port), timeout=60) as smtp:
    smtp.starttls(context=trust)
    smtp.login("ada", os.environ["ADA_PASSWORD"])
    smtp.sendmail(sender, [to], open(file, "rb").read(), rcpt_options=options)
PYTHON
}

# fetched COUNT: has ada so many messages?
fetched() {
    [ "$(messages ada)" -ge "$1" ]
}

queue_is_empty() {
    [ "$(portolan queue list --json)" = "[]" ]
}

# --- names ------------------------------------------------------------------------------------------------------------

# serve_zone FILE: the site under test serves the zone after which FILE is called (NAME.zone), as it is now.
serve_zone() {
    local place
    place=$DATA/zones/$(basename "$1")
    ! cmp -s "$1" "$place" || return 0
    cp "$1" "$place.new" # not half a file, whenever it is looked at
    mv "$place.new" "$place"
    portolan reload
}

# ask WORDS...: dig asks the site under test; what it shows is kept in the file "reply".
ask() {
    dig "@$HOST" -p "$DNS" +norecurse +nosplit +tries=3 +time=5 "$@" >reply || { cat reply; return 1; }
}

# records: the records of a master file or of a client's output, a line each, the same from all.
records() {
    sed -nE 's/^([^; \t]+)[ \t]+([0-9]+)[ \t]+IN[ \t]+([A-Z0-9]+)[ \t]+/\1 \2 IN \3 /p' | sed 's/ *$//' | sort
}

# eventually COMMAND...: waits for it to succeed, a minute at most.
eventually() {
    local end=$((SECONDS + 60))
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || { echo "not within a minute: $*" >&2; return 1; }
        sleep 0.1
    done
}

# section ANSWER|AUTHORITY|ADDITIONAL: its records in the reply.
section() {
    sed -n "/^;; $1 SECTION:/,/^\$/p" reply | records
}

# is_reply STATUS FLAGS [COUNT]: the reply has this status, these flags and, if said, so many records in its answer.
is_reply() {
    grep -q "status: $1," reply && grep -q "^;; flags: $2;" reply &&
        { [ $# -lt 3 ] || grep -q "ANSWER: $3," reply; } || { echo "not $*:" >&2; cat reply >&2; return 1; }
}

# is SECTION RECORDS: the section of the reply holds these records and no other.
is() {
    diff -u <(records <<<"$2") <(section "$1") || { echo "not so in $1:" >&2; cat reply >&2; return 1; }
}

# --- a network of its own ---------------------------------------------------------------------------------------------

# in_own_network "$@": runs the case from its beginning in a network namespace where nobody else is: ports below 1024
# are free, 192.0.2.0/24 and 198.18.0.0/15 are this machine. Whoever may not make one is skipped.
in_own_network() {
    [ -z "${IN_OWN_NETWORK-}" ] || return 0
    if ! unshare --net true 2>/dev/null; then
        echo "a network namespace of its own wants root"
        exit 77
    fi
    IN_OWN_NETWORK=yes exec unshare --net bash -x -c '
        ip link set lo up && ip address add 192.0.2.1/24 dev lo && ip address add 198.18.0.1/15 dev lo || exit 1
        . "$0"' "$0" "$@"
}

# serve_own_network [SETTING...]: a site of the case's own at 192.0.2.1, on the usual ports, with these lines of settings.
# Stops the one before. Sets SITE_PID, DATA and HOST.
serve_own_network() {
    stop_site
    chmod 711 "$WORK"
    write_settings "$WORK/portolan.toml" 0
    sed -i 's/^addresses = .*/addresses = ["192.0.2.1"]/' "$WORK/portolan.toml"
    printf '%s\n' '[firewall]' 'rules = ["allow all from any"]' "$@" >>"$WORK/portolan.toml"
    DATA=$WORK/data HOST=192.0.2.1
    serve_site "$WORK"
}

# must_fail COMMAND...: succeeds when the command fails.
must_fail() {
    if "$@"; then
        echo "should have failed, and did not: $*" >&2
        return 1
    fi
}
