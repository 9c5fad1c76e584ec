package org.portolan.kernel;

import java.net.InetAddress;

/**
 * Where replies go. The kernel sends them together when it has handed out all requests that came
 * together, from the address that was asked to the address that asked.
 */
public interface Outbox {
    /** Room to write the next reply into: the longest that {@link Door.Reception} allows. */
    byte[] room();

    /** Sends the first {@code length} bytes of {@link #room} to who asked. */
    void reply(int length);

    /** The address that was asked: one of ours, or a broadcast. Makes an object. */
    InetAddress asked();

    /** The way back to who asked, for when {@link Answers#answer} has returned. */
    Later later();

    /** A reply that has to wait, for a commit as a rule. Any thread may send it. */
    interface Later {
        /** Sends {@code bytes}; a system that cannot take them loses them, as networks do. */
        void reply(byte[] bytes);
    }
}
