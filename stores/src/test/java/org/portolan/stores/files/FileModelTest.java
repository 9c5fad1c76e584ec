package org.portolan.stores.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.stores.files.Grove.names;
import static org.portolan.stores.files.Grove.path;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Spaces;
import org.portolan.stores.files.FileProblem.Kind;

/**
 * The file tree against a naive model: two accounts through two protocols do whatever comes to a
 * random generator's mind in one shared folder, and both are the same after each step, the refusals
 * included.
 */
final class FileModelTest {
    private static final String TOP = "/shared/plans";
    private static final int STEPS = 400;

    @TempDir(factory = Memory.class)
    Path data;

    /** A file as the model has it; the same object whatever its name. */
    private static final class Page {
        byte[] bytes;
        boolean named = true;
        boolean deletePending;

        Page(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /** Somebody has a page open. */
    private static final class Reader {
        final Page page;
        final Set<Access> access;
        final Set<Access> shared;
        final OpenFile file;
        final List<long[]> ranges = new ArrayList<>(); // from, length, 1 if exclusive
        boolean deleteOnClose;

        Reader(Page page, Set<Access> access, Set<Access> shared, OpenFile file) {
            this.page = page;
            this.access = access;
            this.shared = shared;
            this.file = file;
        }
    }

    /** What is tried; returns what can be compared. */
    private interface Call {
        @Nullable Object run() throws FileProblem;
    }

    /** What one run does. */
    private static final class Run {
        final Grove grove;
        final Random random;
        final View[] views;
        final Map<String, Optional<Page>> model = new TreeMap<>(); // a folder has no page
        final List<Reader> readers = new ArrayList<>();
        final Spaces.Space plans;
        final Set<Kind> refusals = EnumSet.noneOf(Kind.class);
        long quota;
        String last = "";

        Run(Grove grove, long seed) throws Exception {
            this.grove = grove;
            this.random = new Random(seed);
            this.plans = grove.tree.share("plans");
            grove.spaces.grant(plans, Spaces.ACCOUNTS, Spaces.Right.WRITE);
            this.views = new View[] {grove.ada(), grove.bob()};
            model.put(TOP, Optional.empty());
        }

        View who() {
            return views[random.nextInt(views.length)];
        }

        String anyPath() {
            StringBuilder path = new StringBuilder(TOP);
            for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
                path.append('/').append((char) ('a' + random.nextInt(3)));
            }
            return path.toString();
        }

        byte[] anyBytes() {
            byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(5_000)];
            random.nextBytes(bytes);
            return bytes;
        }

        // ---- what the model knows

        static String parent(String path) {
            return path.substring(0, path.lastIndexOf('/'));
        }

        @Nullable Page page(String path) {
            return model.getOrDefault(path, Optional.empty()).orElse(null);
        }

        boolean isFolder(String path) {
            return model.containsKey(path) && model.get(path).isEmpty();
        }

        boolean isEmpty(String folder) {
            return model.keySet().stream().noneMatch(path -> path.startsWith(folder + "/"));
        }

        /** Why the folder that {@code path} is in cannot be entered. */
        Optional<Kind> closed(String path) {
            List<String> above = new ArrayList<>();
            for (String p = parent(path); p.length() >= TOP.length(); p = parent(p)) {
                above.addFirst(p);
            }
            for (String folder : above) {
                if (!model.containsKey(folder)) {
                    return Optional.of(Kind.MISSING);
                }
                if (page(folder) != null) {
                    return Optional.of(Kind.NOT_A_FOLDER);
                }
            }
            return Optional.empty();
        }

        boolean isKept(@Nullable Page page) {
            return readers.stream()
                    .anyMatch(r -> r.page == page && !r.shared.contains(Access.DELETE));
        }

        long used() {
            return model.values().stream()
                    .flatMap(Optional::stream)
                    .mapToLong(page -> page.bytes.length)
                    .sum();
        }

        boolean fits(long more) {
            return more <= 0 || quota == 0 || used() + more <= quota;
        }

        // ---- trying

        /** Tries {@code call}; it has to be refused for {@code wanted}, or done. */
        boolean tried(String what, Optional<Kind> wanted, Call call) {
            last = what;
            Optional<Kind> got = Optional.empty();
            String words = "";
            try {
                call.run();
            } catch (FileProblem e) {
                got = Optional.of(e.kind());
                refusals.add(e.kind());
                words = e.toString();
            }
            assertThat(got).as("%s: %s", what, words).isEqualTo(wanted);
            return wanted.isEmpty();
        }

        void step() throws Exception {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> put();
                case 4 -> append();
                case 5, 6 -> makeFolder();
                case 7 -> remove();
                case 8 -> removeFolder();
                case 9, 10 -> rename();
                case 11, 12 -> open();
                case 13 -> use();
                case 14 -> close();
                default -> limit();
            }
            check();
        }

        void put() {
            String path = anyPath();
            byte[] bytes = anyBytes();
            Page there = page(path);
            Optional<Kind> wanted = closed(path);
            if (wanted.isEmpty() && isFolder(path)) {
                wanted = Optional.of(Kind.IS_A_FOLDER);
            } else if (wanted.isEmpty() && there != null && isKept(there)) {
                wanted = Optional.of(Kind.IN_USE);
            } else if (wanted.isEmpty() && !fits(bytes.length)) { // until then both are there
                wanted = Optional.of(Kind.OVER_QUOTA);
            }
            View view = who();
            if (tried("put " + path, wanted, () -> Grove.put(view, path, bytes))) {
                if (there != null) {
                    there.named = false;
                }
                model.put(path, Optional.of(new Page(bytes)));
            }
        }

        void append() {
            String path = anyPath();
            byte[] bytes = anyBytes();
            Page there = page(path);
            Optional<Kind> wanted = closed(path);
            boolean made = false;
            if (wanted.isEmpty() && isFolder(path)) {
                wanted = Optional.of(Kind.IS_A_FOLDER);
            } else if (wanted.isEmpty() && there != null) {
                wanted = refused(there, EnumSet.of(Access.WRITE), UPLOADING);
            }
            if (wanted.isEmpty()) {
                made = there == null;
                wanted = fits(bytes.length) ? wanted : Optional.of(Kind.OVER_QUOTA);
            }
            View view = who();
            boolean done =
                    tried(
                            "append " + path,
                            wanted,
                            () -> {
                                try (Upload upload = view.append(path(path))) {
                                    upload.write(ByteBuffer.wrap(bytes));
                                    return upload.commit();
                                }
                            });
            if (made) {
                there = new Page(new byte[0]);
                model.put(path, Optional.of(there)); // it is there from when it was opened
            }
            if (done && there != null) {
                int before = there.bytes.length;
                there.bytes = Arrays.copyOf(there.bytes, before + bytes.length);
                System.arraycopy(bytes, 0, there.bytes, before, bytes.length);
            }
        }

        /** An upload in place lets others read and remove, and not write. */
        static final Set<Access> UPLOADING = EnumSet.of(Access.READ, Access.DELETE);

        void makeFolder() {
            String path = anyPath();
            Optional<Kind> wanted = closed(path);
            if (wanted.isEmpty() && model.containsKey(path)) {
                wanted = Optional.of(Kind.EXISTS);
            }
            View view = who();
            if (tried("mkdir " + path, wanted, () -> view.makeFolder(path(path)))) {
                model.put(path, Optional.empty());
            }
        }

        void remove() {
            String path = anyPath();
            Page there = page(path);
            Optional<Kind> wanted = closed(path);
            if (wanted.isEmpty() && !model.containsKey(path)) {
                wanted = Optional.of(Kind.MISSING);
            } else if (wanted.isEmpty() && there == null) {
                wanted = Optional.of(Kind.IS_A_FOLDER);
            } else if (wanted.isEmpty() && isKept(there)) {
                wanted = Optional.of(Kind.IN_USE);
            }
            View view = who();
            if (tried(
                    "remove " + path,
                    wanted,
                    () -> {
                        view.remove(path(path));
                        return null;
                    })) {
                model.remove(path);
                there.named = false;
            }
        }

        void removeFolder() {
            String path = anyPath();
            Optional<Kind> wanted = closed(path);
            if (wanted.isEmpty() && !model.containsKey(path)) {
                wanted = Optional.of(Kind.MISSING);
            } else if (wanted.isEmpty() && page(path) != null) {
                wanted = Optional.of(Kind.NOT_A_FOLDER);
            } else if (wanted.isEmpty() && !isEmpty(path)) {
                wanted = Optional.of(Kind.NOT_EMPTY);
            }
            View view = who();
            if (tried(
                    "rmdir " + path,
                    wanted,
                    () -> {
                        view.removeFolder(path(path));
                        return null;
                    })) {
                model.remove(path);
            }
        }

        void rename() {
            String from = anyPath();
            String to = anyPath();
            boolean replaces = random.nextBoolean();
            Optional<Kind> wanted = renaming(from, to, replaces);
            View view = who();
            if (!tried(
                            "rename %s to %s%s".formatted(from, to, replaces ? ", replacing" : ""),
                            wanted,
                            () -> {
                                view.rename(path(from), path(to), replaces);
                                return null;
                            })
                    || from.equals(to)) {
                return;
            }
            Page replaced = page(to);
            if (replaced != null) {
                replaced.named = false;
            }
            Map<String, Optional<Page>> moved = new TreeMap<>();
            model.forEach(
                    (path, page) -> {
                        if (path.equals(from) || path.startsWith(from + "/")) {
                            moved.put(to + path.substring(from.length()), page);
                        }
                    });
            model.keySet().removeIf(p -> p.equals(from) || p.startsWith(from + "/"));
            model.putAll(moved);
        }

        Optional<Kind> renaming(String from, String to, boolean replaces) {
            if (to.startsWith(from + "/")) {
                return Optional.of(Kind.DENIED);
            }
            Optional<Kind> closed = closed(from).or(() -> closed(to));
            if (closed.isPresent()) {
                return closed;
            }
            if (!model.containsKey(from)) {
                return Optional.of(Kind.MISSING);
            }
            boolean other = model.containsKey(to) && !to.equals(from);
            if (other && !replaces) {
                return Optional.of(Kind.EXISTS);
            }
            if (other && isFolder(to) != isFolder(from)) {
                return Optional.of(isFolder(to) ? Kind.IS_A_FOLDER : Kind.NOT_A_FOLDER);
            }
            boolean kept =
                    isFolder(from)
                            && model.entrySet().stream()
                                    .anyMatch(
                                            e ->
                                                    e.getKey().startsWith(from + "/")
                                                            && isKept(e.getValue().orElse(null)));
            if (kept || isKept(page(from)) || (other && isKept(page(to)))) {
                return Optional.of(Kind.IN_USE);
            }
            return other && isFolder(to) && !isEmpty(to)
                    ? Optional.of(Kind.NOT_EMPTY)
                    : to.equals(from) && !replaces ? Optional.of(Kind.EXISTS) : Optional.empty();
        }

        // ---- open files and their locks

        Optional<Kind> refused(Page page, Set<Access> access, Set<Access> shared) {
            if (page.deletePending) {
                return Optional.of(Kind.DELETE_PENDING);
            }
            boolean against =
                    readers.stream()
                            .filter(r -> r.page == page)
                            .anyMatch(
                                    r ->
                                            !r.shared.containsAll(access)
                                                    || !shared.containsAll(r.access));
            return against ? Optional.of(Kind.IN_USE) : Optional.empty();
        }

        Set<Access> some(Access always) {
            Set<Access> some = EnumSet.of(always);
            for (Access access : Access.values()) {
                if (random.nextBoolean()) {
                    some.add(access);
                }
            }
            return some;
        }

        void open() {
            String path = anyPath();
            Page page = page(path);
            Set<Access> access = some(Access.READ);
            Set<Access> shared = random.nextInt(3) == 0 ? Access.ALL : some(Access.READ);
            Optional<Kind> wanted = closed(path);
            if (wanted.isEmpty() && page == null) {
                wanted = Optional.of(isFolder(path) ? Kind.IS_A_FOLDER : Kind.MISSING);
            } else if (wanted.isEmpty()) {
                wanted = refused(page, access, shared);
            }
            View view = who();
            OpenFile[] opened = new OpenFile[1];
            if (tried(
                    "open %s for %s, sharing %s".formatted(path, access, shared),
                    wanted,
                    () -> {
                        opened[0] =
                                view.open(
                                        path(path),
                                        new Opening(access, shared, Opening.Disposition.EXISTING));
                        return null;
                    })) {
                readers.add(new Reader(page, access, shared, opened[0]));
            }
        }

        @Nullable Reader anyReader() {
            return readers.isEmpty() ? null : readers.get(random.nextInt(readers.size()));
        }

        void use() {
            Reader reader = anyReader();
            if (reader == null) {
                return;
            }
            long from = random.nextInt(5_000);
            long length = 1 + random.nextInt(2_000);
            switch (random.nextInt(5)) {
                case 0, 1 -> lock(reader, from, length, random.nextBoolean());
                case 2 -> {
                    Optional<Kind> wanted = locked(reader, from, length, false);
                    tried(
                            "read",
                            wanted,
                            () -> {
                                reader.file.checkRead(from, length);
                                return null;
                            });
                }
                case 3 -> write(reader, from, (int) length);
                default -> {
                    reader.file.deletePending(true);
                    reader.page.deletePending = true;
                }
            }
        }

        void lock(Reader reader, long from, long length, boolean exclusive) {
            boolean against =
                    readers.stream()
                            .filter(r -> r.page == reader.page)
                            .flatMap(r -> r.ranges.stream())
                            .anyMatch(g -> overlap(g, from, length) && (exclusive || g[2] == 1));
            if (tried(
                    "lock",
                    against ? Optional.of(Kind.LOCKED) : Optional.empty(),
                    () -> {
                        reader.file.lock(from, length, exclusive);
                        return null;
                    })) {
                reader.ranges.add(new long[] {from, length, exclusive ? 1 : 0});
            }
        }

        static boolean overlap(long[] range, long from, long length) {
            return range[0] < from + length && from < range[0] + range[1];
        }

        Optional<Kind> locked(Reader reader, long from, long length, boolean writing) {
            for (Reader other : readers) {
                for (long[] range : other.ranges) {
                    boolean against = range[2] == 1 ? other != reader : writing;
                    if (other.page == reader.page && against && overlap(range, from, length)) {
                        return Optional.of(Kind.LOCKED);
                    }
                }
            }
            return Optional.empty();
        }

        void write(Reader reader, long from, int length) {
            if (!reader.access.contains(Access.WRITE)) {
                return; // a protocol asks for the right first
            }
            Page page = reader.page;
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            long longer = Math.max(0, from + length - page.bytes.length);
            Optional<Kind> wanted = locked(reader, from, length, true);
            if (wanted.isEmpty() && page.named && !fits(longer)) {
                wanted = Optional.of(Kind.OVER_QUOTA);
            }
            if (tried(
                    "write",
                    wanted,
                    () -> {
                        reader.file.write(ByteBuffer.wrap(bytes), from);
                        return null;
                    })) {
                int end = (int) from + length;
                page.bytes = Arrays.copyOf(page.bytes, Math.max(end, page.bytes.length));
                System.arraycopy(bytes, 0, page.bytes, (int) from, length);
            }
        }

        void close() throws FileProblem {
            Reader reader = anyReader();
            if (reader == null) {
                return;
            }
            last = "close";
            readers.remove(reader);
            reader.file.close();
            boolean nobody = readers.stream().noneMatch(r -> r.page == reader.page);
            if (nobody && reader.page.deletePending && reader.page.named) {
                reader.page.named = false;
                model.values().removeIf(page -> page.orElse(null) == reader.page);
            }
            if (nobody) {
                reader.page.deletePending = false; // nobody knows of it any more
            }
        }

        void limit() throws Exception {
            quota = random.nextInt(3) == 0 ? 0 : 5_000 + random.nextInt(20_000);
            last = "quota " + quota;
            grove.tree.limit(plans, OptionalLong.of(quota));
        }

        // ---- whether both are the same

        void check() throws Exception {
            for (Map.Entry<String, Optional<Page>> each : model.entrySet()) {
                String path = each.getKey();
                if (each.getValue().isEmpty()) {
                    List<String> inIt =
                            model.keySet().stream()
                                    .filter(p -> p.startsWith(path + "/"))
                                    .map(p -> p.substring(path.length() + 1))
                                    .filter(p -> p.indexOf('/') < 0)
                                    .sorted()
                                    .toList();
                    assertThat(names(views[0], path)).as("%s, %s", last, path).isEqualTo(inIt);
                } else {
                    Path file = grove.at(path.substring(1));
                    assertThat(file)
                            .as("%s, %s", last, path)
                            .hasBinaryContent(each.getValue().get().bytes);
                }
            }
            assertThat(grove.tree.used(plans)).as(last).isEqualTo(used());
            assertThat(grove.tree.holding()).as(last).hasSize(readers.size());
        }

        void end() throws Exception {
            while (!readers.isEmpty()) {
                close();
                check();
            }
            assertThat(grove.tree.check(plans)).isEmpty();
            assertThat(grove.hidden("shared/plans")).isEmpty();
        }
    }

    /** Plays one; returns the refusals that came up. */
    private Set<Kind> play(long seed) throws Exception {
        Path place = Files.createDirectories(data.resolve("seed" + seed));
        boolean byStep = seed % 2 == 0; // as on a system that lacks the newer calls
        try (Grove grove = new Grove(place, FileRules.USUAL, byStep)) {
            Run run = new Run(grove, seed);
            for (int step = 0; step < STEPS; step++) {
                try {
                    run.step();
                } catch (AssertionError | Exception e) {
                    throw new AssertionError("seed %d, step %d".formatted(seed, step), e);
                }
            }
            run.end();
            return run.refusals;
        }
    }

    @Test
    void the_tree_does_what_the_model_does_and_refuses_what_it_refuses() throws Exception {
        Set<Kind> refusals = EnumSet.noneOf(Kind.class);
        for (long seed = 1; seed <= 8; seed++) {
            refusals.addAll(play(seed));
        }
        assertThat(refusals)
                .containsExactlyInAnyOrder(
                        Kind.MISSING,
                        Kind.EXISTS,
                        Kind.DENIED,
                        Kind.NOT_A_FOLDER,
                        Kind.IS_A_FOLDER,
                        Kind.NOT_EMPTY,
                        Kind.OVER_QUOTA,
                        Kind.IN_USE,
                        Kind.LOCKED,
                        Kind.DELETE_PENDING);
    }

    /** {@code -Dportolan.seed=42} plays one again; without it one that nobody played before. */
    @Test
    void it_does_so_with_a_seed_of_the_day() throws Exception {
        play(Long.getLong("portolan.seed", System.nanoTime()));
    }
}
