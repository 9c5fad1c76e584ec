package org.portolan.admin;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.stores.Accounts;
import org.portolan.stores.StoreException;

/**
 * Commands that try a door, ready to be pasted.
 *
 * @param authority the site's CA file
 * @param account whose password the reader knows
 * @param domain whose mail ends here
 */
public record PasteReady(Path authority, String account, String domain) {
    /** The account that a new site has. */
    private static final String FIRST_ACCOUNT = "admin";

    /** For the first account and the first domain of a site. */
    public static PasteReady of(Path authority, Accounts accounts) throws StoreException {
        String account =
                accounts.list().stream().findFirst().map(a -> a.name()).orElse(FIRST_ACCOUNT);
        return new PasteReady(authority, account, accounts.domains().getFirst());
    }

    /** The command for a door that is open. */
    public String command(Opened open) {
        InetAddress address = open.at().getAddress();
        boolean everywhere = address.isLoopbackAddress() || address.isAnyLocalAddress();
        String host = everywhere ? "localhost" : Words.host(open.at());
        return open.door()
                .usage()
                .replace("{host}", host.indexOf(':') < 0 ? host : "[" + host + "]")
                .replace("{port}", Integer.toString(open.at().getPort()))
                .replace("{ca}", authority.toString())
                .replace("{account}", account)
                .replace("{domain}", domain);
    }

    /** The command for the first place at which {@code door} is open; empty if there is none. */
    String command(ServedDoor door) {
        List<Opened> open = door.open();
        return open.isEmpty() ? "" : command(open.getFirst());
    }
}
