package org.portolan.kernel;

import java.net.InetAddress;

/** Who may come in at all, and for how much; asked before a byte is read. */
@FunctionalInterface
public interface Admission {
    /** Lets everybody in. */
    Admission EVERYBODY = (service, port, transport, from) -> Verdict.ADMITTED;

    /**
     * Judges who comes.
     *
     * @param port what they came to, as the standard numbers it
     * @param transport {@code tcp} or {@code udp}
     * @param from their address, which over UDP anybody can forge
     */
    Verdict judge(String service, Port port, String transport, InetAddress from);
}
