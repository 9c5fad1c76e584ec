package org.portolan.stores.mime;

/**
 * What is known of a message without opening its file. Never changes, for neither does a message.
 *
 * @param root the message itself; it has an envelope
 * @param preview the beginning of its text as people read it, at most {@link #PREVIEW} characters;
 *     empty if there is none (RFC 8970 §3.1)
 */
public record ParsedMessage(Part root, String preview) {
    /** RFC 8970 §3.2: at most 200 characters. */
    public static final int PREVIEW = 200;

    /** Compactly, to be kept; the inverse of {@link #of}. */
    public byte[] toBytes() {
        return new PartWriter().message(this);
    }

    /**
     * What {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if it did not
     */
    public static ParsedMessage of(byte[] bytes) {
        return new PartReader(bytes).message();
    }

    /** The envelope of the message itself. */
    public Envelope envelope() {
        Envelope envelope = root.envelope();
        if (envelope == null) {
            throw new IllegalStateException("a message without an envelope");
        }
        return envelope;
    }
}
