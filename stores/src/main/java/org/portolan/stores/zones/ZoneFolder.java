package org.portolan.stores.zones;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.Events;
import org.portolan.stores.zones.Zones.Change;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The folder of zones as one thread knows it: which file is which zone, and how it was read. */
final class ZoneFolder {
    private static final Logger LOG = LoggerFactory.getLogger("portolan.zones");

    /** Small files, up to this much together, are read before anybody is served. */
    private static final long SOON_BYTES = 2_000_000;

    private static final long NONE = -1;

    /** Who is told what changed. */
    interface Audience {
        /** What is served from now on, and how every zone is. */
        void published(ZoneTable table, List<ZoneState> states, List<String> problems);

        void changed(Change change);
    }

    /** A zone and how its files looked when they were read. */
    private record Held(
            ZoneFile file,
            @Nullable Zone zone,
            Instant loaded,
            long checksum,
            Map<Path, FileStamp> files,
            List<String> problems,
            List<String> warnings) {

        long serial() {
            return zone == null ? NONE : zone.serial();
        }

        /** The same zone after its files could not be read, or say the same as before. */
        Held lookedAt(ZoneReading read) {
            return new Held(file, zone, loaded, checksum, read.files(), read.problems(), warnings);
        }

        boolean looksOther(Map<Path, FileStamp> now, Set<Path> settled) {
            return files.entrySet().stream()
                    .anyMatch(
                            known ->
                                    settled.contains(known.getKey())
                                            && !known.getValue().equals(now.get(known.getKey())));
        }

        ZoneState state() {
            Zone served = zone;
            return new ZoneState(
                    file.name(),
                    served == null ? OptionalLong.empty() : OptionalLong.of(served.serial()),
                    served == null ? 0 : served.records(),
                    served == null ? 0 : served.bytes(),
                    file.path(),
                    loaded,
                    problems,
                    warnings);
        }
    }

    private final Path folder;
    private final Events events;
    private final InstantSource clock;
    private final Audience audience;
    private final Map<String, Held> zones = new TreeMap<>();
    private final Map<Path, String> strangers = new HashMap<>(); // files that are no zone's
    private final List<Change> changes = new ArrayList<>(); // not published yet
    private boolean starting = true;
    private Map<Path, FileStamp> lastLook = Map.of();

    ZoneFolder(Path folder, Events events, InstantSource clock, Audience audience) {
        this.folder = folder;
        this.events = events;
        this.clock = clock;
        this.audience = audience;
    }

    /**
     * Reads the small zones.
     *
     * @return the files of the others
     */
    List<Path> readSmall() throws IOException {
        List<Map.Entry<Path, FileStamp>> smallFirst = new ArrayList<>(found().entrySet());
        smallFirst.sort(Comparator.comparingLong(file -> file.getValue().size()));
        List<Path> later = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<Path, FileStamp> file : smallFirst) {
            bytes += file.getValue().size();
            if (bytes <= SOON_BYTES) {
                read(file.getKey());
            } else {
                later.add(file.getKey());
                awaited(file.getKey());
            }
        }
        publish();
        LOG.info("zones: {}, records: {}", zones.size(), records());
        starting = false;
        return later;
    }

    /** Until it has been read, nobody shall take its names for those of a stranger. */
    private void awaited(Path path) {
        try {
            ZoneFile file = ZoneFile.of(path);
            zones.putIfAbsent(file.name(), unread(file));
        } catch (ZoneProblem e) {
            LOG.debug("{} will be no zone", path, e); // as is said when it is read
        }
    }

    private long records() {
        long records = 0;
        for (Held held : zones.values()) {
            records += held.zone == null ? 0 : held.zone.records();
        }
        return records;
    }

    /** The files in the folder that should be zones. */
    private Map<Path, FileStamp> found() throws IOException {
        Map<Path, FileStamp> found = new LinkedHashMap<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, "*" + ZoneFile.ENDING)) {
            files.forEach(path -> found.put(path, FileStamp.of(path)));
        }
        return found;
    }

    /**
     * Reads what has changed.
     *
     * @param atOnce also what did not look the same the last time, and may still be written to
     */
    void look(boolean atOnce) throws IOException {
        Map<Path, FileStamp> now = found();
        Set<Path> known = new HashSet<>(strangers.keySet());
        for (Held held : zones.values()) {
            known.addAll(held.files.keySet());
        }
        Set<Path> fresh = new HashSet<>(now.keySet());
        fresh.removeAll(known);
        known.forEach(path -> now.computeIfAbsent(path, FileStamp::of));
        Set<Path> settled = new HashSet<>(now.keySet());
        settled.removeIf(path -> !atOnce && !Objects.equals(now.get(path), lastLook.get(path)));
        lastLook = now;
        boolean changed = strangers.keySet().removeIf(path -> !Files.exists(path));
        for (Held held : List.copyOf(zones.values())) {
            if (held.looksOther(now, settled)) {
                readOrDrop(held);
                changed = true;
            }
        }
        fresh.retainAll(settled);
        fresh.forEach(this::read);
        if (changed || !fresh.isEmpty()) {
            publish();
        }
    }

    private void readOrDrop(Held held) {
        if (Files.exists(held.file.path())) {
            read(held.file.path());
            return;
        }
        zones.remove(held.file.name());
        LOG.info("zone {} is gone with its file", held.file.name());
        note(Events.Kind.CHANGED, "zone %s is gone with its file".formatted(held.file.name()));
        changes.add(new Change(held.file.name(), held.serial(), NONE));
    }

    /** Reads a zone that is in no table yet, or was read before. */
    void readLarge(Path path) {
        read(path);
        publish();
    }

    /** Reads a zone, and serves it if it can be. */
    private void read(Path path) {
        ZoneFile file;
        try {
            file = ZoneFile.of(path);
        } catch (ZoneProblem e) {
            stranger(path, String.valueOf(e.getMessage()));
            return;
        }
        Held before = zones.getOrDefault(file.name(), unread(file));
        if (!before.file.path().equals(path)) {
            stranger(
                    path,
                    "%s: its zone is in %s"
                            .formatted(path.getFileName(), before.file.path().getFileName()));
            return;
        }
        long begin = System.nanoTime();
        ZoneReading read = reading(file);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        if (read.zone() == null) {
            broken(before, read);
        } else if (before.zone != null && read.checksum() == before.checksum) {
            zones.put(file.name(), before.lookedAt(read)); // touched, but the same
        } else {
            serve(before, read, read.zone(), millis);
        }
    }

    private ZoneReading reading(ZoneFile file) {
        try {
            return ZoneReading.of(folder, file, limits());
        } catch (RuntimeException e) { // ours, and no reason not to serve the others
            LOG.error("reading {} broke", file.path(), e);
            return new ZoneReading(
                    null,
                    List.of("something broke while it was read; the log says what"),
                    List.of(),
                    Map.of(file.path(), FileStamp.of(file.path())),
                    0);
        }
    }

    private Held unread(ZoneFile file) {
        return new Held(file, null, clock.instant(), 0, Map.of(), List.of(), List.of());
    }

    private void stranger(Path path, String problem) {
        strangers.put(path, problem);
        LOG.warn("{}", problem);
    }

    private void broken(Held before, ZoneReading read) {
        String name = before.file.name();
        zones.put(name, before.lookedAt(read));
        String stays =
                before.zone == null ? "is not served" : "goes on with serial " + before.serial();
        read.problems().forEach(problem -> LOG.error("zone {} {}: {}", name, stays, problem));
        note(
                Events.Kind.REFUSED,
                "zone %s %s: %s".formatted(name, stays, read.problems().getFirst()));
    }

    private void serve(Held before, ZoneReading read, Zone zone, long millis) {
        List<String> warnings = new ArrayList<>(read.warnings());
        if (before.zone != null && !isAfter(zone.serial(), before.serial())) {
            warnings.add(
                    "its serial went from %d to %d: secondaries do not notice what changed"
                            .formatted(before.serial(), zone.serial()));
        }
        String name = before.file.name();
        zones.put(
                name,
                new Held(
                        before.file,
                        zone,
                        clock.instant(),
                        read.checksum(),
                        read.files(),
                        List.of(),
                        List.copyOf(warnings)));
        LOG.atLevel(starting ? Level.DEBUG : Level.INFO)
                .log(
                        "zone {}: serial {}, {} records, read in {} ms",
                        name,
                        zone.serial(),
                        zone.records(),
                        millis);
        warnings.forEach(warning -> LOG.warn("zone {}: {}", name, warning));
        if (before.zone != null) {
            note(
                    Events.Kind.CHANGED,
                    "zone %s: serial %d, then %d".formatted(name, before.serial(), zone.serial()));
        }
        changes.add(new Change(name, before.serial(), zone.serial()));
    }

    /** RFC 1982 §3.2. */
    private static boolean isAfter(long serial, long other) {
        return (int) (serial - other) > 0;
    }

    /** What a zone may take while the one that it replaces, and all others, are there too. */
    MasterFile.Limits limits() {
        long others = 0;
        for (Held held : zones.values()) {
            others += held.zone == null ? 0 : held.zone.bytes();
        }
        long most = Runtime.getRuntime().maxMemory() / 5 * 3 - others;
        return MasterFile.Limits.USUAL.withMemory(Math.max(0, most));
    }

    boolean has(String name) {
        return zones.containsKey(name);
    }

    /** Where the file of a zone is, whatever letters its name is written in. */
    Path path(ZoneFile wanted) {
        Held held = zones.get(wanted.name());
        return held == null ? wanted.path() : held.file.path();
    }

    private void publish() {
        List<Zone> served = new ArrayList<>();
        List<byte[]> missing = new ArrayList<>();
        List<ZoneState> states = new ArrayList<>();
        List<String> problems = new ArrayList<>(strangers.values());
        for (Held held : zones.values()) {
            if (held.zone != null) {
                served.add(held.zone);
            } else {
                missing.add(held.file.apex());
            }
            states.add(held.state());
            held.problems.forEach(
                    problem -> problems.add("zone " + held.file.name() + ": " + problem));
        }
        ZoneTable table = ZoneTable.of(served, missing);
        audience.published(table, List.copyOf(states), List.copyOf(problems));
        changes.forEach(audience::changed);
        changes.clear();
    }

    private void note(Events.Kind kind, String words) {
        events.note(kind, "dns", "", "", "", words);
    }
}
