package org.portolan.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Clock;
import org.portolan.stores.Account;
import org.portolan.stores.SiteCertificates;
import tools.jackson.jr.ob.JSON;

/** {@code backup}, {@code backup verify} and {@code restore}, over the admin socket. */
class ArchiveTest {
    @TempDir Path folder;
    private Office office;
    private Path file;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void open() throws Exception {
        office = new Office(folder.resolve("data"));
        Account ada = office.accounts.add("ada", "a long word");
        office.deliver("ada");
        assertThat(ada.name()).isEqualTo("ada");
        file = folder.resolve("b.tar.gz");
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private record Nobody() implements Keyboard {
        @Override
        public boolean present() {
            return false;
        }

        @Override
        public Optional<String> line(String prompt) {
            return Optional.empty();
        }

        @Override
        public Optional<String> secret(String prompt) {
            return Optional.empty();
        }
    }

    private int run(byte[] in, OutputStream to, Object... words) {
        out.reset();
        err.reset();
        List<String> argv = new ArrayList<>();
        Stream.of(words).map(Object::toString).forEach(argv::add);
        if (!argv.contains("--data")) {
            argv.addAll(List.of("--data", office.data.toString()));
        }
        return new CommandLineClient(
                        new ByteArrayInputStream(in),
                        new PrintStream(to, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        new Nobody())
                .run(argv);
    }

    private int run(Object... words) {
        return run(new byte[0], out, words);
    }

    private String said() {
        return out.toString(UTF_8);
    }

    private String remarked() {
        return err.toString(UTF_8);
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(path -> !path.equals(office.data)).toList();
        }
    }

    @Test
    void thereAndBack() throws Exception {
        assertThat(run("backup", file)).as(remarked()).isZero();
        assertThat(said()).isEmpty(); // quiet, for cron
        assertThat(remarked()).isEmpty();
        assertThat(left()).containsExactly(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        await().untilAsserted(
                        () ->
                                assertThat(office.events.latest(10))
                                        .anyMatch(e -> e.words().contains("backup was taken")));

        assertThat(run("backup", "verify", file)).isZero();
        assertThat(said()).contains("is good").contains("portolan.localhost", "1 message");
        assertThat(run("backup", "verify", "--json", file)).isZero();
        assertThat(JSON.std.mapFrom(said()))
                .containsEntry("site", "portolan.localhost")
                .containsEntry("messages", 1)
                .containsEntry("problems", List.of());

        Path copy = folder.resolve("copy");
        assertThat(run("restore", file, "--data", copy)).as(remarked()).isZero();
        assertThat(said()).contains("Restored").contains("portolan serve --data " + copy);
        try (Office again = new Office(copy)) {
            assertThat(again.accounts.verify("ada", "a long word")).isPresent();
            assertThat(again.mail.usage()).hasSize(1);
        }
    }

    @Test
    void pipesWillDo() throws Exception {
        ByteArrayOutputStream pipe = new ByteArrayOutputStream();
        assertThat(run(new byte[0], pipe, "backup", "-")).as(remarked()).isZero();
        assertThat(run(pipe.toByteArray(), out, "backup", "verify", "-")).isZero();
        Path copy = folder.resolve("copy");
        assertThat(run(pipe.toByteArray(), out, "restore", "-", "--data", copy)).isZero();
        assertThat(copy.resolve("stores/mail.db")).exists();
    }

    @Test
    void whatIsThereIsReplacedOnlyIfThatWasSaid() throws Exception {
        Files.writeString(file, "mine");
        assertThat(run("backup", file)).isEqualTo(1);
        assertThat(remarked()).contains("--replace");
        assertThat(file).hasContent("mine");
        assertThat(run("backup", "--replace", file)).isZero();
        assertThat(run("backup", "verify", file)).isZero();
        assertThat(run("backup", folder)).isEqualTo(1);
        assertThat(remarked()).contains("is a folder");
    }

    @Test
    void whereNothingCanBeWrittenThatIsSaid() {
        assertThat(run("backup", folder.resolve("no/such/folder"))).isEqualTo(1);
        assertThat(remarked()).contains("cannot write a backup there");
        assertThat(run("backup", "/dev/full/b")).isEqualTo(1);
        assertThat(run("backup")).isEqualTo(2);
        assertThat(remarked()).contains("FILE is missing");
        assertThat(run("backup", "--repalce", file)).isEqualTo(2);
        assertThat(remarked()).contains("did you mean --replace?");
        assertThat(run("restore")).isEqualTo(2);
    }

    @Test
    void aFullDiskLeavesNoHalfFile() throws Exception {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int octet) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        ArchiveClient client =
                new ArchiveClient(
                        office.data,
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        false);
        try {
            client.run(
                    Grammar.forReading().parse(List.of("backup", file.toString())),
                    (words, taker) -> {
                        taker.take(new byte[100_000], 0);
                        full.write(0);
                        return 0;
                    });
        } catch (Refusal refused) {
            assertThat(refused.words()).contains("No space left");
        }
        assertThat(left()).isEmpty();
        Refusal none =
                org.assertj.core.api.Assertions.catchThrowableOfType(
                        Refusal.class,
                        () ->
                                client.run(
                                        Grammar.forReading()
                                                .parse(List.of("backup", file.toString())),
                                        (words, taker) -> {
                                            throw Refusal.failed("the server broke off");
                                        }));
        assertThat(none.words()).contains("broke off");
        assertThat(left()).isEmpty();
    }

    @Test
    void aVerbThatFailedKeepsNothing() throws Exception {
        Files.delete(office.data.resolve("stores/site.key"));
        Files.createDirectory(office.data.resolve("backup-under-way"));
        Files.writeString(office.data.resolve("backup-under-way/0"), "in the way");
        assertThat(run("backup", file)).isEqualTo(1);
        assertThat(remarked()).contains("no backup was taken");
        assertThat(left()).isEmpty();
    }

    @Test
    void whatIsNotGoodIsSaidAndMakesNoSite() throws Exception {
        assertThat(run("backup", file)).isZero();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(run("backup", "verify", file)).isEqualTo(1);
        assertThat(remarked()).contains(file.toString());
        Path copy = folder.resolve("copy");
        assertThat(run("restore", file, "--data", copy)).isEqualTo(1);
        assertThat(copy).isEmptyDirectory();
        assertThat(run("backup", "verify", folder.resolve("none"))).isEqualTo(1);
        assertThat(remarked()).contains("is not there");
        assertThat(run("restore", file)).isEqualTo(1);
        assertThat(remarked()).contains("not empty");
    }

    @Test
    void theFilesOfACertificateAreReadWhereTheCallerIs() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        new SiteCertificates(other, List.of("shop.example"), Clock.SYSTEM);
        Path pem = other.resolve("certificates/site.pem");
        Path key = other.resolve("certificates/site.key");
        assertThat(run("certificate", "install", pem, key)).as(remarked()).isZero();
        assertThat(said()).contains("shop.example");
        byte[] both = (Files.readString(key) + Files.readString(pem)).getBytes(UTF_8);
        assertThat(run(both, out, "certificate", "install", "-", "--name", "again")).isZero();
        assertThat(run("certificate", "install", other.resolve("none"))).isEqualTo(1);
        assertThat(remarked()).contains("is not there");
    }

    @Test
    void progressIsOneLine() {
        assertThat(Progress.line("Backup", 1_500_000, 6_000_000, Duration.ofSeconds(3)))
                .isEqualTo("Backup: 25 %, 1.5 MB, 500.0 kB/s");
        assertThat(Progress.line("Backup", 7, 6, Duration.ZERO)).startsWith("Backup: 99 %");
        assertThat(Progress.line("Verify", 7, 0, Duration.ofSeconds(1)))
                .isEqualTo("Verify: 7 B, 7 B/s");
        PrintStream to = new PrintStream(err, true, UTF_8);
        new Progress(to, false, "Backup").at(1, 2);
        assertThat(remarked()).isEmpty();
    }
}
