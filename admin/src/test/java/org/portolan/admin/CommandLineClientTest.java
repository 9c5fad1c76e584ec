package org.portolan.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.SiteFolder;
import tools.jackson.jr.ob.JSON;

/** What {@code ./portolan VERB} says and what it exits with. */
@Timeout(60)
class CommandLineClientTest {
    @TempDir Path folder;
    private Office office;

    @AfterEach
    void close() throws Exception {
        if (office != null) {
            office.close();
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    private void open() throws Exception {
        office = new Office(data());
    }

    private record Outcome(int status, String out, String err) {}

    /** Somebody who types these lines; nobody if there are none. */
    private static final class Typist implements Keyboard {
        final List<String> prompts = new ArrayList<>();
        private final boolean present;
        private final Deque<String> lines = new ArrayDeque<>();

        Typist(String... lines) {
            this.present = lines.length > 0;
            this.lines.addAll(List.of(lines));
        }

        @Override
        public boolean present() {
            return present;
        }

        @Override
        public Optional<String> line(String prompt) {
            prompts.add("shown " + prompt);
            return Optional.ofNullable(lines.poll());
        }

        @Override
        public Optional<String> secret(String prompt) {
            prompts.add("hidden " + prompt);
            return Optional.ofNullable(lines.poll());
        }
    }

    private Outcome run(String line) {
        return run(line, new byte[0], new Typist());
    }

    private Outcome run(String line, byte[] in, Typist typist) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> words = new ArrayList<>();
        for (String word : line.split(" ")) {
            if (!word.isEmpty()) {
                words.add(word.replace("DATA", data().toString()));
            }
        }
        int status =
                new CommandLineClient(
                                new ByteArrayInputStream(in),
                                new PrintStream(out, true, UTF_8),
                                new PrintStream(err, true, UTF_8),
                                typist)
                        .run(words);
        return new Outcome(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    // ---- without a server

    @Test
    void withoutAServerItSaysHowToStartOne() {
        Outcome outcome = run("status --data DATA");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .isEqualTo(
                        "portolan: no server is running in the data directory %s; start it with:"
                                        .formatted(data())
                                + " ./portolan serve --data %s%n".formatted(data()));
        assertThat(data()).doesNotExist();
    }

    @Test
    void whatAPortIsForNeedsNoServer() {
        Outcome explained = run("ports 443 --data DATA");
        assertThat(explained.status()).isZero();
        assertThat(explained.err()).isEmpty();
        assertThat(explained.out()).contains("443/tcp  https").contains("443/udp  https");
        Outcome wrong = run("ports imapz --data DATA");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err())
                .startsWith("portolan: no service is called \"imapz\"; did you mean");
        Outcome served = run("ports --data DATA");
        assertThat(served.status()).isEqualTo(1);
        assertThat(served.err()).startsWith("portolan: no server is running in the data directory");
        assertThat(data()).doesNotExist();
    }

    @Test
    void aSocketThatNobodyListensAtIsNoServer() throws Exception {
        Path socket = Files.createDirectory(data()).resolve("admin.sock");
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        assertThat(run("status --data DATA").err()).contains("no server is running");
        assertThat(run("stop --data DATA").status()).isEqualTo(1);
    }

    @Test
    void mistakesAreFoundWithoutAServer() {
        assertThat(run("statsu --data DATA").status()).isEqualTo(2);
        assertThat(run("statsu --data DATA").err()).contains("did you mean status?");
        assertThat(run("account add --data DATA").err()).contains("NAME is missing");
        assertThat(run("account add --data DATA").status()).isEqualTo(2);
        assertThat(run("status --data").status()).isEqualTo(2);
        assertThat(run("status --data").err()).contains("--data wants a directory");
    }

    @Test
    void helpAndVersionNeedNoServer() throws Refusal {
        for (String line :
                List.of("", "help", "--help", "account -h", "help serve", "check --help")) {
            Outcome help = run(line);
            assertThat(help.status()).as(line).isZero();
            assertThat(help.out()).as(line).contains("Usage: portolan");
            assertThat(help.err()).isEmpty();
        }
        assertThat(run("help acount").status()).isEqualTo(2);
        assertThat(run("version").out()).startsWith("Portolan " + Version.number());
        assertThat(run("--version").out()).isEqualTo(run("version").out());
        assertThat(Json.object(run("version --json").out()))
                .containsEntry("portolan", Version.number());
        assertThat(run("version --data DATA").status()).isZero();
        assertThat(run("completion bash").out()).contains("'account group add') ");
        assertThat(run("completion tcsh").status()).isEqualTo(2);
    }

    // ---- with a server

    @Test
    void theDirectoryMayBeNamedAnywhere() throws Exception {
        open();
        for (String line :
                List.of(
                        "--data DATA domain list",
                        "domain --data DATA list",
                        "domain list --data DATA",
                        "domain list --data=DATA",
                        "domain list --data /nowhere --data DATA")) {
            assertThat(run(line))
                    .as(line)
                    .isEqualTo(new Outcome(0, "DOMAIN\nportolan.localhost\n", ""));
        }
        assertThat(run("--data DATA domain list -- --data").status()).isEqualTo(2);
    }

    @Test
    void statusIsForProgramsToo() throws Exception {
        open();
        assertThat(run("status --data DATA").out()).contains(String.valueOf(office.port()));
        assertThat(JSON.std.mapFrom(run("status --json --data DATA").out())).containsKey("doors");
    }

    @Test
    void theServersWordOnMistakesIsPassedOn() throws Exception {
        open();
        assertThat(run("statsu --data DATA").status()).isEqualTo(2);
        assertThat(run("statsu --data DATA").err()).contains("did you mean status?");
        Outcome removed = run("domain remove second.example --data DATA");
        assertThat(removed.status()).isEqualTo(1);
        assertThat(removed.out()).isEmpty();
        assertThat(removed.err()).startsWith("portolan: ");
    }

    @Test
    void aPasswordIsTheFirstLineOfStandardInput() throws Exception {
        open();
        String[] inputs = {"zwölf Wörtchen\nrest\n", "zwölf Wörtchen\r\n", "zwölf Wörtchen"};
        for (int i = 0; i < inputs.length; i++) {
            Outcome added =
                    run(
                            "account add ada" + i + " --password-stdin --data DATA",
                            inputs[i].getBytes(UTF_8),
                            new Typist());
            assertThat(added).isEqualTo(new Outcome(0, "Account ada" + i + " was added.\n", ""));
            assertThat(office.accounts.verify("ada" + i, "zwölf Wörtchen")).isPresent();
        }
    }

    @Test
    void aPasswordThatIsNoneIsRefused() throws Exception {
        open();
        byte[][] inputs = {
            {}, {'\n'}, "zwölf Wörtchen\n".getBytes(ISO_8859_1), "x".repeat(5000).getBytes(UTF_8)
        };
        for (byte[] input : inputs) {
            Outcome added =
                    run("account add ada --password-stdin --data DATA", input, new Typist());
            assertThat(added.status()).isEqualTo(1);
            assertThat(added.err()).contains("standard input");
        }
        assertThat(run("account add ada --data DATA").status()).isEqualTo(2);
        assertThat(office.accounts.list()).isEmpty();
    }

    @Test
    void aPersonTypesAPasswordUnseen() throws Exception {
        open();
        Typist typist = new Typist("a long word", "a long word");
        assertThat(run("account add ada --data DATA", new byte[0], typist).status()).isZero();
        assertThat(typist.prompts)
                .containsExactly("hidden Password for ada: ", "hidden The same again: ");
        assertThat(office.accounts.verify("ada", "a long word")).isPresent();
    }

    @Test
    void whoeverLeavesAtThePromptHasChangedNothing() throws Exception {
        open();
        Typist typist = new Typist("only once");
        Outcome left = run("account add ada --data DATA", new byte[0], typist);
        assertThat(left.status()).isEqualTo(1);
        assertThat(left.err()).contains("nothing was changed");
        assertThat(office.accounts.list()).isEmpty();
    }

    @Test
    void aPersonConfirmsThatMailIsDeleted() throws Exception {
        open();
        office.accounts.add("ada", "a long word");
        office.deliver("ada");
        Typist typist = new Typist("y");
        assertThat(run("account remove ada --data DATA", new byte[0], typist).status()).isZero();
        assertThat(typist.prompts).singleElement().asString().startsWith("shown Remove ada");
        assertThat(office.accounts.list()).isEmpty();
    }

    @Test
    void whoLooksOnEndsWithTheServer() throws Exception {
        open();
        CompletableFuture<Outcome> onlooker =
                CompletableFuture.supplyAsync(() -> run("sockets --follow 1 --data DATA"));
        await().until(() -> office.kernel.sockets().open().size() == 1);
        office.stop();
        Outcome outcome = onlooker.get();
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).startsWith("portolan.localhost, ").contains("\nadmin-");
        assertThat(outcome.err()).contains("the server is stopping");
    }

    @Test
    void stopReturnsWhenTheServerHasEnded() throws Exception {
        open();
        Outcome stopped = run("stop --data DATA");
        assertThat(stopped.status()).isZero();
        assertThat(stopped.out()).contains("Stopping").endsWith("Stopped.\n");
        // the data directory is free for the next one
        try (SiteFolder next = SiteFolder.open(data()).orElseThrow()) {
            assertThat(next.root()).isEqualTo(data());
        }
        assertThat(run("stop --data DATA").status()).isEqualTo(1);
    }

    @Test
    void aDeepDataDirectoryIsReachedTheShortWay() throws Exception {
        Path here = Path.of("target").toAbsolutePath();
        Path deep = Files.createDirectories(here.resolve("deep/" + "x".repeat(40)));
        Path socket = AdminService.socket(deep);
        assertThat(socket)
                .isRelative()
                .isEqualTo(Path.of("target/deep", "x".repeat(40), "admin.sock"));
        assertThat(AdminService.socket(Path.of("/d"))).isEqualTo(Path.of("/d/admin.sock"));
        String tooLong = here.resolve("y".repeat(120)).toString();
        Path folder = Files.createDirectories(Path.of(tooLong));
        Files.writeString(folder.resolve("admin.sock"), "");
        assertThat(run("status --data " + tooLong).err()).contains("cannot reach the server at");
    }
}
