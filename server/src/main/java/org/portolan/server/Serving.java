package org.portolan.server;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.stores.SiteFolder;
import org.portolan.stores.StoreException;

/** {@code portolan serve}: from nothing to a site that serves, until it is told to stop. */
final class Serving {
    private final Path data;
    private final Path config;
    private final PrintStream out;
    private final PrintStream err;

    Serving(Path data, Path config, PrintStream out, PrintStream err) {
        this.data = data;
        this.config = config;
        this.out = out;
        this.err = err;
    }

    /** Returns the process's exit status. */
    int run() {
        Configuration configuration;
        try {
            configuration = Configuration.read(config);
        } catch (IOException e) {
            err.println(config + ": cannot be read: " + why(e));
            return 1;
        }
        if (!configuration.problems().isEmpty()) {
            configuration.problems().forEach(problem -> err.println(config + ": " + problem));
            return 1;
        }
        try {
            Optional<SiteFolder> folder = SiteFolder.open(data);
            if (folder.isEmpty()) {
                err.println(
                        "portolan: another process serves %s; stop it (portolan stop --data %s)"
                                        .formatted(data, data)
                                + ", or name another folder with --data");
                return 1;
            }
            try (SiteFolder held = folder.get()) {
                return serve(held, configuration);
            }
        } catch (IOException | StoreException e) {
            err.println("portolan: cannot serve from " + data + ": " + why(e));
            return 1;
        }
    }

    /** Java's own words for most of what a file system refuses are the file's name alone. */
    static String why(Exception e) {
        return switch (e) {
            case AccessDeniedException denied ->
                    "user %s may not use %s"
                            .formatted(System.getProperty("user.name"), denied.getFile());
            case FileAlreadyExistsException there -> there.getFile() + " is there, but no folder";
            case NoSuchFileException missing -> missing.getFile() + " is not there";
            case FileSystemException file when file.getReason() != null ->
                    file.getFile() + ": " + file.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    private int serve(SiteFolder folder, Configuration configuration)
            throws IOException, StoreException {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (Site site =
                new Site(
                        folder,
                        config,
                        configuration,
                        Clock.SYSTEM,
                        stop::countDown,
                        Optional.empty())) {
            Runtime.getRuntime().addShutdownHook(stopOnSignal(stop, stopped));
            FirstRun.welcome(site, folder, out);
            site.serve(configuration);
            Banner banner = new Banner(site, folder, out);
            banner.printDoors();
            if (nothingIsOpen(site.doors())) {
                err.println(
                        "portolan: no port could be opened, so there is nothing to serve; another"
                                + " port_offset or other addresses in portolan.toml may help");
                return 1;
            }
            banner.printReady(sinceStart());
            stop.await();
            out.println("Stopping: letting conversations finish.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stop.countDown(); // from here on it is not a signal that ends the process
            stopped.countDown();
        }
        return 0;
    }

    private static boolean nothingIsOpen(List<Opened> doors) {
        return !doors.isEmpty() && doors.stream().allMatch(door -> door.problem().isPresent());
    }

    /** A signal ends the process only after the site was closed, and as a success. */
    static Thread stopOnSignal(CountDownLatch stop, CountDownLatch stopped) {
        return new Thread(
                () -> {
                    boolean signalled = stop.getCount() > 0;
                    stop.countDown();
                    try {
                        stopped.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    if (signalled) {
                        Runtime.getRuntime().halt(0);
                    }
                },
                "stop-on-signal");
    }

    private static String sinceStart() {
        // The launcher says when it began: Linux tells a process's start in whole seconds after
        // boot.
        String launched = System.getProperty("portolan.launched", "");
        Instant started =
                launched.isEmpty()
                        ? ProcessHandle.current().info().startInstant().orElse(Instant.now())
                        : Instant.ofEpochMilli(Long.parseLong(launched));
        long millis = Duration.between(started, Instant.now()).toMillis();
        return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
    }
}
