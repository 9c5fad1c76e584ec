package org.portolan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlayerTest {
    private static TestCertificates certificates;

    /** Every line that any client sent. */
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    private ScriptedServer server;

    @BeforeAll
    static void certify() throws Exception {
        certificates = TestCertificates.selfSigned();
    }

    @BeforeEach
    void serve() throws IOException {
        server = new ScriptedServer(this::mail);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** As much of a mail server as the dialogues below need. */
    private void mail(ScriptedServer.Peer peer) throws IOException {
        peer.say("220 here ESMTP");
        boolean secure = false;
        while (true) {
            String line = peer.line();
            heard.add(line);
            switch (line.split(" ", 2)[0]) {
                case "EHLO" -> {
                    peer.say("250-here", "250-PIPELINING");
                    peer.say(secure ? "250-AUTH PLAIN" : "250-STARTTLS", "250 HELP");
                }
                case "STARTTLS" -> {
                    peer.say("220 go on");
                    peer.startTls(certificates.server());
                    secure = true;
                }
                case "TICKET" -> peer.say("250 ticket 4711");
                case "CHECK" -> peer.say(line.equals("CHECK 4711") ? "250 ok" : "550 no");
                case "ECHO" -> peer.say(line.substring(5));
                case "DATA" -> {
                    peer.say("354 go on");
                    int lines = 0;
                    while (!peer.line().equals(".")) {
                        lines++;
                    }
                    peer.say("250 took " + lines + " lines, queued as 4711");
                }
                case "LIST" -> peer.say("+OK", "1 120", "2 240", ".");
                case "AUTH" -> peer.say("235 welcome");
                case "FIND" -> peer.say("+OK 12 octets", "A body.", ".");
                case "QUIT" -> {
                    peer.say("221 bye");
                    return;
                }
                case "" -> {
                    return;
                }
                default -> peer.say("500 what is " + line);
            }
        }
    }

    private void play(Pace pace, String dialogue) {
        player().play(Transcript.parse("test.txt", dialogue), pace);
    }

    private Player player() {
        return Player.against(server.address());
    }

    private static Player hasty(ScriptedServer server) {
        return Player.against(server.address()).patience(Duration.ofMillis(200));
    }

    @ParameterizedTest
    @EnumSource
    void aWholeDialogueIsPlayed(Pace pace) {
        play(
                pace,
                """
                # 01 A whole dialogue.   RFC 5321 §3.3
                S: 220 {any} ESMTP
                C: EHLO client.example
                S: 250-{any}
                S: …
                C: TICKET
                S: 250 ticket {=ticket}
                C: CHECK {ticket}
                S: 250 ok
                C: ECHO {base64:\\0ada\\0secret} {0x41}{repeat:-:3}{310}
                S: AGFkYQBzZWNyZXQ= A---{310}
                C: ECHO grüße
                S: grüße
                C- EC
                C- HO
                C:  two
                S: two
                C: DATA
                S: 354 {any}
                C: Subject: hello
                C:
                C: {repeat:x:5000}
                C: .
                S: 250 took {number} lines, {any}
                C: LIST
                S: +OK{any}
                S: …
                S: 2 240
                S: .
                C: QUIT
                S: 221 bye
                EOF
                """);

        assertThat(heard).containsSequence("EHLO client.example", "TICKET", "CHECK 4711");
    }

    @ParameterizedTest
    @EnumSource
    void aWrongAnswerNamesLineAndDialogue(Pace pace) {
        assertThatThrownBy(
                        () ->
                                play(
                                        pace,
                                        """
                                        # 02 Not what this server says.
                                        S: 220 {any}
                                        C: TICKET
                                        S: 250 ticket 12
                                        C: QUIT
                                        S: 221 bye
                                        """))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("test.txt:4 at the pace " + pace.title())
                .hasMessageContaining("expected  S: 250 ticket 12")
                .hasMessageContaining("received  S: 250 ticket 4711")
                .hasMessageContaining("\n  S: 220 here ESMTP")
                .hasMessageContaining("\n  C: TICKET");
    }

    @ParameterizedTest
    @EnumSource
    void aWrongReuseShowsWhatWasCaptured(Pace pace) {
        assertThatThrownBy(
                        () ->
                                play(
                                        pace,
                                        """
                                        # The ticket is not said again.
                                        S: 220 {any}
                                        C: TICKET
                                        S: 250 ticket {=ticket}
                                        C: ECHO 4712
                                        S: {ticket}
                                        """))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("test.txt:6 ")
                .hasMessageContaining("expected  S: {ticket}\n  where     {ticket} is 4711\n")
                .hasMessageContaining("received  S: 4712");
    }

    @ParameterizedTest
    @EnumSource
    void theExampleOfTheManualIsTrue(Pace pace) throws Exception {
        try (ScriptedServer pop3 =
                new ScriptedServer(
                        peer -> {
                            peer.say("+OK ready");
                            if (peer.line().equals("FIND 4711")) {
                                peer.say("+OK 12 octets", "A body.", ".");
                            }
                            peer.line();
                        })) {
            player().door("submission", server.address())
                    .door("pop3", pop3.address())
                    .trusting(certificates.certificate())
                    .play(Transcript.parse("manual", Manual.examples().getFirst()), pace);
        }

        assertThat(heard).contains("AUTH PLAIN AGFkYQBzZWNyZXQ=");
    }

    @ParameterizedTest
    @EnumSource
    void theBinaryExampleOfTheManualIsTrue(Pace pace) throws Exception {
        try (ScriptedServer packets =
                new ScriptedServer(
                        peer -> {
                            byte[] number = {1, 2, 3, (byte) 0xfe};
                            peer.say("HELLO");
                            peer.out().write(number);
                            byte[] packet = peer.in().readNBytes(10);
                            peer.out().write(new byte[] {0, 0, 0, 7});
                            peer.out().write(packet, 4, 6);
                            peer.out().write(0);
                            assertThat(peer.in().read()).isEqualTo(-1);
                            peer.say("good", "bye");
                        })) {
            Player.against(packets.address())
                    .play(Transcript.parse("manual", Manual.examples().get(1)), pace);
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrongBytesAreShownInHex(Pace pace) throws Exception {
        try (ScriptedServer packets =
                new ScriptedServer(peer -> peer.out().write(new byte[] {0x30, 0x0d, 2, 1, 5}))) {
            assertThatThrownBy(
                            () ->
                                    Player.against(packets.address())
                                            .play(
                                                    Transcript.parse(
                                                            "bytes.txt",
                                                            """
                                                            # Wrong bytes.
                                                            C2< 30 0c
                                                            S2> 30 0c 02 01 05
                                                            """),
                                                    pace))
                    .isInstanceOf(Mismatch.class)
                    .hasMessageContaining("bytes.txt:3 ")
                    .hasMessageContaining("received  S2> 30 0d")
                    .hasMessageContaining("\n  C2< 30 0c");
        }
    }

    @Test
    void allAtOnceDoesNotWaitForAnswers() throws Exception {
        String dialogue =
                """
                # Only a client that does not wait gets answers.
                C: one
                S: 1
                C: two
                S: 2
                C: three
                S: 3
                EOF
                """;
        try (ScriptedServer late =
                new ScriptedServer(
                        peer -> {
                            peer.line();
                            peer.line();
                            peer.line();
                            peer.say("1", "2", "3");
                        })) {
            Transcript transcript = Transcript.parse("late.txt", dialogue);
            Player.against(late.address()).play(transcript, Pace.ALL_AT_ONCE);

            assertThatThrownBy(() -> hasty(late).play(transcript, Pace.TURN_BY_TURN))
                    .isInstanceOf(Mismatch.class)
                    .hasMessageContaining("late.txt:3 ")
                    .hasMessageContaining("received  nothing came within");
        }
    }

    @Test
    void allAtOnceIsOneWriteUpToWhatDependsOnAnAnswer() throws Exception {
        RecordingSockets sockets = new RecordingSockets();
        player().play(
                        Transcript.parse(
                                "writes.txt",
                                """
                                # Three writes.
                                S: 220 {any}
                                C: TICKET
                                S: 250 ticket {=ticket}
                                C: ECHO a
                                S: a
                                C: CHECK {ticket}
                                S: 250 ok
                                C: CHECK {ticket}
                                S: 250 ok
                                WAIT
                                C: QUIT
                                S: 221 {any}
                                EOF
                                """),
                        Pace.ALL_AT_ONCE,
                        sockets);

        assertThat(sockets.writes)
                .containsExactly(
                        "TICKET\r\nECHO a\r\n", "CHECK 4711\r\nCHECK 4711\r\n", "QUIT\r\n");
    }

    @Test
    void byteByByteIsAWriteForEachByte() throws Exception {
        RecordingSockets sockets = new RecordingSockets();
        player().play(
                        Transcript.parse(
                                "bytes.txt",
                                """
                                # Nothing is joined.
                                S: 220 {any}
                                C: ECHO abc
                                S: abc
                                C: QUIT
                                S: 221 {any}
                                """),
                        Pace.BYTE_BY_BYTE,
                        sockets);

        assertThat(sockets.writes).allMatch(write -> write.length() == 1);
        assertThat(String.join("", sockets.writes)).isEqualTo("ECHO abc\r\nQUIT\r\n");
    }

    /**
     * What the system does with single writes is its own affair, and on a busy machine it may join
     * some: one try of many in which most bytes came alone is proof that they are sent alone.
     */
    @Test
    void byteByByteReachesTheServerAsSingleBytes() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        try (ScriptedServer counting =
                new ScriptedServer(
                        peer -> {
                            byte[] buffer = new byte[4096];
                            int size = 0;
                            while (size < 202) {
                                size += peer.in().read(buffer);
                                reads.incrementAndGet();
                            }
                            peer.say("enough");
                        })) {
            Transcript transcript =
                    Transcript.parse("count.txt", "# Count.\nC: {repeat:x:200}\nS: enough\n");
            int tries = 0;
            do {
                reads.set(0);
                Player.against(counting.address()).play(transcript, Pace.BYTE_BY_BYTE);
                tries++;
            } while (reads.get() < 150 && tries < 50);

            assertThat(reads).hasValueBetween(150, 202);
        }
    }

    @Test
    void aLongBodyIsNotSentInSinglesAllThrough() throws Exception {
        RecordingSockets sockets = new RecordingSockets();
        player().play(
                        Transcript.parse(
                                "long.txt",
                                """
                                # A megabyte does not take minutes.
                                S: 220 {any}
                                C: DATA
                                S: 354 {any}
                                C- {repeat:{repeat:x:98}{CR}{LF}:10000}
                                C: .
                                S: 250 took 10000 lines{any}
                                """),
                        Pace.BYTE_BY_BYTE,
                        sockets);

        assertThat(sockets.writes).hasSizeBetween(2000, 4000).anyMatch(write -> write.length() > 1);
    }

    @ParameterizedTest
    @EnumSource
    void aLineThatMustNotComeIsNamed(Pace pace) {
        assertThatThrownBy(
                        () ->
                                play(
                                        pace,
                                        """
                                        # STARTTLS must not be offered.
                                        S: 220 {any}
                                        C: EHLO client.example
                                        S: 250-{any}
                                        S: … but no 250{any}STARTTLS
                                        C: QUIT
                                        S: 221 bye
                                        """))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("test.txt:5 ")
                .hasMessageContaining("received  S: 250-STARTTLS");
    }

    @ParameterizedTest
    @EnumSource
    void whatComesAfterTheLastAnswerIsAMismatch(Pace pace) throws Exception {
        try (ScriptedServer talkative = new ScriptedServer(peer -> peer.say("1", "2"))) {
            assertThatThrownBy(
                            () ->
                                    Player.against(talkative.address())
                                            .play(
                                                    Transcript.parse("more.txt", "# One.\nS: 1\n"),
                                                    pace))
                    .isInstanceOf(Mismatch.class)
                    .hasMessageContaining("more.txt:2 ")
                    .hasMessageContaining("and then more: 2{CR}{LF}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatHangsUpIsNamed(Pace pace) throws Exception {
        try (ScriptedServer brief =
                new ScriptedServer(
                        peer -> {
                            peer.line();
                            peer.out().write("250 o".getBytes());
                        })) {
            assertThatThrownBy(
                            () ->
                                    Player.against(brief.address())
                                            .play(
                                                    Transcript.parse(
                                                            "gone.txt",
                                                            "# Gone.\nC: hi\nS: 250 ok"),
                                                    pace))
                    .isInstanceOf(Mismatch.class)
                    .hasMessageContaining("gone.txt:3 ")
                    .hasMessageContaining("the server hung up, after an unfinished 250 o");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatDoesNotHangUpIsNamed(Pace pace) throws Exception {
        try (ScriptedServer silent = new ScriptedServer(ScriptedServer.Peer::line)) {
            assertThatThrownBy(
                            () ->
                                    hasty(silent)
                                            .play(
                                                    Transcript.parse("stays.txt", "# Stays.\nEOF"),
                                                    pace))
                    .isInstanceOf(Mismatch.class)
                    .hasMessageContaining("stays.txt:2 ")
                    .hasMessageContaining("received  nothing came within");
        }
        assertThatThrownBy(() -> play(pace, "# Talks.\nEOF"))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("test.txt:2 ")
                .hasMessageContaining("instead of the end came 220 here ESMTP{CR}{LF}");
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatDoesNotReadCannotHoldTheTest(Pace pace) throws Exception {
        String dialogue = "# Deaf.\nC: {repeat:x:40000000}\nWAIT\nC: b";
        Semaphore over = new Semaphore(0);
        try (ScriptedServer deaf = new ScriptedServer(peer -> over.acquireUninterruptibly())) {
            assertThatThrownBy(() -> hasty(deaf).play(Transcript.parse("deaf.txt", dialogue), pace))
                    .isInstanceOf(Mismatch.class)
                    .hasMessageContaining("the server does not read");
        } finally {
            over.release();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheServerWouldNotTakeIsAMismatchUnlessTheEndIsAwaited(Pace pace) throws Exception {
        String dialogue = "# Refused.\nS: 421 no\nC: {repeat:x:30000000}\n";
        try (ScriptedServer refusing = new ScriptedServer(peer -> peer.say("421 no"))) {
            Player player = Player.against(refusing.address());
            player.play(Transcript.parse("refused.txt", dialogue + "S: …\nEOF\n"), pace);

            assertThatThrownBy(() -> player.play(Transcript.parse("refused.txt", dialogue), pace))
                    .isInstanceOf(Mismatch.class)
                    .hasMessageContaining("refused.txt:3 ")
                    .hasMessageContaining("the server took no more");
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientsLeaveAndComeBack(Pace pace) {
        play(
                pace,
                """
                # Clients leave in three ways, and come back.
                S: 220 {any}
                S2: 220 {any}
                C: TICKET
                C2: ECHO two
                S2: two
                S: 250 ticket {=ticket}
                RESET2
                CONNECT2
                S2: 220 {any}
                C2: CHECK {ticket}
                HALF2
                S2: 250 ok
                EOF2
                CLOSE
                CONNECT
                S: 220 {any}
                C: QUIT
                S: …
                EOF
                """);
    }

    @ParameterizedTest
    @EnumSource
    void tlsTrustsWhomItIsToldTo(Pace pace, @TempDir Path folder) throws Exception {
        Transcript transcript =
                Transcript.parse(
                        "tls.txt",
                        """
                        # TLS by upgrade.
                        S: 220 {any}
                        C: STARTTLS
                        S: 220 {any}
                        TLS
                        C: ECHO secret
                        S: secret
                        C: QUIT
                        S: 221 {any}
                        EOF
                        """);
        Path pem = folder.resolve("ca.pem");
        Files.writeString(
                pem,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(certificates.certificate().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");

        player().trusting(pem).play(transcript, pace);
        player().trusting(Trust.inAnyone()).play(transcript, pace);
        player().trusting(Trust.in(pem).calling(TestCertificates.NAME)).play(transcript, pace);

        assertThatThrownBy(() -> player().play(transcript, pace))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("not told whom to trust");
        assertThatThrownBy(
                        () ->
                                player().trusting(Trust.in(pem).calling("other.test"))
                                        .play(transcript, pace))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("tls.txt:5 ")
                .hasMessageContaining("TLS failed");
        assertThatThrownBy(
                        () ->
                                player().trusting(TestCertificates.selfSigned().certificate())
                                        .play(transcript, pace))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("TLS failed");
    }

    @ParameterizedTest
    @EnumSource
    void clearTextBeforeTlsIsAMismatch(Pace pace) throws Exception {
        try (ScriptedServer injecting =
                new ScriptedServer(
                        peer -> {
                            peer.line();
                            peer.say("220 go on", "250 injected");
                            peer.line();
                        })) {
            assertThatThrownBy(
                            () ->
                                    Player.against(injecting.address())
                                            .trusting(Trust.inAnyone())
                                            .play(
                                                    Transcript.parse(
                                                            "injected.txt",
                                                            """
                                                            # The server must not speak on.
                                                            C: STARTTLS
                                                            S: 220 {any}
                                                            TLS
                                                            """),
                                                    pace))
                    .isInstanceOf(Mismatch.class)
                    .hasMessageContaining("injected.txt:4 ")
                    .hasMessageContaining("TLS failed");
        }
    }

    @Test
    void aDoorThatIsNotKnownOrClosedIsNamed() throws Exception {
        assertThatThrownBy(() -> play(Pace.TURN_BY_TURN, "# Door.\nCONNECT imap\nS: 220 {any}"))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("test.txt:2 ")
                .hasMessageContaining("no door is known by the name imap");
        assertThatThrownBy(
                        () ->
                                player().door("smtp", server.address())
                                        .play(
                                                Transcript.parse(
                                                        "door.txt",
                                                        "# Door.\n# on: smpt\nS: 220 {any}"),
                                                Pace.TURN_BY_TURN))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("no door is known by the name smpt");

        InetSocketAddress closed;
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = (InetSocketAddress) listener.getLocalSocketAddress();
        }
        assertThatThrownBy(() -> play(Pace.TURN_BY_TURN, "# Door.\nCONNECT " + closed.getPort()))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("no connection to");
    }

    @Test
    void aPortMayComeFromAnAnswer() throws Exception {
        try (ScriptedServer second = new ScriptedServer(peer -> peer.say("data"))) {
            play(
                    Pace.ALL_AT_ONCE,
                    """
                    # A port that the server names.
                    S: 220 {any}
                    C: ECHO port %d
                    S: port {=port}
                    CONNECT2 {port}
                    S2: data
                    EOF2
                    """
                            .formatted(second.address().getPort()));
        }
    }

    @Test
    void aServerOfItsOwnIsClosedAfterwards() {
        AtomicInteger closed = new AtomicInteger();
        Player player = player().closing(closed::incrementAndGet);
        player.play(Transcript.parse("a.txt", "# A.\nS: 220 {any}"), Pace.TURN_BY_TURN);
        assertThat(closed).hasValue(1);

        assertThatThrownBy(
                        () ->
                                player.play(
                                        Transcript.parse("b.txt", "# B.\nS: 221"),
                                        Pace.TURN_BY_TURN))
                .isInstanceOf(Mismatch.class);
        assertThat(closed).hasValue(2);
    }
}
