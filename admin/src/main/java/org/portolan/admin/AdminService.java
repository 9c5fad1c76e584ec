package org.portolan.admin;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.portolan.kernel.Door;
import org.portolan.kernel.Limits;
import org.portolan.kernel.Service;

/** The admin API's door: a Unix-domain socket in the data directory. */
public final class AdminService implements Service {
    /** The longest line a peer may send, its CRLF included. */
    static final int LINE_BYTES = 64 * 1024;

    /** Whoever looks on may do so for weeks; a backup takes as long as it takes. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private final List<Door> doors;

    /**
     * A door in the data directory.
     *
     * @param data the data directory
     */
    public AdminService(Path data, Verbs verbs) {
        Path socket = socket(data);
        this.doors = List.of(new Door.LocalDoor(socket, new AdminSession(socket, verbs)));
    }

    /** Where the socket of the site in {@code data} is. */
    static Path socket(Path data) {
        Path absolute = data.toAbsolutePath().normalize().resolve("admin.sock");
        // the system allows about a hundred bytes only: below a deep folder the short way may do
        Path relative = Path.of("").toAbsolutePath().relativize(absolute);
        return relative.toString().length() < absolute.toString().length() ? relative : absolute;
    }

    @Override
    public String name() {
        return "admin";
    }

    @Override
    public List<Door> doors() {
        return doors;
    }

    @Override
    public Limits limits() {
        return Limits.USUAL.withLineBytes(LINE_BYTES).withIdle(LONGEST).withSession(LONGEST);
    }
}
