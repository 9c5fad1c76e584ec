package org.portolan.kernel.firewall;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.portolan.kernel.Network;

/**
 * Addresses from one to another, both included, IPv4 among IPv6 as {@code ::ffff:192.0.2.1}. An
 * address is two halves of 64 bits, compared without sign.
 */
record AddressRange(long fromHigh, long fromLow, long toHigh, long toLow) {
    private static final long MAPPED = 0xffff_0000_0000L;
    private static final AddressRange ANY = new AddressRange(0, 0, -1, -1);
    private static final List<AddressRange> LOOPBACK =
            List.of(of(Network.of("::1")), of(Network.of("127.0.0.0/8")));

    /** Everybody but {@link #LOOPBACK}: what lies before, between and after. */
    private static final List<AddressRange> OUTSIDE =
            List.of(
                    new AddressRange(0, 0, 0, 0),
                    new AddressRange(0, 2, 0, (MAPPED | 0x7f00_0000L) - 1),
                    new AddressRange(0, (MAPPED | 0x7fff_ffffL) + 1, -1, -1));

    /**
     * What a word after {@code from} means.
     *
     * @throws IllegalArgumentException with a sentence for the administrator
     */
    static List<AddressRange> named(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "any" -> List.of(ANY);
            case "loopback" -> LOOPBACK;
            case "outside" -> OUTSIDE;
            default -> List.of(of(network(word)));
        };
    }

    private static Network network(String word) {
        try {
            return Network.of(word);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "after from stand networks like 192.0.2.0/24, any, loopback or outside, not \""
                            + word
                            + "\"",
                    e);
        }
    }

    static AddressRange of(Network network) {
        long high = high(network.base());
        long low = low(network.base());
        int free = network.base().getAddress().length * 8 - network.prefix(); // bits
        long maskHigh = free > 64 ? lowBits(free - 64) : 0;
        long maskLow = lowBits(Math.min(free, 64));
        return new AddressRange(high & ~maskHigh, low & ~maskLow, high | maskHigh, low | maskLow);
    }

    private static long lowBits(int count) {
        return count >= 64 ? -1 : (1L << count) - 1;
    }

    static long high(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    static long low(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? MAPPED | Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt())
                : ByteBuffer.wrap(bytes).getLong(8);
    }

    static int compare(long high, long low, long otherHigh, long otherLow) {
        int first = Long.compareUnsigned(high, otherHigh);
        return first != 0 ? first : Long.compareUnsigned(low, otherLow);
    }

    /** Whether hardly an address of IPv4 or of IPv6 is missing. */
    boolean isEverybody() {
        boolean ipv4 = contains(0, MAPPED | 0x0100_0000L) && contains(0, MAPPED | 0x7eff_ffffL);
        boolean ipv4BehindLoopback =
                contains(0, MAPPED | 0x8000_0000L) && contains(0, MAPPED | 0xdfff_ffffL);
        boolean ipv6 = contains(0x2000_0000_0000_0000L, 0) && contains(0x3fff_ffff_ffff_ffffL, -1);
        return ipv4 || ipv4BehindLoopback || ipv6;
    }

    /** Whether that address is the host itself. */
    static boolean isLoopback(long high, long low) {
        return LOOPBACK.stream().anyMatch(range -> range.contains(high, low));
    }

    boolean contains(InetAddress address) {
        return contains(high(address), low(address));
    }

    private boolean contains(long high, long low) {
        return compare(fromHigh, fromLow, high, low) <= 0 && compare(high, low, toHigh, toLow) <= 0;
    }
}
