package org.portolan.names.dns;

import java.net.InetAddress;
import java.util.List;
import org.portolan.kernel.Network;

/** Some networks, and whether an address is in one of them, found without making objects. */
final class Networks {
    private final byte[][] bases;
    private final int[] prefixes;

    Networks(List<Network> networks) {
        bases = new byte[networks.size()][];
        prefixes = new int[networks.size()];
        for (int i = 0; i < bases.length; i++) {
            bases[i] = networks.get(i).base().getAddress();
            prefixes[i] = networks.get(i).prefix();
        }
    }

    boolean contain(InetAddress address) {
        return contain(address.getAddress());
    }

    /**
     * Whether one of them holds an address.
     *
     * @param address 4 bytes or 16
     */
    boolean contain(byte[] address) {
        for (int i = 0; i < bases.length; i++) {
            if (bases[i].length == address.length && same(bases[i], address, prefixes[i])) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(byte[] base, byte[] address, int prefix) {
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (base[i] != address[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((base[whole] ^ address[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }
}
