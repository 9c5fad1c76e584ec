package org.portolan.mail.spf;

import java.net.InetAddress;

/**
 * Who sends, from where.
 *
 * @param client the host that has connected
 * @param helo what it called itself
 * @param sender the address of MAIL FROM; empty for none
 */
public record SpfQuestion(InetAddress client, String helo, String sender) {
    /** RFC 7208 §2.4: without a sender it is the host's postmaster. */
    String address() {
        return sender.isEmpty() ? "postmaster@" + helo : sender;
    }

    /** RFC 7208 §4.3: so is the local part of an address that has none. */
    String localPart() {
        int at = address().lastIndexOf('@');
        return at > 0 ? address().substring(0, at) : "postmaster";
    }

    /** The domain that is asked. */
    public String domain() {
        return address().substring(address().lastIndexOf('@') + 1);
    }
}
