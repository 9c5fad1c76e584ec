package org.portolan.wire;

/**
 * The peer's fault: what came is not understood, not allowed, or not now. The conversation answers
 * with {@link #reply} and goes on, up to a limit.
 */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reply;

    /**
     * @param reply the protocol's own error, one line without its end
     */
    public Refusal(String reply) {
        super(reply, null, false, false); // an answer, not a fault of ours: no stack is needed
        this.reply = reply;
    }

    public String reply() {
        return reply;
    }
}
