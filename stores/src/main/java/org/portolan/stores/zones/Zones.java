package org.portolan.stores.zones;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.portolan.stores.Events;
import org.portolan.stores.PrivateFiles;
import org.portolan.stores.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The zones of a site: every {@code NAME.zone} in the folder {@code zones}, read when the site
 * starts and again when it, or a file that it includes, has changed.
 *
 * <p>What is served is one {@link ZoneTable}, replaced as a whole. A zone that cannot be read any
 * more goes on as it was, and says why, with file and line, in the log, the events and {@link
 * #states}.
 *
 * <p>All reading and writing is done by one thread, so nobody who answers ever waits for it. It
 * looks at the files itself, because to be told by the system would take a watch for each folder,
 * and would miss what happens on other machines' disks: a look is one call for each file. A changed
 * file is read when two looks found it the same, so that one that is still being written is not
 * taken half.
 */
public final class Zones implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("portolan.zones");

    private static final Duration LOOK = Duration.ofSeconds(2);

    /**
     * A zone was replaced, or is new, or is gone.
     *
     * @param zone its name, without the last dot
     * @param oldSerial -1 if it is new
     * @param newSerial -1 if it is gone
     */
    public record Change(String zone, long oldSerial, long newSerial) {}

    private final Path folder;
    private final InstantSource clock;
    private final ZoneFolder known;
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    work -> Thread.ofPlatform().daemon().name("zones").unstarted(work));

    private SiteZone own = SiteZone.of("localhost", List.of(), List.of()); // of the one thread
    private volatile ZoneTable table = ZoneTable.EMPTY;
    private volatile List<ZoneState> states = List.of();
    private volatile List<String> problems = List.of();

    /**
     * The zones in {@code folder}, which is made if it is not there.
     *
     * @throws IOException if it can be neither made nor used
     */
    public Zones(Path folder, Events events, InstantSource clock) throws IOException {
        this.folder = PrivateFiles.folder(folder).toRealPath();
        this.clock = clock;
        this.known = new ZoneFolder(this.folder, events, clock, new Spread());
    }

    /** Hands on what the one thread has read. */
    private final class Spread implements ZoneFolder.Audience {
        @Override
        public void published(ZoneTable served, List<ZoneState> all, List<String> wrong) {
            table = served;
            states = all;
            problems = wrong;
        }

        @Override
        public void changed(Change change) {
            for (Consumer<Change> listener : listeners) {
                try {
                    listener.accept(change);
                } catch (RuntimeException e) { // the zone is served all the same
                    LOG.error("who listens for changed zones failed", e);
                }
            }
        }
    }

    /**
     * Begins to read the zones and then to look after them.
     *
     * @param own the site's own zone, which is written if need be
     * @return done when all but large zones are read
     */
    public CompletableFuture<Void> start(SiteZone own) {
        CompletableFuture<Void> soon = CompletableFuture.runAsync(() -> readFirst(own), thread);
        var _ =
                thread.scheduleWithFixedDelay(
                        this::lookAgain, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return soon;
    }

    /** What is served now. */
    public ZoneTable table() {
        return table;
    }

    /**
     * Tells {@code listener} of every change, in the zones' own thread, after it is served.
     *
     * @return ends that
     */
    public Runnable listen(Consumer<Change> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Every zone, served or not, by name. */
    public List<ZoneState> states() {
        return states;
    }

    /** Why what lies in the folder is not all served, with file and line. */
    public List<String> problems() {
        return problems;
    }

    /** Where the zones' files lie. */
    public Path folder() {
        return folder;
    }

    // ---- what administrators ask for

    /**
     * Reads what has changed, at once.
     *
     * @param own the site's own zone as it should be now
     * @return {@link #problems}
     */
    public List<String> reload(SiteZone own) throws StoreException {
        return inThread(
                () -> {
                    keepTrue(own);
                    known.look(true);
                    return problems;
                });
    }

    /**
     * What reading a zone would come to.
     *
     * @param records how many it would have
     * @param problems why it could not be served, with file and line
     * @param warnings what would be odd about it
     */
    public record Check(String name, long records, List<String> problems, List<String> warnings) {}

    /** Reads the file of the zone {@code name}, serving nothing of it. */
    public Check check(String name) throws StoreException {
        ZoneFile file = file(name);
        return inThread(() -> check(folder, file));
    }

    /**
     * Reads a file anywhere, with its includes beside it, serving nothing of it.
     *
     * @param name the zone's name; empty if the file is called after it
     */
    public Check check(Path path, Optional<String> name) throws StoreException {
        try {
            Path real = path.toAbsolutePath().normalize();
            Path home = Optional.ofNullable(real.getParent()).orElse(real);
            ZoneFile file = name.isPresent() ? ZoneFile.named(name.get(), real) : ZoneFile.of(real);
            return inThread(() -> check(home, file));
        } catch (ZoneProblem e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private Check check(Path home, ZoneFile file) {
        ZoneReading read = ZoneReading.of(home, file, known.limits());
        return new Check(
                file.name(),
                read.zone() == null ? 0 : read.zone().records(),
                read.problems(),
                read.warnings());
    }

    /**
     * Adds a zone with the bytes of a file, and serves it.
     *
     * @param shown how problems shall call the file
     * @throws StoreException if it is there, or cannot be served, or cannot be written
     */
    public ZoneState addCopy(String name, Path from, String shown) throws StoreException {
        ZoneFile file = file(name);
        return inThread(() -> put(file, draft -> Files.copy(from, draft), shown));
    }

    /** Adds a zone that has its SOA and this site as its server, and serves it. */
    public ZoneState addStarter(String name) throws StoreException {
        ZoneFile file = file(name);
        return inThread(
                () -> {
                    byte[] text = own.starter(file.name(), clock).getBytes(UTF_8);
                    String shown = file.path().getFileName().toString();
                    return put(file, draft -> draft.write(text), shown);
                });
    }

    private interface Content {
        void write(OutputStream draft) throws IOException;
    }

    private ZoneState put(ZoneFile file, Content content, String shown)
            throws IOException, StoreException {
        if (known.has(file.name()) || Files.exists(file.path())) {
            throw new StoreException(
                    StoreException.Kind.EXISTS, "the zone " + file.name() + " is there already");
        }
        String draftName = file.path().getFileName() + ".new";
        Path draft = file.path().resolveSibling(draftName);
        Files.deleteIfExists(draft);
        try {
            PrivateFiles.touch(draft);
            try (OutputStream out = Files.newOutputStream(draft)) {
                content.write(out);
            }
            ZoneFile drafted = new ZoneFile(file.name(), file.apex(), draft);
            ZoneReading read = ZoneReading.of(folder, drafted, known.limits());
            if (!read.problems().isEmpty()) {
                throw refused(String.join("; ", read.problems()).replace(draftName, shown));
            }
            PrivateFiles.publish(draft, file.path());
        } finally {
            Files.deleteIfExists(draft);
        }
        known.look(true);
        return states.stream()
                .filter(state -> state.name().equals(file.name()))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Shows the records that are served of the zone {@code name}.
     *
     * @param owner of this name alone
     * @param type of this type alone
     * @throws StoreException if no such zone is served, or that is no name or no type
     */
    public void show(
            String name, Optional<String> owner, Optional<String> type, ZoneText.Reader reader)
            throws StoreException, IOException {
        ZoneFile file = file(name);
        Zone zone =
                table.zones().stream()
                        .filter(served -> Arrays.equals(served.lowerApex(), file.apex()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new StoreException(
                                                StoreException.Kind.MISSING,
                                                "the zone " + file.name() + " is not served"));
        OptionalInt code = OptionalInt.empty();
        if (type.isPresent()) {
            code =
                    OptionalInt.of(
                            TypeNames.named(type.get())
                                    .orElseThrow(
                                            () ->
                                                    refused(
                                                            DataReader.shown(type.get())
                                                                    + " is no type of record")));
        }
        try {
            byte[] wanted = owner.isPresent() ? NameText.wire(owner.get()) : new byte[0];
            ZoneText.show(zone, wanted, code, reader);
        } catch (ZoneProblem e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Removes a zone and its file; what this included stays.
     *
     * @throws StoreException if there is none
     */
    public void remove(String name) throws StoreException {
        ZoneFile file = file(name);
        inThread(
                () -> {
                    if (file.name().equalsIgnoreCase(own.domain()) && own.isWritten(folder)) {
                        throw refused(
                                "the site's own zone stays; to write it yourself, delete the first"
                                        + " line of "
                                        + file.path());
                    }
                    if (!Files.deleteIfExists(known.path(file))) {
                        throw new StoreException(
                                StoreException.Kind.MISSING, "there is no zone " + file.name());
                    }
                    known.look(true);
                    return true;
                });
    }

    private ZoneFile file(String name) throws StoreException {
        try {
            return ZoneFile.in(folder, name);
        } catch (ZoneProblem e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static StoreException refused(String why) {
        return new StoreException(StoreException.Kind.REFUSED, why);
    }

    private <T> T inThread(Callable<T> work) throws StoreException {
        try {
            return thread.submit(work).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException store) {
                throw store;
            }
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new StoreException(StoreException.Kind.BROKEN, "the zones: " + why, e);
        } catch (RejectedExecutionException e) {
            throw new StoreException(StoreException.Kind.BROKEN, "the zones are closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreException.Kind.BROKEN, "interrupted", e);
        }
    }

    // ---- the one thread

    private void readFirst(SiteZone own) {
        try {
            keepTrue(own);
            known.readSmall().forEach(path -> thread.execute(() -> known.readLarge(path)));
        } catch (IOException e) {
            LOG.error("the zones in {} cannot be read", folder, e);
        }
    }

    private void lookAgain() {
        try {
            known.look(false);
        } catch (IOException | RuntimeException e) { // the next look may go well
            LOG.error("the zones in {} cannot be looked at", folder, e);
        }
    }

    private void keepTrue(SiteZone wanted) {
        own = wanted;
        try {
            own.write(folder, clock).forEach(LOG::info);
        } catch (IOException e) { // the other zones are served all the same
            LOG.error("the site's own zone cannot be written", e);
        }
    }

    /** Stops looking after the zones; what is being read is finished first. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
