package org.portolan.files.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.files.FilesSite;
import org.portolan.kernel.Connection;
import org.portolan.stores.Spaces;
import org.portolan.testkit.RawClient;

/** Clients that do not come, do not read, vanish, or want more than there is. */
class FaultTest {
    private static final Pattern EXTENDED = Pattern.compile("229 .*\\(\\|\\|\\|(\\d+)\\|\\)");
    private static final Duration A_WHILE = Duration.ofMillis(100);

    @TempDir private static Path root;

    private static FilesSite site;

    @BeforeAll
    static void open() throws Exception {
        site = FilesSite.in(root);
    }

    @AfterAll
    static void close() throws Exception {
        site.close();
    }

    @BeforeEach
    void renew() throws Exception {
        site.renewed();
    }

    // ---- a client in few words

    private static RawClient ada() throws IOException {
        RawClient client = site.connect("ftp");
        said(client, "220 ");
        does(client, "USER ada", "331 ");
        does(client, "PASS lovelace1815", "230 ");
        does(client, "TYPE I", "200 ");
        return client;
    }

    private static String said(RawClient client, String beginning) throws IOException {
        String line = client.readLine();
        assertThat(line).startsWith(beginning);
        return line;
    }

    private static String does(RawClient client, String command, String beginning)
            throws IOException {
        client.sendLine(command);
        return said(client, beginning);
    }

    private static InetSocketAddress extended(RawClient client) throws IOException {
        return at(does(client, "EPSV", "229 "));
    }

    private static InetSocketAddress at(String reply) {
        Matcher form = EXTENDED.matcher(reply);
        assertThat(form.matches()).as(reply).isTrue();
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(form.group(1)));
    }

    /** Lets time pass until something is said. */
    private static String saidInTime(RawClient client, Duration step) throws IOException {
        client.patience(A_WHILE);
        try {
            for (int tries = 0; tries < 100; tries++) {
                try {
                    return client.readLine();
                } catch (SocketTimeoutException notYet) {
                    site.clock().advance(step);
                }
            }
            throw new AssertionError("nothing was said");
        } finally {
            client.patience(RawClient.PATIENCE);
        }
    }

    private static Path home(String name) {
        return site.files().resolve("homes/ada").resolve(name);
    }

    private static void nothingIsLeftOf(String name) {
        site.awaitQuiet();
        assertThat(home(name)).doesNotExist();
        assertThat(home(".portolan")).doesNotExist();
        assertThat(site.tree().holding()).isEmpty();
    }

    // ---- data connections

    @Test
    void aDataConnectionThatNeverComesEndsTheTransferAndNothingElse() throws Exception {
        try (RawClient client = ada()) {
            extended(client);
            does(client, "RETR lines.txt", "150 ");
            assertThat(saidInTime(client, Duration.ofSeconds(31))).startsWith("425 ");
            extended(client);
            does(client, "STOR new", "150 ");
            assertThat(saidInTime(client, Duration.ofSeconds(31))).startsWith("425 ");
            does(client, "NOOP", "200 ");
        }
        nothingIsLeftOf("new");
    }

    @Test
    void aDataConnectionThatNeverReadsIsCutOffWhileOthersAreServed() throws Exception {
        try (RandomAccessFile large = new RandomAccessFile(home("large").toFile(), "rw")) {
            large.setLength(64 << 20);
        }
        try (RawClient client = ada();
                RawClient other = ada();
                RawClient _ = RawClient.connectNarrow(extended(client), 4096)) {
            does(client, "RETR large", "150 ");
            try (RawClient data = RawClient.connect(extended(other))) {
                does(other, "RETR lines.txt", "150 ");
                assertThat(data.readToEnd()).isEqualTo("one\ntwo\n".getBytes(UTF_8));
                said(other, "226 ");
            }
            assertThat(saidInTime(client, Duration.ofSeconds(61))).startsWith("426 ");
            does(client, "NOOP", "200 ");
        }
        site.awaitQuiet();
        assertThat(site.tree().holding()).isEmpty();
    }

    @Test
    void tenThousandPortsThatNobodyCallsAreOneAtATime() throws Exception {
        try (RawClient client = ada()) {
            extended(client);
            long before = descriptors();
            String last = "";
            for (int i = 0; i < 20; i++) {
                client.send("EPSV\r\nPASV\r\n".repeat(250));
                for (int j = 0; j < 500; j++) {
                    last = client.readLine();
                    assertThat(last).matches("22[79] .*");
                }
            }
            assertThat(descriptors()).isLessThan(before + 20);
            try (RawClient data = RawClient.connect(extended(client))) {
                does(client, "RETR lines.txt", "150 ");
                assertThat(data.readToEnd()).hasSize(8);
                said(client, "226 ");
            }
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    // ---- uploads that come to nothing

    @Test
    void aConversationThatVanishesLeavesNothingOfItsUpload() throws Exception {
        try (RawClient client = ada();
                RawClient data = RawClient.connect(extended(client))) {
            does(client, "STOR new", "150 ");
            data.send(new byte[300_000]);
            client.reset();
            nothingIsLeftOf("new");
        }
    }

    @Test
    void aDataConnectionThatBreaksOffLeavesNothingOfItsUpload() throws Exception {
        try (RawClient client = ada();
                RawClient data = RawClient.connect(extended(client))) {
            does(client, "STOR lines.txt", "150 ");
            data.send(new byte[300_000]);
            data.reset();
            said(client, "426 ");
        }
        site.awaitQuiet();
        assertThat(home("lines.txt")).hasContent("one\ntwo\n");
        assertThat(home(".portolan")).doesNotExist();
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void withQuota(long bytes, Step step) throws Exception {
        Spaces.Space home = site.tree().spaces().called("home/ada").orElseThrow();
        site.tree().limit(home, OptionalLong.of(bytes));
        try {
            step.run();
        } finally {
            site.tree().limit(home, OptionalLong.empty());
        }
    }

    @Test
    void aQuotaThatIsReachedInTheMiddleIsToldAndNothingIsHalfThere() throws Exception {
        try (RawClient client = ada()) {
            withQuota(
                    500_000,
                    () -> {
                        for (String command : new String[] {"STOR new", "STOR lines.txt"}) {
                            try (RawClient data = RawClient.connect(extended(client))) {
                                does(client, command, "150 ");
                                data.send(new byte[1_000_000]);
                                data.halfClose();
                                assertThat(said(client, "552 ")).contains("quota");
                            }
                        }
                        assertThat(home("lines.txt")).hasContent("one\ntwo\n");
                        try (RawClient data = RawClient.connect(extended(client))) {
                            does(client, "STOR new", "150 ");
                            data.send(new byte[400_000]); // there is room for so much
                            data.close();
                            said(client, "226 ");
                        }
                    });
            does(client, "SIZE new", "213 400000");
            does(client, "DELE new", "250 ");
        }
        nothingIsLeftOf("new");
    }

    /** Clients such as curl read no reply before they have sent all; but there is an end to it. */
    @Test
    void whatFollowsAfterAnUploadHasFailedIsReadPastButNotForEver() throws Exception {
        byte[] chunk = new byte[1 << 20];
        try (RawClient client = ada()) {
            withQuota(
                    10_000,
                    () -> {
                        try (RawClient data = RawClient.connect(extended(client))) {
                            does(client, "STOR new", "150 ");
                            for (int sent = 0; sent < 48; sent++) {
                                data.send(chunk);
                            }
                            data.close();
                            said(client, "552 ");
                        }
                        try (RawClient data = RawClient.connect(extended(client))) {
                            does(client, "STOR new", "150 ");
                            assertThatThrownBy(
                                            () -> {
                                                for (int sent = 0; sent < 512; sent++) {
                                                    data.send(chunk);
                                                }
                                            })
                                    .isInstanceOf(IOException.class);
                            said(client, "552 ");
                        }
                    });
        }
        nothingIsLeftOf("new");
    }

    // ---- names and lists

    @Test
    void aNameThatWouldBeAnotherLineIsNotListed() throws Exception {
        Files.createFile(home("docs/a\r\n226 done\r\nb"));
        Files.createFile(home("docs/\u001b[2Jc"));
        try (RawClient client = ada()) {
            for (String command : new String[] {"NLST docs", "LIST docs", "MLSD docs"}) {
                try (RawClient data = RawClient.connect(extended(client))) {
                    does(client, command, "150 ");
                    String list = new String(data.readToEnd(), UTF_8);
                    assertThat(list.lines().map(line -> line.replaceAll(".*[ /]", "")))
                            .as(command)
                            .containsExactlyInAnyOrder("ünï.txt", "empty");
                    said(client, "226 2 listed");
                }
            }
        }
    }

    @Test
    void aPatternIsComparedInBoundedTimeWhateverItIs() throws Exception {
        Files.createDirectory(home("bombs"));
        for (int i = 100; i < 200; i++) {
            Files.createFile(home("bombs/" + "a".repeat(240) + i));
        }
        String[] bombs = {
            "*a".repeat(120) + "b", "*".repeat(250) + "b", "?*".repeat(120) + "b", "*a*".repeat(80)
        };
        try (RawClient client = ada()) {
            for (String bomb : bombs) {
                try (RawClient data = RawClient.connect(extended(client))) {
                    does(client, "NLST bombs/" + bomb, "150 ");
                    String list = new String(data.readToEnd(), ISO_8859_1);
                    long found = bomb.endsWith("b") ? 0 : 100;
                    assertThat(list.lines().count()).isEqualTo(found);
                    said(client, "226 " + found + " listed");
                }
            }
            extended(client);
            does(client, "NLST bombs/" + "*a".repeat(1900), "553 "); // no name is so long
        }
    }

    /** In the middle of a list of 100,000 files there is no list of 100,000 files in memory. */
    @Test
    void aListIsSentAsItIsRead() throws Exception {
        int many = 100_000;
        Files.createDirectory(home("many"));
        for (int i = 0; i < many; i++) {
            Files.createFile(home("many/file number " + i));
        }
        try (RawClient client = ada();
                RawClient data = RawClient.connectNarrow(extended(client), 4096)) {
            long before = used();
            does(client, "MLSD many", "150 ");
            assertThat(data.readLine()).contains("file number");
            awaitStandstill();
            assertThat(used() - before).isLessThan(8 << 20); // all nodes would be over 20 MB
            int lines = new String(data.readToEnd(), UTF_8).split("\r\n").length;
            assertThat(lines).isEqualTo(many - 1);
            said(client, "226 " + many + " listed");
        }
    }

    /** Waits until the server waits for its client to read on. */
    private static void awaitStandstill() {
        AtomicLong before = new AtomicLong(-1);
        FilesSite.await()
                .pollInterval(A_WHILE)
                .until(
                        () -> {
                            long now =
                                    site.kernel().sockets().open().stream()
                                            .mapToLong(Connection::bytesOut)
                                            .sum();
                            return before.getAndSet(now) == now;
                        });
    }

    private static long used() {
        System.gc();
        Runtime java = Runtime.getRuntime();
        return java.totalMemory() - java.freeMemory();
    }
}
