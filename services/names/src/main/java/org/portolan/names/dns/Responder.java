package org.portolan.names.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;
import org.portolan.stores.zones.LookupName;
import org.portolan.stores.zones.RecordType;
import org.portolan.stores.zones.Zone;
import org.portolan.stores.zones.ZoneTable;

/**
 * From request to answer, bytes to bytes, without a socket and without garbage. One for one thread.
 */
final class Responder {
    /** Without EDNS a datagram has no more (RFC 1035 §4.2.1). */
    private static final int SMALLEST_LIMIT = 512;

    private static final int LONGEST_MESSAGE = 0xffff;
    private static final int CHAOS_TTL = 0;

    private final DnsSettings settings;
    private final Networks transferTo;
    private final Cookies cookies;
    private final Request request = new Request();
    private final Answer answer = new Answer();
    private final Lookup lookup = new Lookup(answer);
    private final byte[] version;
    private final byte[] hostname;
    private @Nullable Zone transfer;
    private boolean knownClient;
    private boolean lookedUp;
    private int code;

    /**
     * A responder.
     *
     * @param secret 16 bytes, from which cookies are made
     */
    Responder(DnsSettings settings, byte[] secret) {
        this.settings = settings;
        this.transferTo = new Networks(settings.transferTo());
        this.cookies = new Cookies(secret);
        this.version = characterString(settings.version());
        this.hostname = characterString(settings.hostname());
    }

    private static byte[] characterString(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        byte[] string = new byte[Math.min(bytes.length, 255) + 1];
        string[0] = (byte) (string.length - 1);
        System.arraycopy(bytes, 0, string, 1, string.length - 1);
        return string;
    }

    /**
     * Answers one message.
     *
     * @param address whose it is, 4 bytes or 16
     * @param now seconds since 1970
     * @param stream whether it came by TCP, where answers may be long
     * @param room where the answer goes
     * @return its length, or 0 for silence
     */
    int respond(
            byte[] message,
            int length,
            byte[] address,
            int now,
            boolean stream,
            ZoneTable zones,
            byte[] room) {
        knownClient = stream;
        transfer = null;
        lookedUp = false;
        code = request.read(message, length);
        if (code == ResponseCode.SILENCE) {
            return 0;
        }
        Edns edns = request.edns;
        int limit = stream ? LONGEST_MESSAGE : Math.min(edns.payload(), settings.udpSize());
        if (!stream && limit < SMALLEST_LIMIT) {
            limit = SMALLEST_LIMIT;
        }
        answer.begin(request, message, room, Math.min(limit, room.length) - edns.size());
        if (code == ResponseCode.NO_ERROR && edns.hasCookie()) {
            knownClient |=
                    cookies.check(message, edns.cookieAt(), edns.cookieLength(), address, now);
        }
        if (code == ResponseCode.NO_ERROR) {
            code = answered(zones, address, stream);
        } else {
            edns.clear(); // nobody knows whether it was meant
        }
        return answer.end(code, edns, settings.udpSize(), cookies.answer());
    }

    private int answered(ZoneTable zones, byte[] address, boolean stream) {
        Edns edns = request.edns;
        if (!edns.versionKnown()) {
            return ResponseCode.BAD_VERSION; // RFC 6891 §6.1.3
        }
        if (!knownClient && settings.cookiesRequired()) {
            answer.truncated(); // RFC 7873 §5.2.3: by TCP, or with the cookie that it now gets
            return edns.hasCookie() ? ResponseCode.BAD_COOKIE : ResponseCode.NO_ERROR;
        }
        if (!request.asks()) {
            return ResponseCode.NO_ERROR; // RFC 7873 §5.4: the cookie was all it wanted
        }
        if (request.opcode() == Request.NOTIFY) { // of our zones we are the first to know
            return zones.find(request.name) == null
                    ? ResponseCode.NOT_AUTHORITATIVE
                    : ResponseCode.REFUSED;
        }
        int asked = request.recordClass();
        if (asked == Request.CLASS_CHAOS) {
            return chaos();
        }
        if (asked != Request.CLASS_IN && asked != Request.CLASS_ANY) {
            return ResponseCode.REFUSED;
        }
        int type = request.type();
        if (type == RecordType.AXFR && !stream) {
            return ResponseCode.NOT_IMPLEMENTED; // RFC 5936 §4.2
        }
        if (type == RecordType.AXFR || type == RecordType.IXFR) {
            return transferTo.contain(address) ? transfer(zones, stream) : ResponseCode.REFUSED;
        }
        lookedUp = true;
        return lookup.answer(zones, request.name, type);
    }

    /**
     * A whole zone. Differences are not kept, and need not be (RFC 1995 §4). By UDP the SOA says
     * that there is something new (§2), and whoever has that already gets no more either.
     */
    private int transfer(ZoneTable zones, boolean stream) {
        Zone zone = zones.exactly(request.name, 0);
        if (zone == null) {
            return ResponseCode.NOT_AUTHORITATIVE; // RFC 5936 §2.2.1
        }
        boolean differences = request.type() == RecordType.IXFR;
        if (differences && (!stream || request.serial() == zone.serial())) {
            return lookup.answer(zones, request.name, RecordType.SOA);
        }
        transfer = zone;
        return ResponseCode.NO_ERROR;
    }

    /** The zone that is to be sent instead of the answer, if the request asks for one. */
    @Nullable Zone transfer() {
        return transfer;
    }

    /** Who we are, as BIND began to tell it; only if the settings want it told. */
    private int chaos() {
        byte[] text =
                isName("version.bind") || isName("version.server")
                        ? version
                        : isName("hostname.bind") || isName("id.server") ? hostname : EMPTY;
        boolean textWanted = request.type() == RecordType.TXT || request.type() == RecordType.ANY;
        if (text.length < 2 || !textWanted) {
            return ResponseCode.REFUSED;
        }
        answer.authoritative();
        answer.made(RecordType.TXT, Request.CLASS_CHAOS, CHAOS_TTL, text, text.length);
        return ResponseCode.NO_ERROR;
    }

    private static final byte[] EMPTY = {};

    private boolean isName(String text) {
        LookupName name = request.name;
        if (name.length() != text.length() + 2) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char wanted = text.charAt(i);
            int there = name.bytes()[i + 1] & 0xff;
            if (wanted == '.' ? there > 63 : wanted != there) {
                return false;
            }
        }
        return true;
    }

    /** The request that was answered last. */
    Request request() {
        return request;
    }

    /** Whether its sender is who it says: it came by TCP, or with a cookie of ours. */
    boolean knownClient() {
        return knownClient;
    }

    /** What limits of the rate count as one: a name that exists, what is not in a zone, a fault. */
    int kind() {
        boolean ofZone = lookedUp && code != ResponseCode.REFUSED;
        return ofZone ? lookup.subject() : code;
    }

    /** Leaves nothing of the answer but that it is truncated; returns the new length. */
    int slipped() {
        answer.emptied();
        return answer.end(code, request.edns, settings.udpSize(), cookies.answer());
    }
}
