package org.portolan.stores.mail;

import java.time.Instant;
import java.util.List;

/**
 * A message that is to leave the site, as it is handed to the queue.
 *
 * @param id names it in replies, events and fields, from the first RCPT on
 * @param sender the reverse-path as it is written, without brackets; empty for that of a report
 * @param account who handed it in; empty for the site itself and for other servers
 * @param demands what the next server has to be able to do
 * @param returned {@code FULL}, {@code HDRS} or empty: what a report about it contains (RFC 3461
 *     §4.3)
 * @param envelopeId of its sender, in xtext, or empty (RFC 3461 §4.4)
 * @param fields header fields that are put before it when it leaves, such as a signature
 * @param skipped bytes at the start of the body's file that are for mailboxes here only
 * @param warns when its sender is told that it is still waiting
 * @param expires when it is given up
 */
public record Outgoing(
        String id,
        String sender,
        String account,
        Demands demands,
        String returned,
        String envelopeId,
        String fields,
        long skipped,
        Instant warns,
        Instant expires,
        List<Recipient> recipients) {

    /**
     * What the next server has to be able to do.
     *
     * @param eightBit the body has bytes above 127 (RFC 6152)
     * @param utf8Addresses an address of the envelope is beyond ASCII (RFC 6531)
     * @param utf8Fields a header field is (RFC 6532)
     * @param requireTls only over verified TLS (RFC 8689)
     */
    public record Demands(
            boolean eightBit, boolean utf8Addresses, boolean utf8Fields, boolean requireTls) {
        public static final Demands NONE = new Demands(false, false, false, false);

        int bits() {
            return (eightBit ? 1 : 0)
                    | (utf8Addresses ? 2 : 0)
                    | (utf8Fields ? 4 : 0)
                    | (requireTls ? 8 : 0);
        }

        static Demands of(int bits) {
            return new Demands((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0);
        }

        /** Whether it needs SMTPUTF8 to leave. */
        public boolean utf8() {
            return utf8Addresses || utf8Fields;
        }
    }

    /**
     * One of those it is for.
     *
     * @param address as it is written, without brackets
     * @param destination the domain in lower case and ASCII: rows of one destination leave together
     * @param wishes the words of NOTIFY, in upper case, or empty (RFC 3461 §4.1)
     * @param original what ORCPT said, or empty (RFC 3461 §4.2)
     */
    public record Recipient(String address, String destination, String wishes, String original) {}
}
