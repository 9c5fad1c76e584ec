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

    /**
     * Judges for whom an admitted proxy speaks, by the address that it told.
     *
     * @param port what the proxy came to, over TCP
     */
    default Verdict judgeBehindProxy(String service, Port port, InetAddress from) {
        return judge(service, port, "tcp", from);
    }

    /** Judges somebody again who has logged in as {@code account}. */
    default Verdict judgeAccount(Connection client, String account) {
        return judgeBehindProxy(client.service().name(), client.port(), client.peer().address());
    }
}
