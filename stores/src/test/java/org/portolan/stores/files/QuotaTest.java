package org.portolan.stores.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.portolan.stores.files.Grove.get;
import static org.portolan.stores.files.Grove.names;
import static org.portolan.stores.files.Grove.path;
import static org.portolan.stores.files.Grove.put;
import static org.portolan.stores.files.ViewTest.refused;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.stores.Spaces;
import org.portolan.stores.files.FileProblem.Kind;

/** How much a space may hold, to the byte. */
final class QuotaTest {
    private static final long QUOTA = 1_000_000;

    @TempDir(factory = Memory.class)
    Path data;

    private static Spaces.Space limited(Grove grove) throws Exception {
        Spaces.Space home = grove.spaces.makeHome(Grove.ADA);
        grove.tree.limit(home, OptionalLong.of(QUOTA));
        return home;
    }

    private static long onDisk(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
        }
    }

    @Test
    void the_last_byte_fits_and_one_more_does_not() throws Exception {
        try (Grove grove = new Grove(data)) {
            View ada = grove.ada();
            limited(grove);
            put(ada, "/home/a", new byte[600_000]);
            refused(Kind.OVER_QUOTA, () -> put(ada, "/home/b", new byte[400_001]));
            assertThat(names(ada, "/home")).containsExactly("a");
            put(ada, "/home/b", new byte[400_000]);
            assertThat(ada.room(path("/home")).free()).isZero();
            refused(Kind.OVER_QUOTA, () -> put(ada, "/home/c", new byte[1]));
            put(ada, "/home/empty", new byte[0]);
            ada.remove(path("/home/b"));
            put(ada, "/home/c", new byte[400_000]);
            put(grove.bob(), "/home/c", new byte[2_000_000]); // has none
        }
    }

    @Test
    void a_hole_is_paid_for_and_cutting_gives_back() throws Exception {
        try (Grove grove = new Grove(data)) {
            View ada = grove.ada();
            Spaces.Space home = limited(grove);
            Opening opening =
                    new Opening(
                            EnumSet.of(Access.READ, Access.WRITE),
                            Access.ALL,
                            Opening.Disposition.ANY);
            try (OpenFile file = ada.open(path("/home/f"), opening)) {
                file.write(ByteBuffer.allocate(10), 999_990);
                refused(Kind.OVER_QUOTA, () -> file.write(ByteBuffer.allocate(1), QUOTA));
                refused(Kind.OVER_QUOTA, () -> file.truncate(QUOTA + 1));
                refused(Kind.OVER_QUOTA, () -> file.append(ByteBuffer.allocate(1)));
                refused(Kind.BAD_RANGE, () -> file.write(ByteBuffer.allocate(1), Long.MAX_VALUE));
                refused(Kind.OVER_QUOTA, () -> file.truncate(Long.MAX_VALUE));
                file.write(ByteBuffer.allocate(500), 0); // not longer
                file.truncate(100);
                assertThat(grove.tree.used(home)).isEqualTo(100);
            }
            put(ada, "/home/g", new byte[999_900]);
            assertThat(grove.tree.check(home)).isEmpty();
        }
    }

    @Test
    void moving_between_spaces_moves_what_is_paid() throws Exception {
        try (Grove grove = new Grove(data)) {
            View ada = grove.ada();
            Spaces.Space home = limited(grove);
            Spaces.Space plans = grove.tree.share("plans");
            grove.spaces.grant(plans, Spaces.ACCOUNTS, Spaces.Right.WRITE);
            grove.tree.limit(plans, OptionalLong.of(1000));
            ada.makeFolder(path("/home/d"));
            put(ada, "/home/d/a", new byte[700]);
            put(ada, "/home/d/b", new byte[400]);
            refused(
                    Kind.OVER_QUOTA,
                    () -> ada.rename(path("/home/d"), path("/shared/plans/d"), true));
            ada.rename(path("/home/d/b"), path("/shared/plans/b"), true);
            refused(
                    Kind.OVER_QUOTA,
                    () -> ada.rename(path("/home/d/a"), path("/shared/plans/a"), true));
            ada.remove(path("/shared/plans/b"));
            ada.rename(path("/home/d"), path("/shared/plans/d"), true);
            assertThat(grove.tree.used(home)).isZero();
            assertThat(grove.tree.used(plans)).isEqualTo(700);
        }
    }

    /** Many at once never have more than the quota, and the count is what is on the disk. */
    @Test
    void many_at_once_never_exceed_it_and_the_count_stays_exact() throws Exception {
        try (Grove grove = new Grove(data)) {
            Spaces.Space home = limited(grove);
            List<Thread> threads = new ArrayList<>();
            List<Throwable> wrong = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 6; i++) {
                int number = i;
                Thread.Builder builder = i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
                threads.add(
                        builder.start(
                                () -> {
                                    try {
                                        hammer(grove, number);
                                    } catch (Throwable e) {
                                        wrong.add(e);
                                    }
                                }));
            }
            while (threads.stream().anyMatch(Thread::isAlive)) {
                assertThat(grove.tree.used(home)).isBetween(0L, QUOTA);
                threads.getFirst().join(Duration.ofMillis(5));
            }
            assertThat(wrong).isEmpty();
            assertThat(grove.tree.used(home)).isEqualTo(onDisk(grove.at("homes/ada")));
            assertThat(grove.tree.check(home)).isEmpty();
            assertThat(grove.tree.holding()).isEmpty();
        }
    }

    private static void hammer(Grove grove, int number) throws Exception {
        Random random = new Random(number);
        View ada = grove.tree.view(Grove.ADA, "p" + number % 2, "c" + number);
        for (int i = 0; i < 40; i++) {
            String name = "/home/f" + random.nextInt(8);
            try {
                switch (random.nextInt(5)) {
                    case 0 -> ada.remove(path(name));
                    case 1 -> {
                        try (Upload upload = ada.append(path(name))) {
                            upload.write(ByteBuffer.allocate(random.nextInt(100_000)));
                            upload.commit();
                        }
                    }
                    case 2 -> ada.rename(path(name), path("/home/g" + random.nextInt(4)), true);
                    case 3 -> {
                        try (Upload upload = ada.upload(path(name))) { // given up
                            upload.write(ByteBuffer.allocate(random.nextInt(300_000)));
                        }
                    }
                    default -> put(ada, name, new byte[random.nextInt(300_000)]);
                }
            } catch (FileProblem e) {
                assertThat(e.kind())
                        .as(e.toString())
                        .isIn(Kind.OVER_QUOTA, Kind.MISSING, Kind.IN_USE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_is_coming_counts_before_it_has_a_name(boolean byStep) throws Exception {
        try (Grove grove = new Grove(data, FileRules.USUAL, byStep)) {
            limited(grove);
            Spaces.Space home = grove.spaces.home(Grove.ADA).orElseThrow();
            put(grove.ada(), "/home/a", new byte[1000]);
            try (Upload upload = grove.ada().upload(path("/home/b"))) {
                upload.write(ByteBuffer.wrap(new byte[400_000]));
                await().until(() -> grove.tree.bytes(home) > 1000);
                refused(Kind.OVER_QUOTA, () -> put(grove.ada(), "/home/c", new byte[900_000]));
                assertThat(grove.tree.used(home)).isLessThanOrEqualTo(401_000);
            }
            assertThat(grove.tree.used(home)).isEqualTo(1000);
            assertThat(grove.tree.check(home)).isEmpty();
            try (Upload upload = grove.ada().upload(path("/home/a"))) {
                upload.write(ByteBuffer.wrap(new byte[300_000]));
                upload.commit();
            }
            assertThat(grove.tree.used(home)).isEqualTo(300_000);
            assertThat(grove.tree.check(home)).isEmpty();
        }
    }

    @Test
    void what_a_crash_left_is_swept_and_not_counted() throws Exception {
        try (Grove grove = new Grove(data)) {
            limited(grove);
            put(grove.ada(), "/home/a", new byte[400_000]);
            Files.createDirectories(grove.at("homes/ada/.portolan"));
            Files.write(grove.at("homes/ada/.portolan/upload-1"), new byte[900_000]);
            Files.createDirectories(grove.at(".gone-7-x/sub"));
            Files.write(grove.at(".gone-7-x/sub/file"), new byte[9]);
        }
        try (Grove grove = new Grove(data)) {
            put(grove.ada(), "/home/b", new byte[600_000]);
            assertThat(grove.tree.sweep()).isEqualTo(1);
            assertThat(grove.hidden("homes/ada")).isEmpty();
            assertThat(grove.at(".gone-7-x")).doesNotExist();
            refused(Kind.OVER_QUOTA, () -> put(grove.ada(), "/home/c", new byte[1]));
        }
    }

    @Test
    void what_is_removed_is_gone_with_its_files_or_stays() throws Exception {
        try (Grove grove = new Grove(data)) {
            Spaces.Space plans = grove.tree.share("plans");
            grove.spaces.grant(plans, Spaces.ACCOUNTS, Spaces.Right.WRITE);
            grove.ada().makeFolder(path("/shared/plans/d"));
            put(grove.ada(), "/shared/plans/d/f", "x");
            grove.tree.remove(plans, false);
            refused(Kind.MISSING, () -> grove.ada().stat(path("/shared/plans")));
            assertThat(Files.readString(grove.at("shared/plans/d/f"))).isEqualTo("x");
            Spaces.Space again = grove.tree.share("plans");
            refused(Kind.MISSING, () -> grove.ada().stat(path("/shared/plans")));
            Files.createSymbolicLink(grove.at("shared/plans/out"), grove.at("public"));
            Files.writeString(grove.at("public/kept"), "kept");
            grove.tree.remove(again, true);
            assertThat(grove.at("shared/plans")).doesNotExist();
            assertThat(Files.readString(grove.at("public/kept"))).isEqualTo("kept");
            assertThat(Files.list(grove.at(""))).hasSize(4);
        }
    }

    /** A disk of three megabytes, which takes root to mount. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_full_disk_refuses_and_shows_nothing_half(boolean byStep) throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root may mount");
        Path small = Files.createDirectory(data.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small.toString()));
        try (Grove grove = new Grove(small, FileRules.USUAL, byStep)) {
            View ada = grove.ada();
            limited(grove);
            grove.tree.limit(grove.spaces.home(Grove.ADA).orElseThrow(), OptionalLong.of(1 << 30));
            put(ada, "/home/a", "old");
            refused(Kind.FULL, () -> put(ada, "/home/a", new byte[4 << 20]));
            refused(Kind.FULL, () -> put(ada, "/home/b", new byte[4 << 20]));
            assertThat(get(ada, "/home/a")).isEqualTo("old");
            assertThat(names(ada, "/home")).containsExactly("a");
            assertThat(grove.hidden("homes/ada")).isEmpty();
            assertThat(grove.tree.used(grove.spaces.home(Grove.ADA).orElseThrow())).isEqualTo(3);
            try (Upload upload = ada.append(path("/home/a"))) {
                refused(
                        Kind.FULL,
                        () -> {
                            upload.write(ByteBuffer.allocate(4 << 20));
                            upload.commit();
                        });
            }
            ada.remove(path("/home/a"));
            put(ada, "/home/b", new byte[1 << 20]);
            assertThat(grove.tree.check(grove.spaces.home(Grove.ADA).orElseThrow())).isEmpty();
        } finally {
            assertThat(run("umount", small.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }
}
