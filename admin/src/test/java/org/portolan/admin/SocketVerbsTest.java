package org.portolan.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Connection;
import org.portolan.kernel.DatagramLine;
import org.portolan.kernel.Hangup;
import org.portolan.stores.Events;
import tools.jackson.jr.ob.JSON;

/** The live table, and how to end what is in it. */
@Timeout(60)
class SocketVerbsTest {
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

    private String done(String line) throws Exception {
        Scripted operator = Scripted.program();
        assertThat(run(line, operator)).as(operator.remarked.toString()).isZero();
        return operator.said.toString();
    }

    private String wrong(int status, String line) throws Exception {
        Scripted operator = Scripted.program();
        assertThat(run(line, operator)).as(operator.said.toString()).isEqualTo(status);
        assertThat(operator.said).isEmpty();
        return operator.remarked.toString();
    }

    private int run(String line, Operator operator) throws Exception {
        return office.verbs.run(List.of(line.split(" ")), operator);
    }

    /** Somebody who has logged in. */
    private final class Caller implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), office.port());
        private final BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

        Caller(String name) throws IOException {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((name + "\r\n").getBytes(UTF_8));
            assertThat(lines.readLine()).isEqualTo("welcome");
        }

        String peer() {
            return "127.0.0.1:" + socket.getLocalPort();
        }

        String id() {
            return office.kernel.sockets().open().stream()
                    .filter(one -> one.peer().port() == socket.getLocalPort())
                    .map(Connection::id)
                    .findFirst()
                    .orElseThrow();
        }

        /** Reads the farewell and the end behind it. */
        void hearsFarewell() throws IOException {
            assertThat(lines.readLine()).isEqualTo("bye: closed by an administrator");
            assertThat(lines.readLine()).isNull();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Map<?, ?> only(String json) throws Exception {
        List<Object> all = JSON.std.listFrom(json);
        assertThat(all).hasSize(1);
        return (Map<?, ?>) all.getFirst();
    }

    // ---- the table

    @Test
    void conversationsAreShownWithBothEnds() throws Exception {
        try (Caller ada = new Caller("ada\u001b")) {
            String here = "127.0.0.1:" + office.port();
            assertThat(done("sockets"))
                    .containsPattern("ID +SERVICE +PORT +LOCAL +PEER +ACCOUNT +TLS +IN +OUT +AGE\n")
                    .containsPattern(
                            "logins-\\S+ +logins +7 +%s +%s +ada\\{0x1b} +-  +6 B +9 B +"
                                    .formatted(here, ada.peer()));
            Map<?, ?> row = only(done("sockets --json"));
            assertThat(row.keySet().stream().map(String::valueOf))
                    .containsExactly(
                            "kind",
                            "id",
                            "transport",
                            "service",
                            "port",
                            "local",
                            "local_address",
                            "local_port",
                            "peer",
                            "peer_address",
                            "peer_port",
                            "proxy",
                            "account",
                            "tls",
                            "cipher",
                            "bytes_in",
                            "bytes_out",
                            "since",
                            "age_seconds");
            assertThat(row.get("id")).isEqualTo(ada.id());
            assertThat(row.get("transport")).isEqualTo("tcp");
            assertThat(row.get("local_port")).isEqualTo(office.port());
            assertThat(row.get("peer")).isEqualTo(ada.peer());
            assertThat(done("status")).containsPattern("echo +" + office.port() + "/tcp .* 1\n");
        }
    }

    @Test
    void whoSentDatagramsIsShown() throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[3], 3, office.doors.getLast().at()));
            socket.receive(new DatagramPacket(new byte[3], 3));
            String ends =
                    "127.0.0.1:%d +127.0.0.1:%d".formatted(office.udpPort(), socket.getLocalPort());
            await().untilAsserted(
                            () ->
                                    assertThat(done("sockets"))
                                            .startsWith("Heard over UDP lately:\n")
                                            .containsPattern(
                                                    "logins +7 +"
                                                            + ends
                                                            + " +1 +1 +3 B +3 B .*ago"));
            Map<?, ?> row = only(done("sockets --json --udp"));
            assertThat(row.keySet().stream().map(String::valueOf))
                    .endsWith("bytes_out", "datagrams_in", "datagrams_out", "last");
            assertThat(row.get("kind")).isEqualTo("peer");
            assertThat(row.get("local_port")).isEqualTo(office.udpPort());
            assertThat(done("sockets --tcp")).isEqualTo("Nobody is there.\n");
            assertThat(done("status")).containsPattern("echo +" + office.udpPort() + "/udp .* 1\n");
        }
    }

    @Test
    void secondSocketsAreShown() throws Exception {
        try (DatagramLine line =
                office.kernel
                        .ports()
                        .openDatagram(
                                office.doors.getFirst().service(), office.doors.getLast().at())) {
            assertThat(done("sockets --udp"))
                    .containsPattern(
                            "Second sockets over UDP:\nSERVICE .*\nlogins +127.0.0.1:%d +%s:%d "
                                    .formatted(line.at().getPort(), "127.0.0.1", office.udpPort()));
            assertThat(only(done("sockets --json")).get("kind")).isEqualTo("line");
        }
        assertThat(done("sockets")).isEqualTo("Nobody is there.\n");
    }

    @Test
    void theTableIsFilteredAndSorted() throws Exception {
        try (Caller grace = new Caller("grace");
                Caller ada = new Caller("ada")) {
            assertThat(ids("sockets")).containsExactly(grace.id(), ada.id());
            assertThat(ids("sockets --sort account")).containsExactly(ada.id(), grace.id());
            assertThat(ids("sockets --sort in")).containsExactly(grace.id(), ada.id());
            for (String order : List.of("age", "service", "peer", "out")) {
                assertThat(ids("sockets --sort " + order)).contains(ada.id(), grace.id());
            }
            assertThat(ids("sockets --account Ada")).containsExactly(ada.id());
            assertThat(ids("sockets --service logins --peer 127.0.0.0/8")).hasSize(2);
            assertThat(ids("sockets --service echo --account grace")).containsExactly(grace.id());
            assertThat(ids("sockets --peer 192.0.2.7")).isEmpty();
            assertThat(ids("sockets --peer ::1")).isEmpty();
        }
    }

    private List<String> ids(String line) throws Exception {
        return JSON.std.listFrom(done(line + " --json")).stream()
                .map(row -> String.valueOf(((Map<?, ?>) row).get("id")))
                .toList();
    }

    @Test
    void whatIsMistypedIsNamedWithItsNeighbour() throws Exception {
        assertThat(wrong(2, "sockets --service logns")).contains("did you mean logins?");
        assertThat(wrong(2, "sockets --sort acount"))
                .contains("age, service, peer, account, in, out")
                .contains("did you mean account?");
        assertThat(wrong(2, "sockets --peer somewhere")).contains("a network is wanted");
        assertThat(wrong(2, "sockets --follow 0")).contains("from 1 to 60");
        assertThat(wrong(2, "sockets --watch soon")).contains("from 1 to 60");
        assertThat(wrong(2, "sockets clsoe x")).contains("did you mean close?");
        assertThat(wrong(2, "sockets --jsn")).contains("did you mean --json?");
    }

    // ---- again and again

    @Test
    void aProgramThatFollowsGetsOneTableAfterAnother() throws Exception {
        Scripted program = Scripted.program();
        try (Caller ada = new Caller("ada")) {
            program.meanwhile.add(() -> {});
            program.meanwhile.add(() -> office.kernel.sockets().open().forEach(this::end));
            assertThatThrownBy(() -> run("sockets --follow", program))
                    .isInstanceOf(IOException.class);
            ada.hearsFarewell();
        }
        assertThat(program.pauses).containsOnly(Duration.ofSeconds(2)).hasSize(3);
        assertThat(program.said.toString()).doesNotContain("\u001b");
        assertThat(program.said.toString().split("portolan.localhost, ")).hasSize(4);
        assertThat(program.said).contains(" ada ").endsWith("Nobody is there.\n\n");
    }

    private void end(Connection connection) {
        connection.end(Hangup.Reason.CLOSED_BY_ADMINISTRATOR);
        await().until(() -> office.kernel.sockets().open().isEmpty());
    }

    @Test
    void aPersonsScreenIsDrawnAgain() throws Exception {
        Scripted person = Scripted.person();
        person.meanwhile.add(() -> {});
        assertThatThrownBy(() -> run("sockets --watch 5", person)).isInstanceOf(IOException.class);
        assertThat(person.pauses).containsOnly(Duration.ofSeconds(5)).hasSize(2);
        assertThat(person.said.toString())
                .startsWith("\u001b[2J\u001b[Hportolan.localhost, ")
                .endsWith("Nobody is there.\u001b[K\n\u001b[J");
    }

    @Test
    void whatIsHigherThanTheScreenKeepsItsHead() throws Exception {
        assertThat(Screen.fitting("head\none\ntwo\n", 80, 4)).isEqualTo("head\none\ntwo\n");
        assertThat(Screen.fitting("head\none\ntwo\nthree\n", 80, 4))
                .isEqualTo("head\none\n… 2 more lines\n");
        assertThat(Screen.fitting("head\n" + "x".repeat(81) + "\ntwo\n", 80, 5))
                .isEqualTo("head\n" + "x".repeat(81) + "\ntwo\n"); // which takes two rows
        assertThat(Screen.fitting("head\n" + "x".repeat(161) + "\ntwo\n", 80, 5))
                .isEqualTo("head\n… 2 more lines\n");
        assertThat(Screen.fitting("line\n".repeat(1000), 80, 0)).hasLineCount(1000);
        Scripted person = Scripted.person();
        person.rows = 4;
        person.meanwhile.add(() -> {});
        try (Socket one = new Socket(InetAddress.getLoopbackAddress(), office.port());
                Socket other = new Socket(InetAddress.getLoopbackAddress(), office.port())) {
            await().until(() -> office.kernel.sockets().open().size() == 2);
            assertThatThrownBy(() -> run("sockets --tcp --watch", person))
                    .isInstanceOf(IOException.class);
        }
        assertThat(person.said.toString())
                .startsWith("\u001b[2J\u001b[Hportolan.localhost, ")
                .contains("more lines\u001b[K\n\u001b[J");
    }

    // ---- the end

    @Test
    void aConversationIsClosedWithItsFarewell() throws Exception {
        try (Caller ada = new Caller("ada");
                Caller grace = new Caller("grace")) {
            String id = ada.id();
            assertThat(done("sockets close " + id)).isEqualTo("Closed 1 conversation.\n");
            ada.hearsFarewell();
            await().until(() -> ids("sockets").equals(List.of(grace.id())));
            awaitEvent("closed 1 conversation: " + id);
            assertThat(wrong(1, "sockets close " + id + " " + grace.id()))
                    .contains("no conversation " + id + " is open");
            assertThat(ids("sockets")).containsExactly(grace.id());
        }
    }

    @Test
    void allOfAnAccountAServiceOrAPeerAreClosed() throws Exception {
        try (Caller one = new Caller("ada");
                Caller other = new Caller("ada");
                Caller grace = new Caller("grace")) {
            assertThat(done("sockets close --account ada --peer 127.0.0.1"))
                    .isEqualTo("Closed 2 conversations.\n");
            one.hearsFarewell();
            other.hearsFarewell();
            await().until(() -> ids("sockets").equals(List.of(grace.id())));
            assertThat(wrong(1, "sockets close --account ada"))
                    .contains("no conversation is open of account ada");
            assertThat(done("sockets close --service echo")).contains("Closed 1 ");
            grace.hearsFarewell();
        }
        try (Caller ada = new Caller("ada")) {
            assertThat(done("sockets close --peer 127.0.0.0/8")).contains("Closed 1 ");
            ada.hearsFarewell();
        }
    }

    @Test
    void itIsSaidWhichAreToBeClosed() throws Exception {
        assertThat(wrong(2, "sockets close")).contains("say which: an ID, --peer");
        assertThat(wrong(2, "sockets close --service logns")).contains("did you mean logins?");
        assertThat(wrong(1, "sockets close --peer 192.0.2.0/24"))
                .contains("no conversation is open with 192.0.2.0/24");
    }

    private void awaitEvent(String words) {
        await().untilAsserted(
                        () ->
                                assertThat(office.events.latest(10))
                                        .anyMatch(
                                                event ->
                                                        event.kind() == Events.Kind.CHANGED
                                                                && event.words().equals(words)));
    }
}
