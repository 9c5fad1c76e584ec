package org.portolan.server;

import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.portolan.admin.PasteReady;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.kernel.Tls;
import org.portolan.stores.SiteFolder;
import org.portolan.stores.StoreException;

/** What {@code serve} prints: every service, where it is, and a command that tries it. */
final class Banner {
    private final Site site;
    private final SiteFolder folder;
    private final PrintStream out;

    Banner(Site site, SiteFolder folder, PrintStream out) {
        this.site = site;
        this.folder = folder;
        this.out = out;
    }

    void printDoors() throws StoreException {
        out.printf("%s, from %s%n%n", site.name(), folder.root());
        String row = "%-6s %-4s %-12s %-15s %s%n";
        out.printf(Locale.ROOT, row, "PORT", "OVER", "SERVICE", "SECURITY", "TRY IT");
        PasteReady commands = PasteReady.of(site.authority(), site.accounts());
        Set<String> shown = new HashSet<>();
        for (Opened door : site.doors()) {
            int port = door.at().getPort();
            String over = door.door().transport();
            String service = door.door().port().name();
            if (door.problem().isPresent()) {
                String why = "at " + host(door.at()) + ": " + door.problem().get();
                out.printf(row, port, over, service, "NOT OPEN", why);
            } else if (shown.add(over + port)) {
                out.printf(
                        row,
                        port,
                        over,
                        service,
                        security(door.door().tls()),
                        commands.command(door));
            }
        }
        out.println();
        site.problems().forEach(problem -> out.println("Problem: " + problem + "\n"));
    }

    void printReady(String startUp) {
        out.printf("Ready in %s. Ctrl-C stops.%n", startUp);
    }

    /** As people write it. */
    private static String host(InetSocketAddress at) {
        String host = at.isUnresolved() ? at.getHostString() : at.getAddress().getHostAddress();
        return host.equals("0:0:0:0:0:0:0:1") ? "::1" : host;
    }

    private static String security(Tls tls) {
        return switch (tls) {
            case NEVER -> "clear";
            case UPGRADE -> "clear, STARTTLS";
            case AT_ONCE -> "TLS";
            case OWN -> "encrypted";
        };
    }
}
