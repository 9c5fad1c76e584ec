package org.portolan.mail.imap;

import java.util.List;

/** What FETCH can be asked for (RFC 9051 §6.4.5 and its extensions). */
sealed interface FetchItem {
    /** An item of one word. */
    enum Plain implements FetchItem {
        UID,
        FLAGS,
        INTERNALDATE,
        RFC822_SIZE,
        ENVELOPE,
        BODY,
        BODYSTRUCTURE,
        MODSEQ,
        EMAILID,
        THREADID,
        SAVEDATE,
        PREVIEW
    }

    /** Which bytes of a message or part are meant. */
    enum Text {
        /** All of the message, or a part's body. */
        WHOLE,
        HEADER,
        HEADER_FIELDS,
        HEADER_FIELDS_NOT,
        TEXT,
        MIME
    }

    /**
     * BODY[…], BINARY[…] and RFC822 with its like.
     *
     * @param label what the answer is called, ready to be written, without a partial's origin
     * @param path the part's numbers from the outside in; empty for the message itself
     * @param fields of HEADER.FIELDS and HEADER.FIELDS.NOT
     * @param from where a partial begins; -1 if there is none
     * @param count how long it is
     * @param peek whether \Seen stays as it is
     * @param decoded whether the transfer encoding is undone (RFC 3516)
     */
    record Section(
            String label,
            List<Integer> path,
            Text text,
            List<String> fields,
            long from,
            long count,
            boolean peek,
            boolean decoded)
            implements FetchItem {}

    /** BINARY.SIZE[…] (RFC 3516). */
    record DecodedSize(String label, List<Integer> path) implements FetchItem {}
}
