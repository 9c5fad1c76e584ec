package org.portolan.names.dns;

import org.jspecify.annotations.Nullable;
import org.portolan.stores.zones.LookupName;
import org.portolan.stores.zones.RecordType;
import org.portolan.stores.zones.Zone;
import org.portolan.stores.zones.ZoneTable;

/**
 * The algorithm of RFC 1034 §4.3.2: finds what the zones say about a question and puts it into the
 * answer. One for one thread.
 */
final class Lookup {
    /** Aliases that are followed within one answer; a loop ends here. */
    private static final int MOST_ALIASES = 16;

    private final Answer answer;
    private final AdditionalSection additional;
    private final LookupName target = new LookupName();
    private final byte[] joined = new byte[2 * LookupName.LONGEST];
    private final byte[] expanded = new byte[Zone.LONGEST_EXPANDED];
    private final int[] places = new int[LookupName.LONGEST / 2 + 1];
    private ZoneTable zones = ZoneTable.EMPTY;
    private LookupName name = target;
    private boolean ofQuestion;
    private int type;
    private final long[] names = new long[MOST_ALIASES];
    private final long[] sets = new long[MOST_ALIASES];
    private int aliases;
    private int code;
    private int subject;

    Lookup(Answer answer) {
        this.answer = answer;
        this.additional = new AdditionalSection(answer);
    }

    /**
     * Answers a question of class IN.
     *
     * @return the response code
     */
    int answer(ZoneTable served, LookupName question, int questionType) {
        zones = served;
        name = question;
        type = questionType;
        ofQuestion = true;
        code = ResponseCode.NO_ERROR;
        Zone zone = zoneOf();
        if (served.isMissing(question, zone)) {
            return ResponseCode.SERVER_FAILURE; // a secondary knows more
        }
        if (zone == null) {
            return ResponseCode.REFUSED;
        }
        aliases = 0;
        while (zone != null && step(zone) && aliases < MOST_ALIASES) {
            zone = zoneOf(); // none: what of the chain was found is answered
        }
        return code;
    }

    /** A number that is the same for all questions that get the same answer, as far as it goes. */
    int subject() {
        return subject;
    }

    /** The zone to answer from; the DS of a zone is the parent's (RFC 4035 §3.1.4.1). */
    private @Nullable Zone zoneOf() {
        Zone zone = zones.find(name);
        if (zone != null && type == RecordType.DS && zone.apexLabels() == name.labels()) {
            Zone parent = name.labels() > 0 ? zones.find(name, 1) : null;
            return parent != null ? parent : zone;
        }
        return zone;
    }

    /** Looks the name up in one zone; returns whether there is a new name to look up. */
    private boolean step(Zone zone) {
        int node = zone.node(name, 0);
        if (node != 0) {
            int flags = zone.flags(node);
            if ((flags & (Zone.CUT | Zone.OCCLUDED)) == 0) {
                return found(zone, node, false, name.hash(0));
            }
            if ((flags & Zone.OCCLUDED) == 0) {
                return type == RecordType.DS // which lies above the cut
                        ? found(zone, node, false, name.hash(0))
                        : referral(zone, node, 0);
            }
            return hidden(zone);
        }
        int label = 1;
        int closest = zone.node(name, label);
        while (closest == 0) { // the apex is there at the latest
            closest = zone.node(name, ++label);
        }
        int flags = zone.flags(closest);
        if ((flags & (Zone.CUT | Zone.RENAMED | Zone.OCCLUDED)) != 0) {
            return hidden(zone);
        }
        int wildcard = (flags & Zone.WILDCARD_BELOW) == 0 ? 0 : zone.wildcard(name, label);
        if (wildcard != 0) { // RFC 4592 §3.3.1
            return found(zone, wildcard, true, name.hash(label));
        }
        code = ResponseCode.NAME_ERROR;
        nothing(zone);
        return false;
    }

    /** Something above the name, the nearest to the apex, sends the question elsewhere. */
    private boolean hidden(Zone zone) {
        for (int label = name.labels() - zone.apexLabels(); label >= 0; label--) {
            int node = zone.node(name, label);
            int flags = node == 0 ? 0 : zone.flags(node);
            if ((flags & Zone.CUT) != 0) {
                return referral(zone, node, label);
            }
            if ((flags & Zone.RENAMED) != 0 && label > 0) {
                return renamed(zone, node, label);
            }
        }
        throw new IllegalStateException(name + " is hidden by nothing");
    }

    // ---- what a node says

    private boolean found(Zone zone, int node, boolean wildcard, int hash) {
        if (ofQuestion) {
            answer.authoritative();
            subject = wildcard ? ~hash : hash; // all names of a wildcard are one
        }
        if (type == RecordType.ANY) {
            any(zone, node, wildcard);
            return false;
        }
        long set = zone.set(node, type);
        if (set != 0) {
            int from = answer.at();
            boolean put =
                    wildcard
                            ? answer.answerFor(zone, node, set, place(0))
                            : answer.answer(zone, node, set, place(0));
            if (put) {
                additional.of(zone, set, type, node, place(0), from);
            }
            return false;
        }
        long cname = zone.set(node, RecordType.CNAME);
        if (cname != 0) {
            return alias(zone, node, cname, wildcard);
        }
        nothing(zone);
        return false;
    }

    /** One set is enough for who asks for any (RFC 8482 §4.1). */
    private void any(Zone zone, int node, boolean wildcard) {
        long set = zone.firstSet(node);
        for (int left = zone.sets(node); left > 1 && isSignature(zone.type(set)); left--) {
            set = zone.after(set);
        }
        if (set == 0) {
            nothing(zone);
        } else if (wildcard) {
            answer.answerFor(zone, node, set, place(0));
        } else {
            answer.answer(zone, node, set, place(0));
        }
    }

    private static boolean isSignature(int type) {
        return type == RecordType.RRSIG || type == RecordType.NSEC;
    }

    /** NODATA, or after {@link ResponseCode#NAME_ERROR} no such name (RFC 2308 §2). */
    private void nothing(Zone zone) {
        int apex = name.labels() - zone.apexLabels();
        if (ofQuestion) {
            answer.authoritative();
            subject = ~name.hash(apex);
        }
        if (!answer.isTruncated()) {
            answer.soa(zone, place(apex));
        }
    }

    private boolean referral(Zone zone, int cut, int label) {
        if (ofQuestion) {
            subject = name.hash(label);
        }
        long servers = zone.set(cut, RecordType.NS);
        int from = answer.at();
        if (answer.authority(zone, cut, servers, place(label))) {
            additional.glue(zone, servers, from);
        }
        return false;
    }

    // ---- aliases

    private boolean alias(Zone zone, int node, long cname, boolean wildcard) {
        if (isSeen(name.fingerprint())) {
            return false;
        }
        int from = answer.at();
        boolean put =
                wildcard
                        ? answer.answerFor(zone, node, cname, place(0))
                        : answer.answer(zone, node, cname, place(0));
        if (!put) {
            return false;
        }
        sets[aliases] = cname;
        long told = name.fingerprint();
        int length = zone.writeName(node, joined);
        zone.expand(cname, Zone.offset(cname) + Zone.SET_HEAD, joined, length, expanded);
        target.read(expanded, Zone.RECORD_HEAD);
        follow(told, from + Zone.RECORD_HEAD);
        return true;
    }

    /** Whether the name was looked up before: the aliases lead in a circle. */
    private boolean isSeen(long fingerprint) {
        for (int i = 0; i < aliases; i++) {
            if (names[i] == fingerprint) {
                return true;
            }
        }
        return false;
    }

    /** Whether the answer has this DNAME already. */
    private boolean isTold(long dname) {
        for (int i = 0; i < aliases; i++) {
            if (sets[i] == dname) {
                return true;
            }
        }
        return false;
    }

    /** RFC 6672 §3.2, step 3c. */
    private boolean renamed(Zone zone, int node, int label) {
        if (ofQuestion) {
            answer.authoritative();
            subject = ~name.hash(label);
        }
        long dname = zone.set(node, RecordType.DNAME);
        if (isSeen(name.fingerprint())
                || (!isTold(dname) && !answer.answer(zone, node, dname, place(label)))) {
            return false;
        }
        sets[aliases] = dname;
        byte[] page = zone.page(dname);
        int record = Zone.offset(dname) + Zone.SET_HEAD;
        int kept = name.start(label);
        int size = Bytes.two(page, record + 10);
        if (kept + size > LookupName.LONGEST) {
            code = ResponseCode.YX_DOMAIN; // RFC 6672 §2.2
            return false;
        }
        writeLabels(kept);
        System.arraycopy(page, record + Zone.RECORD_HEAD, joined, kept, size);
        int from = answer.at();
        if (!answer.alias(place(0), Bytes.four(page, record + 6), joined)) {
            return false;
        }
        long told = name.fingerprint();
        target.read(joined, 0);
        follow(told, from + Zone.RECORD_HEAD);
        return type != RecordType.CNAME && type != RecordType.ANY;
    }

    /** The labels in front of the DNAME, their letters as the message has them. */
    private void writeLabels(int size) {
        byte[] room = answer.room();
        for (int label = 0; name.start(label) < size; label++) {
            int at = name.start(label);
            System.arraycopy(room, place(label), joined, at, name.start(label + 1) - at);
        }
    }

    /**
     * The target, which stands in the message at {@code at}, is the name from now on.
     *
     * @param from the fingerprint of the name before
     */
    private void follow(long from, int at) {
        byte[] room = answer.room();
        int place = at;
        for (int label = 0; label < target.labels(); label++) {
            while ((room[place] & 0xc0) == 0xc0) {
                place = Bytes.two(room, place) & NameCompressor.MOST_PLACE;
            }
            places[label] = place;
            place += 1 + room[place];
        }
        places[target.labels()] = place;
        names[aliases++] = from;
        name = target;
        ofQuestion = false;
    }

    /** Where in the message the name from {@code label} on stands. */
    private int place(int label) {
        return ofQuestion ? Answer.QUESTION + name.start(label) : places[label];
    }
}
