package org.portolan.kernel;

import java.net.InetAddress;

/** A range of addresses: {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address. */
public record Network(InetAddress base, int prefix) {
    /**
     * Reads an address, or an address and a prefix length.
     *
     * @throws IllegalArgumentException with a sentence for the administrator
     */
    public static Network of(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress base = address(slash < 0 ? text : text.substring(0, slash));
            int bits = base.getAddress().length * 8;
            int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (prefix >= 0 && prefix <= bits) {
                return new Network(base, prefix);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(wanted(text), e);
        }
        throw new IllegalArgumentException(wanted(text));
    }

    /**
     * An address as people write it: Java would also take {@code 10} for {@code 0.0.0.10}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static InetAddress address(String text) {
        if (text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3) {
            throw new IllegalArgumentException("not an IP address: " + text);
        }
        return InetAddress.ofLiteral(text);
    }

    private static String wanted(String text) {
        return "a network is wanted, like \"192.0.2.0/24\" or \"::1\", not \"" + text + "\"";
    }

    public boolean contains(InetAddress address) {
        byte[] ours = base.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
