package org.portolan.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Door;
import tools.jackson.jr.ob.JSON;

/** The admin API as a peer of its socket sees it. */
@Timeout(60)
class AdminSocketTest {
    @TempDir Path folder;
    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office(folder.resolve("data"));
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private final class Wire implements AutoCloseable {
        final SocketChannel channel = Door.LocalDoor.dial(AdminService.socket(office.data));
        final BufferedReader lines =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));

        Wire() throws IOException {}

        Wire send(String text) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return this;
        }

        Map<String, Object> reply() throws IOException {
            return JSON.std.mapFrom(lines.readLine());
        }

        /** Everything up to the end, as one object: texts joined, the exit status. */
        String rest() throws IOException {
            StringBuilder all = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JSON.std.mapFrom(line).forEach((k, v) -> all.append(k).append(' ').append(v));
                all.append('\n');
            }
            return all.toString();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void onlyTheOwnerMayOpenIt() throws Exception {
        Path socket = office.data.resolve("admin.sock");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
    }

    @Test
    void aVerbIsRunAndItsStatusComesLast() throws Exception {
        try (Wire wire = new Wire()) {
            wire.send("{\"run\":[\"domain\",\"list\"]}\r\n");
            assertThat(wire.rest()).isEqualTo("out DOMAIN\nportolan.localhost\n\nexit 0\n");
        }
        await().until(() -> office.kernel.sockets().open().isEmpty());
    }

    @Test
    void aSecretIsAskedForAndNamesAreUtf8() throws Exception {
        try (Wire wire = new Wire()) {
            wire.send("{\"run\":[\"account\",\"add\",\"müller\",\"--password-stdin\"]}\r\n");
            assertThat(wire.reply()).isEqualTo(Map.of("secret", "Password for müller: "));
            wire.send("{\"text\":\"zwölf Wörtchen €\"}\r\n");
            assertThat(wire.rest()).isEqualTo("out Account müller was added.\n\nexit 0\n");
        }
        assertThat(office.accounts.verify("müller", "zwölf Wörtchen €")).isPresent();
    }

    @Test
    void aPersonIsAskedBeforeMailIsDeleted() throws Exception {
        office.accounts.add("ada", "a long word");
        office.deliver("ada");
        try (Wire wire = new Wire()) {
            wire.send("{\"run\":[\"account\",\"remove\",\"ada\"],\"terminal\":true}\r\n");
            assertThat(wire.reply().get("ask").toString()).startsWith("Remove ada");
            wire.send("{\"text\":\"n\"}\r\n");
            assertThat(wire.rest()).isEqualTo("err portolan: nothing was changed\n\nexit 1\n");
        }
        assertThat(office.accounts.list()).hasSize(1);
    }

    @Test
    void whoeverHangsUpInsteadOfAnsweringHasChangedNothing() throws Exception {
        try (Wire wire = new Wire()) {
            wire.send("{\"run\":[\"account\",\"add\",\"ada\",\"--password-stdin\"]}\r\n");
            assertThat(wire.reply()).containsKey("secret");
        }
        await().until(() -> office.kernel.sockets().open().isEmpty());
        assertThat(office.accounts.list()).isEmpty();
    }

    @Test
    void whatIsNotARequestIsToldWhy() throws Exception {
        for (Map.Entry<String, String> wrong :
                Map.of(
                                "hello", "not a JSON object",
                                "[\"status\"]", "not a JSON object",
                                "null", "not null",
                                "{\"run\":\"status\"}", "a list of words",
                                "{\"run\":[1]}", "text only",
                                "{}", "\"run\" is missing",
                                "{\"run\":[\"status\"", "not a JSON object")
                        .entrySet()) {
            try (Wire wire = new Wire()) {
                wire.send(wrong.getKey() + "\r\n");
                assertThat(wire.rest())
                        .as(wrong.getKey())
                        .startsWith("err portolan: ")
                        .contains(wrong.getValue())
                        .endsWith("exit 2\n");
            }
        }
    }

    @Test
    void aBadAnswerChangesNothing() throws Exception {
        for (String answer : new String[] {"{\"text\":7}", "{}", "secret", "nonsense\u0001"}) {
            try (Wire wire = new Wire()) {
                wire.send("{\"run\":[\"account\",\"add\",\"ada\",\"--password-stdin\"]}\r\n");
                assertThat(wire.reply()).containsKey("secret");
                wire.send(answer + "\r\n");
                assertThat(wire.rest()).startsWith("err portolan: ").endsWith("exit 2\n");
            }
        }
        assertThat(office.accounts.list()).isEmpty();
    }

    @Test
    void linesEndWithCrLf() throws Exception {
        try (Wire wire = new Wire()) {
            wire.send("{\"run\":[\"status\"]}\n");
            assertThat(wire.rest()).contains("a line ends with CR LF").endsWith("exit 2\n");
        }
    }

    @Test
    void aLongLineIsReadUpToTheLimit() throws Exception {
        String head = "{\"run\":[\"help\"],\"padding\":\"";
        String tail = "\"}\r\n";
        int room = AdminService.LINE_BYTES - head.length() - tail.length();
        try (Wire wire = new Wire()) {
            wire.send(head + "x".repeat(room) + tail);
            assertThat(wire.rest()).startsWith("out One process").endsWith("exit 0\n");
        }
        try (Wire wire = new Wire()) {
            wire.send(head + "x".repeat(room + 1) + tail);
            assertThat(wire.rest())
                    .contains("at most " + AdminService.LINE_BYTES + " bytes")
                    .endsWith("exit 2\n");
        }
    }

    @Test
    void halfARequestIsNoRequest() throws Exception {
        try (Wire wire = new Wire()) {
            wire.send("{\"run\":[\"account\",\"add\",\"ada\",\"--random\"]}");
            wire.channel.shutdownOutput();
            assertThat(wire.rest()).isEmpty();
        }
        await().until(() -> office.kernel.sockets().open().isEmpty());
        assertThat(office.accounts.list()).isEmpty();
    }

    @Test
    void severalPeersAreServedAtOnce() throws Exception {
        try (Wire waiting = new Wire();
                Wire other = new Wire()) {
            waiting.send("{\"run\":[\"account\",\"add\",\"ada\",\"--password-stdin\"]}\r\n");
            assertThat(waiting.reply()).containsKey("secret");
            other.send("{\"run\":[\"account\",\"add\",\"ada\",\"--random\"]}\r\n");
            assertThat(other.rest()).endsWith("exit 0\n");
            waiting.send("{\"text\":\"a long word\"}\r\n");
            assertThat(waiting.rest()).contains("there is an account ada already").endsWith("1\n");
        }
    }

    @Test
    void aLongAnswerComesInManyLinesAndWhole() throws Exception {
        for (int i = 0; i < 400; i++) {
            office.accounts.addDomain("d" + i + ".𝄞.example");
        }
        try (Wire wire = new Wire()) {
            wire.send("{\"run\":[\"domain\",\"list\",\"--json\"]}\r\n");
            StringBuilder json = new StringBuilder();
            int lines = 0;
            Map<String, Object> reply = wire.reply();
            while (reply.containsKey("out")) {
                json.append(reply.get("out"));
                lines++;
                reply = wire.reply();
            }
            assertThat(lines).isGreaterThan(1);
            assertThat(JSON.std.listFrom(json.toString())).hasSize(401);
        }
    }

    @Test
    void aTextIsNeverCutInsideACharacter() {
        String text = "x" + "𝄞".repeat(10_000);
        StringBuilder whole = new StringBuilder();
        for (String line : AdminReply.text(AdminReply.OUT, text)) {
            String part =
                    JSON.std.mapFrom(new String(line.getBytes(UTF_8), UTF_8)).get("out").toString();
            assertThat(Character.isHighSurrogate(part.charAt(part.length() - 1))).isFalse();
            whole.append(part);
        }
        assertThat(whole.toString()).isEqualTo(text);
    }

    @Test
    void whoAskedIsKnownByTheSystemsWord() throws Exception {
        String me = Files.getOwner(office.data).getName();
        try (Wire wire = new Wire()) {
            wire.send("{\"run\":[\"sockets\",\"--json\"]}\r\n");
            assertThat(wire.rest()).contains("\"account\" : \"" + me + "\"").contains("local");
        }
        try (Wire wire = new Wire()) {
            wire.send("{\"run\":[\"domain\",\"add\",\"second.example\"]}\r\n");
            assertThat(wire.rest()).endsWith("exit 0\n");
        }
        await().untilAsserted(
                        () ->
                                assertThat(office.events.latest(1))
                                        .singleElement()
                                        .satisfies(
                                                event -> {
                                                    assertThat(event.account()).isEqualTo(me);
                                                    assertThat(event.conversation())
                                                            .startsWith("admin-");
                                                }));
    }

    @Test
    void whoLooksOnSaysWhenToGoOnAndMayLeave() throws Exception {
        try (Wire wire = new Wire()) {
            wire.send("{\"run\":[\"sockets\",\"--follow\",\"3\"]}\r\n");
            for (int i = 0; i < 3; i++) {
                assertThat(wire.reply().get("out").toString())
                        .startsWith("portolan.localhost, ")
                        .contains("\nadmin-");
                assertThat(wire.reply()).isEqualTo(Map.of("pause", 3000));
                wire.send("{\"text\":\"\"}\r\n");
            }
            assertThat(office.kernel.sockets().open()).hasSize(1);
        }
        await().until(() -> office.kernel.sockets().open().isEmpty());
    }

    @Test
    void whoLooksOnHearsOfAStop() throws Exception {
        try (Wire wire = new Wire()) {
            wire.send("{\"run\":[\"sockets\",\"--follow\"]}\r\n");
            assertThat(wire.reply()).containsKey("out");
            assertThat(wire.reply()).isEqualTo(Map.of("pause", 2000));
            office.stop();
            assertThat(wire.rest()).contains("the server is stopping").endsWith("exit 1\n");
        }
    }
}
