package org.portolan.kernel;

/**
 * What is said to the datagrams that come in at a door: one request, no reply or some.
 *
 * <p>One receiver for each core calls it, several at once, so it shares nothing that changes. It
 * never waits: who has to wait for a store copies what it needs, asks for {@link Outbox#later}, and
 * returns. What it throws is logged and costs the peer its answer, nothing else.
 */
@FunctionalInterface
public interface Answers {
    /**
     * Answers {@code request}.
     *
     * @param request the kernel's own, and another's after this returns
     */
    void answer(Datagram request, Outbox replies);
}
