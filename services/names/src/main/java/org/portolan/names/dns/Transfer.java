package org.portolan.names.dns;

import org.portolan.stores.zones.LookupName;
import org.portolan.stores.zones.RecordType;
import org.portolan.stores.zones.Zone;

/**
 * A whole zone as a row of messages (RFC 5936 §2.2): the SOA, everything else, the SOA again. The
 * zone does not change; if another takes its place meanwhile, this is still the one that was.
 */
final class Transfer {
    /** Beyond this no name can be pointed to. */
    private static final int MESSAGE = 16 * 1024;

    private static final int LENGTH = 2;
    private static final byte[] END = {};
    private static final byte[] NO_COOKIE = new byte[Cookies.WHOLE];

    private final Zone zone;
    private final byte[] query;
    private final Request request = new Request();
    private final Answer answer = new Answer();
    private final byte[] owner = new byte[LookupName.LONGEST];
    private final byte[] expanded = new byte[Zone.LONGEST_EXPANDED];
    private final byte[] room = new byte[0xffff];
    private boolean begun;
    private boolean ended;
    private int ownerLength;
    private int node;
    private long set;
    private int setsLeft;
    private int recordsLeft;
    private int record;

    /**
     * A transfer.
     *
     * @param query the request for it, which has been checked
     */
    Transfer(Zone zone, byte[] query) {
        this.zone = zone;
        this.query = query;
        request.read(query, query.length);
        request.edns.withoutCookie(); // it came by TCP, which proves as much
        enter(zone.apexNode());
    }

    private void enter(int next) {
        node = next;
        if (node != 0) {
            ownerLength = zone.writeName(node, owner);
            setsLeft = zone.sets(node);
            set = zone.firstSet(node);
            enterSet();
        }
    }

    private void enterSet() {
        if (setsLeft > 0) {
            recordsLeft = zone.count(set);
            record = Zone.offset(set) + Zone.SET_HEAD;
        }
    }

    /** The next message after its length, or no bytes at the end. */
    byte[] next() {
        if (ended) {
            return END;
        }
        if (begun) {
            request.edns.clear(); // RFC 5936 §2.2.5: in the first message is enough
        }
        answer.begin(request, query, room, MESSAGE - request.edns.size());
        answer.keepLetters();
        answer.authoritative();
        if (!begun) {
            answer.answer(zone, zone.apexNode(), zone.soa(), Answer.QUESTION);
            begun = true;
        }
        fill();
        if (node == 0) {
            ended = answer.answerIfItFits(zone, zone.apexNode(), zone.soa());
        }
        int length = answer.end(ResponseCode.NO_ERROR, request.edns, MESSAGE, NO_COOKIE);
        byte[] message = new byte[LENGTH + length];
        Bytes.putTwo(message, 0, length);
        System.arraycopy(room, 0, message, LENGTH, length);
        return message;
    }

    /** Writes records until one does not fit, or there are no more. */
    private void fill() {
        int place = -1; // where the owner stands in this message
        while (node != 0) {
            while (setsLeft > 0) {
                byte[] page = zone.page(set);
                boolean skipped = zone.type(set) == RecordType.SOA;
                while (!skipped && recordsLeft > 0) {
                    int from = answer.at();
                    if (!put(page, place)) {
                        return;
                    }
                    place = place < 0 ? from : place;
                    record += Zone.RECORD_HEAD + Bytes.two(page, record + 10);
                    recordsLeft--;
                }
                set = zone.after(set);
                setsLeft--;
                enterSet();
            }
            place = -1;
            enter(zone.nextNode(node));
        }
    }

    private boolean put(byte[] page, int place) {
        if (RecordType.compressedNames(zone.type(set)) == 0) {
            return answer.record(page, record, owner, place);
        }
        zone.expand(set, record, owner, ownerLength, expanded);
        return answer.record(expanded, 0, owner, place);
    }
}
