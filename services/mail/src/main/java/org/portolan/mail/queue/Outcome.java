package org.portolan.mail.queue;

/** What became of one try to hand a message to another server, for one recipient. */
sealed interface Outcome {
    /** For people, and for reports: the other server's reply, or our own words. */
    String reply();

    /** The enhanced status code (RFC 3463). */
    String status();

    /**
     * The other server has taken it over.
     *
     * @param reports whether it will report on it as the sender wishes (RFC 3461 §5.2.2)
     */
    record Delivered(String reply, String status, boolean reports) implements Outcome {}

    /** Not now. */
    record Deferred(String reply, String status) implements Outcome {}

    /** Never. */
    record Failed(String reply, String status) implements Outcome {}

    /** What a refusal means: 5yz never, 4yz not now. Anything else is no answer to be relied on. */
    static Outcome refusal(ServerReply reply) {
        return reply.permanent()
                ? new Failed(reply.toString(), reply.status())
                : new Deferred(
                        reply.toString(), reply.code() / 100 == 4 ? reply.status() : "4.5.0");
    }
}
