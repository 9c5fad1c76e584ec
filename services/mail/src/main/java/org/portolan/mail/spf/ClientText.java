package org.portolan.mail.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;
import org.portolan.stores.zones.AddressText;

/** The two ways in which macros write the address of a client (RFC 7208 §7.3). */
final class ClientText {
    private ClientText() {}

    /** {@code 192.0.2.1}, or each half of a byte of an IPv6 address between dots. */
    static String dotted(InetAddress client) {
        byte[] bytes = client.getAddress();
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            if (client instanceof Inet4Address) {
                text.append('.').append(b & 0xff);
            } else {
                text.append('.').append(Character.forDigit((b >> 4) & 0xf, 16));
                text.append('.').append(Character.forDigit(b & 0xf, 16));
            }
        }
        return text.substring(1).toUpperCase(Locale.ROOT); // as RFC 7208 §7.4 writes it
    }

    /** As people write it. */
    static String readable(InetAddress client) {
        return client instanceof Inet4Address
                ? client.getHostAddress()
                : AddressText.ipv6(client.getAddress());
    }
}
