package org.portolan.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.PrintStream;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.stores.PrivateFiles;
import org.portolan.stores.RandomPassword;
import org.portolan.stores.SiteFolder;
import org.portolan.stores.Spaces;
import org.portolan.stores.Spaces.Right;
import org.portolan.stores.Spaces.Space;
import org.portolan.stores.StoreException;
import org.portolan.stores.backup.Folders;

/**
 * {@code portolan share}: a site for a while, in a folder that is deleted afterwards, with the file
 * services alone and one folder for a tree.
 */
final class Sharing {
    static final String GUEST = "guest";

    private static final Set<String> SERVED = Set.of("ftp", "tftp", "ssh");

    /** Where ports are tried: {@code serve} has those from 10,000 on. */
    private static final int FIRST_OFFSET = 20_000;

    private static final int LAST_OFFSET = 49_000;
    private static final int STEP = 1_000;

    private final ShareOptions options;
    private final PrintStream out;
    private final PrintStream err;

    Sharing(ShareOptions options, PrintStream out, PrintStream err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    /** Returns the process's exit status. */
    int run() {
        Optional<String> problem = problem(options.folder());
        if (problem.isPresent()) {
            err.println("portolan: " + problem.get());
            return 1;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        @Nullable Path data = null;
        try {
            data = Files.createTempDirectory("portolan-share-");
            System.setProperty("org.sqlite.tmpdir", data.toString()); // its library goes with it
            return share(data, stopped);
        } catch (IOException | StoreException e) {
            err.println(
                    "portolan: cannot share %s: %s".formatted(options.folder(), Serving.why(e)));
            return 1;
        } finally {
            if (data != null) {
                delete(data);
            }
            stopped.countDown(); // after a signal the process ends now
        }
    }

    /** Why {@code folder} cannot be shared as it is wanted; empty if it can. */
    private Optional<String> problem(Path folder) {
        if (!Files.exists(folder)) {
            return Optional.of(folder + " is not there, or its folder is closed to " + user());
        }
        if (!Files.isDirectory(folder)) {
            return Optional.of(folder + " is no folder; share the one that it is in");
        }
        if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            return Optional.of(user() + " may not read " + folder);
        }
        return options.write() && !Files.isWritable(folder)
                ? Optional.of(user() + " may not write in " + folder + "; leave out --write")
                : Optional.empty();
    }

    private static String user() {
        return "user " + System.getProperty("user.name");
    }

    // ---- the site

    private int share(Path data, CountDownLatch stopped) throws IOException, StoreException {
        Path config = data.resolve("portolan.toml");
        boolean chosen = options.portOffset().isPresent();
        Configuration first = configure(config, options.portOffset().orElse(FIRST_OFFSET));
        SiteFolder folder = SiteFolder.open(data).orElseThrow();
        CountDownLatch stop = new CountDownLatch(1);
        try (folder;
                Site site =
                        new Site(
                                folder,
                                config,
                                first,
                                Clock.SYSTEM,
                                stop::countDown,
                                Optional.of(options.folder()))) {
            Runtime.getRuntime().addShutdownHook(Serving.stopOnSignal(stop, stopped));
            String password = RandomPassword.fresh();
            site.accounts().add(GUEST, password);
            grant(site.files().spaces());
            site.serve(first);
            for (int offset = FIRST_OFFSET + STEP;
                    !chosen && isTaken(site) && offset <= LAST_OFFSET;
                    offset += STEP) {
                configure(config, offset);
                site.reload(Optional.empty());
            }
            if (isTaken(site)) {
                complain(site.doors());
                return 1;
            }
            try (SharingLog _ = new SharingLog(out, site.files(), site::peer)) {
                new ShareBanner(site, options, password, out).print();
                boolean over = waitFor(stop);
                stop.countDown(); // from here on it is not a signal that ends the process
                out.println(
                        (over ? "The time is over" : "Stopping")
                                + ": %s is not shared any more.".formatted(options.folder()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stop.countDown();
        }
        return 0;
    }

    /** Whether the time ended before anybody said stop. */
    private boolean waitFor(CountDownLatch stop) throws InterruptedException {
        if (options.time().isEmpty()) {
            stop.await();
            return false;
        }
        return !stop.await(options.time().get().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static boolean isTaken(Site site) {
        return site.doors().stream().anyMatch(door -> door.problem().isPresent());
    }

    private void complain(List<Opened> doors) {
        for (Opened door : doors) {
            door.problem()
                    .ifPresent(
                            why ->
                                    err.println(
                                            "portolan: port %d is not open: %s"
                                                    .formatted(door.at().getPort(), why)));
        }
        err.println("portolan: choose other ports with --port-offset");
    }

    /** Who may do what in the folder. */
    private void grant(Spaces spaces) throws StoreException {
        Space folder = spaces.publicSpace();
        if (options.closed()) {
            spaces.revoke(folder, Spaces.EVERYBODY);
        }
        spaces.grant(folder, Spaces.ACCOUNTS, options.write() ? Right.WRITE : Right.READ);
        spaces.revoke(spaces.dropSpace(), Spaces.ACCOUNTS);
        if (options.write() && !options.closed()) {
            spaces.grant(spaces.dropSpace(), Spaces.EVERYBODY, Right.DROP);
        }
    }

    // ---- its settings

    /** Writes the site's settings and reads them, so that they are those of any other site. */
    private Configuration configure(Path config, int offset) throws IOException {
        PrivateFiles.write(config, settings(offset).getBytes(UTF_8));
        Configuration configuration = Configuration.read(config);
        if (!configuration.problems().isEmpty()) {
            throw new IOException(configuration.problems().toString());
        }
        return configuration;
    }

    private String settings(int offset) {
        StringBuilder text = new StringBuilder();
        text.append("name = \"portolan.localhost\"\n");
        text.append("addresses = ").append(quoted(addresses())).append('\n');
        text.append("port_offset = ").append(offset).append('\n');
        text.append("[log]\nlevel = \"warn\"\n");
        text.append("[firewall]\nrules = ");
        text.append(quoted(options.rules().stream().map(Object::toString).toList())).append('\n');
        for (String service : Services.known()) {
            boolean tftp = service.equals("tftp");
            boolean served = SERVED.contains(service) && !(tftp && options.closed());
            text.append('[').append(service).append("]\nenabled = ").append(served).append('\n');
            if (service.equals("ftp")) {
                text.append("anonymous = ").append(!options.closed()).append('\n');
            } else if (tftp) {
                text.append("uploads = ").append(options.write()).append('\n');
                text.append("upload_size = \"1000 GB\"\n"); // the disk is the limit
            }
        }
        return text.toString();
    }

    private static String quoted(List<String> values) {
        return values.stream().map(value -> '"' + value + '"').collect(joining(", ", "[", "]"));
    }

    /** All of the host's, or those that lead nowhere else; without IPv6 where there is none. */
    private List<String> addresses() {
        boolean six = hasSixthVersion();
        if (options.beyondThisMachine()) {
            return six ? List.of("0.0.0.0", "::") : List.of("0.0.0.0");
        }
        return six ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1");
    }

    private static boolean hasSixthVersion() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(Inet6Address.class::isInstance);
        } catch (SocketException e) {
            return false; // nothing is lost: the fourth version is everywhere
        }
    }

    // ---- afterwards

    /** Deletes the site's folder; the link in it to what was shared goes, and nothing behind it. */
    private void delete(Path data) {
        try {
            Folders.delete(data);
        } catch (IOException e) {
            err.println("portolan: %s could not be deleted: %s".formatted(data, Serving.why(e)));
        }
    }
}
