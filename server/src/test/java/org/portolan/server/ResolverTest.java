package org.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.KernelSettings;
import org.portolan.mail.Names;
import org.portolan.mail.Names.Answer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Against a resolver that says what the test wants, also what nobody should believe. */
class ResolverTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Function<Message, List<byte[]>> answers = _ -> List.of();
    private volatile Function<Message, byte[]> longAnswers = _ -> new byte[0];
    private DatagramSocket udp;
    private ServerSocket tcp;
    private Kernel kernel;
    private Names names;

    @TempDir Path folder;

    @BeforeEach
    void begin() throws Exception {
        udp = new DatagramSocket(0, LOOPBACK);
        tcp = new ServerSocket(udp.getLocalPort(), 5, LOOPBACK);
        Thread.ofVirtual().start(this::answerDatagrams);
        Thread.ofVirtual().start(this::answerStreams);
        KernelSettings limits =
                new KernelSettings(
                        List.of(LOOPBACK),
                        KernelSettings.ANY_FREE_PORT,
                        1000,
                        1000,
                        1000,
                        1000,
                        Duration.ofSeconds(5),
                        Optional.empty(),
                        Set.of());
        kernel =
                new Kernel(
                        limits,
                        Clock.SYSTEM,
                        Admission.EVERYBODY,
                        host -> {
                            throw new AssertionError("nobody asks for TLS");
                        });
        names = names(Duration.ofSeconds(20), udp.getLocalPort());
    }

    private Names names(Duration timeout, int... ports) {
        List<InetSocketAddress> servers =
                Arrays.stream(ports)
                        .mapToObj(port -> new InetSocketAddress(LOOPBACK, port))
                        .toList();
        SystemResolvers nobody = new SystemResolvers(folder.resolve("resolv.conf"));
        return new ResolvedNames(
                new Resolver(
                        new ResolverSettings(servers, timeout),
                        nobody,
                        kernel.ports(),
                        Clock.SYSTEM));
    }

    @AfterEach
    void end() throws Exception {
        udp.close();
        tcp.close();
        kernel.close();
    }

    private void answerDatagrams() {
        byte[] buffer = new byte[2000];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Message question = new Message(Arrays.copyOf(buffer, packet.getLength()));
                asked.add(
                        question.getQuestion().getName() + " " + question.getQuestion().getType());
                for (byte[] answer : answers.apply(question)) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            return; // the test is over
        }
    }

    private void answerStreams() {
        try {
            while (true) {
                try (Socket client = tcp.accept()) {
                    DataInputStream in = new DataInputStream(client.getInputStream());
                    byte[] question = new byte[in.readUnsignedShort()];
                    in.readFully(question);
                    byte[] answer = longAnswers.apply(new Message(question));
                    DataOutputStream out = new DataOutputStream(client.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            }
        } catch (IOException closed) {
            return; // the test is over
        }
    }

    private static Message reply(Message question, int code, String... records) {
        Message reply = new Message(question.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        reply.getHeader().setRcode(code);
        reply.addRecord(question.getQuestion(), Section.QUESTION);
        for (String record : records) {
            boolean denial = record.contains(" SOA ");
            reply.addRecord(record(record), denial ? Section.AUTHORITY : Section.ANSWER);
        }
        return reply;
    }

    private static Record record(String text) {
        String[] words = text.split(" ", 4);
        try {
            return Record.fromString(
                    Name.fromString(words[0]),
                    Type.value(words[2]),
                    DClass.IN,
                    Long.parseLong(words[1]),
                    words[3],
                    Name.root);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void says(int code, String... records) {
        answers = question -> List.of(reply(question, code, records).toWire());
    }

    private static final String SOA = "example. 300 SOA a. b. 1 2 3 4 60";

    @Test
    void eachOutcomeIsToldApart() {
        says(Rcode.NOERROR, "a.example. 300 MX 10 m.example.", "b.example. 9 MX 1 evil.example.");
        assertThat(names.exchangers("A.example.").records())
                .containsExactly(new Names.Exchanger(10, "m.example"));
        says(Rcode.NOERROR, "n.example. 300 MX 0 .");
        assertThat(names.exchangers("n.example").records())
                .containsExactly(new Names.Exchanger(0, ""));
        says(Rcode.NOERROR, SOA);
        assertThat(names.ipv4("b.example")).isInstanceOf(Answer.NoRecord.class);
        says(Rcode.NXDOMAIN, SOA);
        assertThat(names.ipv6("c.example")).isInstanceOf(Answer.NoSuchName.class);
        says(Rcode.SERVFAIL);
        assertThat(names.texts("d.example")).isInstanceOf(Answer.TryAgain.class);
        says(Rcode.NOERROR, "e.example. 300 TXT \"a b\" \"c\"");
        assertThat(names.texts("e.example").records()).containsExactly("a bc");
        says(Rcode.NOERROR, "1.2.0.192.in-addr.arpa. 300 PTR h.example.");
        assertThat(names.pointers(InetAddress.ofLiteral("192.0.2.1")).records())
                .containsExactly("h.example");
        assertThat(names.ipv4("x..example")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(names.ipv4("y".repeat(64) + ".example")).isInstanceOf(Answer.NoSuchName.class);
    }

    @Test
    void aliasesAreFollowedAndEnd() {
        says(Rcode.NOERROR, "a.example. 9 CNAME b.example.", "b.example. 5 A 192.0.2.1");
        assertThat(names.ipv4("a.example"))
                .isEqualTo(
                        new Answer.Found<>(
                                List.of(InetAddress.ofLiteral("192.0.2.1")),
                                "b.example",
                                Duration.ofSeconds(5),
                                false));
        answers =
                question ->
                        List.of(
                                (question.getQuestion().getName().toString().equals("d.example.")
                                                ? reply(question, 0, "d.example. 9 A 192.0.2.2")
                                                : reply(
                                                        question,
                                                        0,
                                                        "c.example. 9 CNAME d.example."))
                                        .toWire());
        assertThat(names.ipv4("c.example").records()).hasSize(1);
        says(Rcode.NOERROR, "e.example. 9 CNAME f.example.", "f.example. 9 CNAME e.example.");
        assertThat(names.ipv4("e.example")).isInstanceOf(Answer.TryAgain.class);
    }

    @Test
    void whatAnswersSomethingElseIsReadPast() {
        answers =
                question -> {
                    Message otherNumber = reply(question, 0, "a.example. 9 A 203.0.113.66");
                    otherNumber.getHeader().setID(question.getHeader().getID() ^ 1);
                    Message otherQuestion = new Message(question.getHeader().getID());
                    otherQuestion.getHeader().setFlag(Flags.QR);
                    otherQuestion.addRecord(
                            Record.newRecord(Name.root, Type.A, DClass.IN), Section.QUESTION);
                    return List.of(
                            new byte[] {1, 2, 3},
                            otherNumber.toWire(),
                            otherQuestion.toWire(),
                            reply(question, 0, "a.example. 9 A 192.0.2.1").toWire());
                };
        assertThat(names.ipv4("a.example").records())
                .containsExactly(InetAddress.ofLiteral("192.0.2.1"));
    }

    @Test
    void whatDoesNotFitComesByTcp() {
        answers =
                question -> {
                    Message cut = reply(question, 0);
                    cut.getHeader().setFlag(Flags.TC);
                    return List.of(cut.toWire());
                };
        String text = "x".repeat(200);
        longAnswers = question -> reply(question, 0, "a.example. 9 TXT \"" + text + "\"").toWire();
        assertThat(names.texts("a.example").records()).containsExactly(text);
        longAnswers = _ -> new byte[5];
        assertThat(names.texts("b.example")).isInstanceOf(Answer.TryAgain.class);
    }

    @Test
    void whoIsSilentIsPassedOver() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, LOOPBACK)) {
            says(Rcode.NOERROR, "a.example. 9 A 192.0.2.1");
            Names both = names(Duration.ofMillis(50), silent.getLocalPort(), udp.getLocalPort());
            assertThat(both.ipv4("a.example").records()).hasSize(1);
            Names one = names(Duration.ofMillis(50), silent.getLocalPort());
            assertThat(one.ipv4("a.example")).isInstanceOf(Answer.TryAgain.class);
        }
    }

    @Test
    void answersAreKeptForAsLongAsTheyMay() {
        says(Rcode.NOERROR, "a.example. 3600 A 192.0.2.1");
        names.ipv4("a.example");
        assertThat(names.ipv4("A.EXAMPLE").records()).hasSize(1);
        assertThat(asked).hasSize(1);
        says(Rcode.NOERROR, "b.example. 0 A 192.0.2.1");
        names.ipv4("b.example");
        names.ipv4("b.example");
        assertThat(asked).hasSize(3);
        says(Rcode.NXDOMAIN, SOA);
        names.ipv4("c.example");
        names.ipv4("c.example");
        assertThat(asked).hasSize(4);
    }

    @Test
    void theSystemsResolversAreThoseOfItsFile() throws Exception {
        Path file = folder.resolve("resolv.conf");
        SystemResolvers system = new SystemResolvers(file);
        assertThat(system.servers()).containsExactly(new InetSocketAddress(LOOPBACK, 53));
        Files.writeString(file, "search x\nnameserver 192.0.2.1\nnameserver fe80::1%eth0 \n#\n");
        assertThat(system.servers().getFirst())
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 53));
    }
}
