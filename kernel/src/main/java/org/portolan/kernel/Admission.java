package org.portolan.kernel;

import java.net.InetAddress;

/** Who may come in at all, asked before a byte is read. */
public interface Admission {
    /** Lets everybody in. */
    Admission EVERYBODY = (service, port, from) -> true;

    /** Whether {@code from} may speak to {@code service} on {@code port}. */
    boolean admits(String service, Port port, InetAddress from);
}
