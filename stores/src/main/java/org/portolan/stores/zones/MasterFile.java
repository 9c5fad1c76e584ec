package org.portolan.stores.zones;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Reads one zone's master file and what it includes (RFC 1035 §5): records with owner, TTL and
 * class where they are left out, {@code $ORIGIN}, {@code $TTL} (RFC 2308 §4), {@code $INCLUDE} and
 * {@code $GENERATE}.
 *
 * <p>Reading goes on behind a problem, so that whoever wrote the file sees several at once. A file
 * of any size is read through one small buffer.
 */
final class MasterFile {
    /** Problems beyond these are not looked for. */
    static final int MOST_PROBLEMS = 20;

    /**
     * How much one zone's files may ask for.
     *
     * @param entryBytes the most bytes of one record as it is written, with its comments
     * @param depth how deep files may include files
     * @param files how many files may be included in all
     * @param generated how many records {@code $GENERATE} may make in all
     * @param memory how many bytes the zone may take while it is read
     */
    record Limits(int entryBytes, int depth, int files, int generated, long memory) {
        static final Limits USUAL = new Limits(1 << 20, 16, 10_000, 20_000_000, Long.MAX_VALUE);

        Limits withMemory(long bytes) {
            return new Limits(entryBytes, depth, files, generated, bytes);
        }
    }

    /** Takes the records as they come. */
    @FunctionalInterface
    interface Records {
        /**
         * Takes one record; the arrays are another's afterwards.
         *
         * @throws ZoneProblem if the zone cannot have it
         */
        void add(byte[] owner, int type, long ttl, byte[] data, int dataLength) throws ZoneProblem;
    }

    /**
     * What reading came to.
     *
     * @param problems why the zone cannot be served, with file and line; empty if it can
     * @param files every file that was wanted, as it was found before reading
     * @param checksum of all that was read
     */
    record Reading(List<String> problems, Map<Path, FileStamp> files, long checksum) {}

    /**
     * What a record takes beside its data, and a name beside its letters, while a zone is built.
     * Measured: a million records of 0.8 million names want a heap of 140 MB.
     */
    private static final int RECORD_COST = 60;

    private static final int NAME_COST = 30;

    private static final byte[] NO_OWNER = {};
    private static final long UNKNOWN = -1;

    private final Path folder;
    private final Limits limits;
    private final Records records;
    private final DataReader data = new DataReader();
    private final List<String> problems = new ArrayList<>();
    private final Map<Path, FileStamp> files = new LinkedHashMap<>();
    private final Deque<Place> places = new ArrayDeque<>();
    private final CRC32C checksum = new CRC32C();
    private int included;
    private int generated;
    private long memory;
    private int ownerCost; // of a name that no record was counted with yet
    private long usualTtl = UNKNOWN; // from $TTL, or else the SOA
    private long lastTtl = UNKNOWN;
    private byte[] origin;
    private byte[] owner = NO_OWNER;
    private final byte[] ownerBuffer = new byte[NameText.LONGEST + 1];

    /** A file that is being read. */
    private record Place(Path file, String name, Entries entries) {
        @Override
        public String toString() {
            return name + ":" + entries.line();
        }
    }

    private MasterFile(Path folder, byte[] apex, Limits limits, Records records) {
        this.folder = folder;
        this.origin = apex;
        this.limits = limits;
        this.records = records;
    }

    /**
     * Reads a zone.
     *
     * @param folder all that is read has to lie in it or below
     * @param apex the zone's name, to which the names in the file are relative; wire form
     */
    static Reading read(Path folder, Path file, byte[] apex, Limits limits, Records records) {
        MasterFile reading = new MasterFile(folder, apex, limits, records);
        try {
            reading.readFile(file);
        } catch (IOException e) {
            reading.note(reading.name(file) + " " + why(e));
        }
        return new Reading(
                List.copyOf(reading.problems), reading.files, reading.checksum.getValue());
    }

    private String name(Path file) {
        Path home = file.startsWith(folder) ? folder : file.toAbsolutePath().getParent();
        return home == null ? file.toString() : home.relativize(file).toString();
    }

    private static String why(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "is not there";
            case AccessDeniedException _ -> "may not be read by this server's user";
            default -> "cannot be read: " + e.getMessage();
        };
    }

    // ---- files

    private void readFile(Path file) throws IOException {
        files.put(file, FileStamp.of(file));
        Path real = file.toRealPath();
        if (!real.startsWith(folder.toRealPath())) {
            throw new IOException("it leads out of " + folder);
        }
        if (!Files.isRegularFile(real)) { // a pipe would be waited for
            throw new IOException("it is not a file");
        }
        try (FileChannel channel = FileChannel.open(real)) {
            Entries entries = new Entries(summed(channel), limits.entryBytes);
            places.push(new Place(real, name(file), entries));
            try {
                readEntries(entries);
            } finally {
                places.pop();
            }
        }
    }

    /** What is read from {@code file}, with its checksum taken on the way. */
    private ReadableByteChannel summed(ReadableByteChannel file) {
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                int from = into.position();
                int read = file.read(into);
                if (read > 0) {
                    checksum.update(into.array(), into.arrayOffset() + from, read);
                }
                return read;
            }

            @Override
            public boolean isOpen() {
                return file.isOpen();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    private void readEntries(Entries entries) throws IOException {
        boolean more = true;
        while (more && goesOn()) {
            try {
                more = entries.next();
                if (more) {
                    readEntry(entries);
                }
            } catch (ZoneProblem e) {
                note(where() + ": " + e.getMessage());
            }
        }
    }

    private boolean goesOn() {
        return problems.size() < MOST_PROBLEMS && memory <= limits.memory;
    }

    private void note(String problem) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(problem);
        }
    }

    private String where() {
        StringBuilder where = new StringBuilder();
        for (Place place : places) {
            if (where.isEmpty()) {
                where.append(place);
            } else {
                where.append(", included at ").append(place);
            }
        }
        return where.toString();
    }

    private void readEntry(Entries entry) throws IOException, ZoneProblem {
        if (!entry.indented()) {
            int word = entry.take("");
            if (entry.bytes()[entry.from(word)] == '$' && !entry.quoted(word)) {
                readDirective(entry, word);
                return;
            }
            owner = NO_OWNER; // none that records behind a broken one could take
            int length =
                    NameText.read(
                            entry.bytes(),
                            entry.from(word),
                            entry.to(word),
                            origin,
                            ownerBuffer,
                            0);
            ownerCost = NAME_COST + 2 * length;
            owner = ownerBuffer;
        }
        if (owner.length == 0) {
            throw new ZoneProblem(
                    "there is no name before this record that it could belong to;"
                            + " a line that begins with a blank takes the one before");
        }
        readRecord(entry);
    }

    private void readRecord(Entries entry) throws ZoneProblem {
        RecordHead head = RecordHead.read(entry);
        data.read(head.type(), entry, origin);
        long ttl = ttl(head);
        memory += RECORD_COST + data.length() + ownerCost;
        ownerCost = 0;
        if (memory > limits.memory) {
            throw new ZoneProblem(
                    "from here on the zone is larger than the %d MB of memory that it may take"
                            .formatted(limits.memory >> 20));
        }
        records.add(owner, head.type(), ttl, data.wire(), data.length());
    }

    /**
     * The TTL that was written, or that of {@code $TTL}, or that of the record before, or, for the
     * SOA and what follows it, what that says (RFC 2308 §4).
     */
    private long ttl(RecordHead head) throws ZoneProblem {
        if (head.ttl() != RecordHead.NO_TTL) {
            lastTtl = head.ttl();
            return lastTtl;
        }
        if (usualTtl == UNKNOWN && lastTtl == UNKNOWN && head.type() == RecordType.SOA) {
            usualTtl = data.last32();
        }
        long ttl = usualTtl == UNKNOWN ? lastTtl : usualTtl;
        if (ttl == UNKNOWN) {
            throw new ZoneProblem("a TTL is missing: write $TTL 3600, or the like, above it");
        }
        return ttl;
    }

    // ---- lines that begin with $

    private void readDirective(Entries entry, int word) throws IOException, ZoneProblem {
        if (entry.is(word, "$ORIGIN")) {
            int to = entry.take("a name");
            origin = name(entry, to);
            entry.wantEnd("$ORIGIN");
        } else if (entry.is(word, "$TTL")) {
            usualTtl = TimeToLive.take(entry, "a TTL");
            entry.wantEnd("$TTL");
        } else if (entry.is(word, "$INCLUDE")) {
            include(entry);
        } else if (entry.is(word, "$GENERATE")) {
            Generated pattern = Generated.read(entry);
            long ttl = lastTtl;
            aside(() -> generate(pattern));
            lastTtl = ttl;
        } else {
            throw new ZoneProblem(
                    "%s is none of $ORIGIN, $TTL, $INCLUDE and $GENERATE"
                            .formatted(DataReader.shown(entry.text(word))));
        }
    }

    private byte[] name(Entries entry, int word) throws ZoneProblem {
        byte[] into = new byte[NameText.LONGEST + 1];
        int end = NameText.read(entry.bytes(), entry.from(word), entry.to(word), origin, into, 0);
        return Arrays.copyOf(into, end);
    }

    private void include(Entries entry) throws IOException, ZoneProblem {
        int word = entry.take("a file");
        String text = entry.text(word);
        byte[] itsOrigin = entry.more() ? name(entry, entry.take("")) : origin;
        entry.wantEnd("$INCLUDE");
        Path file = included(text);
        byte[] before = origin;
        origin = itsOrigin;
        try {
            aside(() -> readFile(file));
        } catch (IOException e) {
            throw new ZoneProblem(DataReader.shown(text) + " " + why(e));
        } finally {
            origin = before;
        }
    }

    private interface Reader {
        void read() throws IOException, ZoneProblem;
    }

    /** Reads records behind which the file goes on as if they had not been (RFC 1035 §5.1). */
    private void aside(Reader records) throws IOException, ZoneProblem {
        byte[] before = owner.length == 0 ? NO_OWNER : ownerBuffer.clone();
        try {
            records.read();
        } finally {
            System.arraycopy(before, 0, ownerBuffer, 0, before.length);
            owner = before.length == 0 ? NO_OWNER : ownerBuffer;
        }
    }

    /** The file that {@code $INCLUDE} names; only below the folder of zones. */
    private Path included(String text) throws ZoneProblem {
        Path named;
        try {
            named = Path.of(text);
        } catch (InvalidPathException e) {
            throw new ZoneProblem(DataReader.shown(text) + " is no file's name");
        }
        boolean up = false;
        for (Path part : named) {
            up |= part.toString().equals("..");
        }
        if (named.isAbsolute() || up) {
            throw new ZoneProblem(
                    "%s: only files below the folder of zones can be included, without \"..\""
                            .formatted(DataReader.shown(text)));
        }
        Path file = folder.resolve(named);
        for (Place place : places) {
            if (isSame(place.file, file)) {
                throw new ZoneProblem(
                        DataReader.shown(text) + " is being read already: it would include itself");
            }
        }
        if (places.size() > limits.depth) {
            throw new ZoneProblem("files are included more than " + limits.depth + " deep");
        }
        included++;
        if (included > limits.files) {
            throw new ZoneProblem("more than " + limits.files + " files are included");
        }
        return file;
    }

    private static boolean isSame(Path read, Path file) {
        try {
            return Files.isSameFile(read, file);
        } catch (IOException missing) {
            return false; // which opening it will say
        }
    }

    private void generate(Generated pattern) throws IOException, ZoneProblem {
        for (long number = pattern.first();
                number <= pattern.last() && goesOn();
                number += pattern.step()) {
            generated++;
            if (generated > limits.generated) {
                throw new ZoneProblem(
                        "$GENERATE makes more than %d records".formatted(limits.generated));
            }
            try {
                Entries record = new Entries(pattern.text(number));
                if (record.next()) {
                    readEntry(record);
                }
            } catch (ZoneProblem e) {
                throw new ZoneProblem("for " + number + ": " + e.getMessage());
            }
        }
    }
}
