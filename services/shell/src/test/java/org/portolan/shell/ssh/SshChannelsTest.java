package org.portolan.shell.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.shell.ShellSite;
import org.portolan.testkit.RawClient;

/** How channels begin and end, whatever a client does, and what becomes of silent peers. */
class SshChannelsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private static Path root;

    private static ShellSite site;
    private static SshClient client;

    @BeforeAll
    static void open() throws Exception {
        site = ShellSite.in(root.resolve("usual"));
        client = client();
    }

    private static SshClient client() {
        SshClient made = SshClient.setUpDefaultClient();
        made.setServerKeyVerifier((session, address, key) -> true);
        made.setKeyIdentityProvider(session -> List.of());
        made.start();
        return made;
    }

    @AfterAll
    static void close() throws Exception {
        client.close();
        site.close();
    }

    private static ClientSession loggedIn(SshClient with, ShellSite at) throws Exception {
        ClientSession session = with.connect("ada", at.door("ssh")).verify(LONG).getSession();
        session.addPasswordIdentity(ShellSite.PASSWORD);
        session.auth().verify(LONG);
        return session;
    }

    /** As PuTTY: it ends its side at once, and closes when it hears the other's end. */
    private static final class Hasty extends ChannelExec {
        private final List<String> heard = new CopyOnWriteArrayList<>();

        Hasty(String line) {
            super(line, null, java.util.Map.of());
        }

        @Override
        public void handleEof() throws IOException {
            heard.add("end after " + getExitStatus());
            super.handleEof();
            close(false);
        }

        @Override
        public void handleClose() throws IOException {
            heard.add("close");
            super.handleClose();
        }
    }

    @RepeatedTest(20)
    void aStatusComesBeforeTheEnd() throws Exception {
        try (ClientSession session = loggedIn(client, site)) {
            Hasty channel = new Hasty("nonsense");
            channel.setIn(java.io.InputStream.nullInputStream());
            channel.setOut(new java.io.ByteArrayOutputStream());
            channel.setErr(new java.io.ByteArrayOutputStream());
            session.getService(ConnectionService.class).registerChannel(channel);
            channel.open().verify(LONG);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), LONG);
            assertThat(channel.heard).startsWith("end after 2");
        }
    }

    @Test
    void oneChannelTooManyIsDeclinedAndTheSessionGoesOn() throws Exception {
        try (ClientSession session = loggedIn(client, site)) {
            List<ChannelExec> many = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                ChannelExec channel = session.createExecChannel("ask");
                channel.open().verify(LONG);
                many.add(channel);
            }
            ChannelExec tooMany = session.createExecChannel("ask");
            assertThatThrownBy(() -> tooMany.open().verify(LONG))
                    .hasMessageContaining("32 open already");
            many.getFirst().close(false); // which tells the server
            ShellSite.await()
                    .ignoreExceptions()
                    .until(
                            () -> {
                                ChannelExec again = session.createExecChannel("echo in");
                                return again.open().verify(LONG).isOpened();
                            });
        }
        site.quiet();
    }

    /** The verb waits for room, and holds up nobody else. */
    @Test
    void whoOpensAWindowAndNeverReadsHoldsUpNobody() throws Exception {
        try (SshClient narrow = client()) {
            CoreModuleProperties.WINDOW_SIZE.set(narrow, 1024L);
            try (ClientSession deaf = loggedIn(narrow, site);
                    ClientSession session = loggedIn(client, site)) {
                ChannelExec stuck = deaf.createExecChannel("many");
                stuck.setStreaming(org.apache.sshd.common.channel.StreamingChannel.Streaming.Async);
                stuck.open().verify(LONG);
                Hasty other = new Hasty("many");
                other.setIn(java.io.InputStream.nullInputStream());
                java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
                other.setOut(out);
                other.setErr(out);
                session.getService(ConnectionService.class).registerChannel(other);
                other.open().verify(LONG);
                other.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), LONG);
                assertThat(out.toString(StandardCharsets.UTF_8)).hasLineCount(1000);
                assertThat(stuck.isOpen()).isTrue();
            }
        }
        site.quiet();
    }

    // ---- silent peers

    @Test
    void aPeerThatAnswersIsKeptUntilItIsIdleForTooLong() throws Exception {
        ShellSite.Changed changed =
                new ShellSite.Changed(Duration.ofSeconds(2), Duration.ofMillis(50), List.of());
        List<String> questions = new CopyOnWriteArrayList<>();
        try (SshClient answering = client();
                ShellSite asking = ShellSite.in(root.resolve("asking"), changed)) {
            answering.setGlobalRequestHandlers(
                    List.of(
                            (service, request, wantsReply, buffer) -> {
                                questions.add(request);
                                return RequestHandler.Result.Unsupported;
                            }));
            try (ClientSession session = loggedIn(answering, asking)) {
                ShellSite.await().until(() -> questions.size() > 10 || !session.isOpen());
                assertThat(session.isOpen()).isTrue();
                asking.quiet();
            }
        }
    }

    @Test
    void aPeerThatDoesNotAnswerIsGivenUp() throws Exception {
        ShellSite.Changed changed =
                new ShellSite.Changed(Duration.ofHours(1), Duration.ofMillis(50), List.of());
        try (ShellSite asking = ShellSite.in(root.resolve("silent"), changed);
                ClientSession session = loggedIn(client, asking)) {
            IoSession socket = ((AbstractSession) session).getIoSession();
            socket.suspendRead();
            asking.quiet();
        }
    }

    // ---- what is said in the clear

    private static byte[] packet(byte[] payload) {
        int padding = 8 - (payload.length + 5) % 8 + 8;
        return ByteBuffer.allocate(5 + payload.length + padding)
                .putInt(1 + payload.length + padding)
                .put((byte) padding)
                .put(payload)
                .array();
    }

    private static byte[] kexInit(String kex) {
        ByteBuffer payload = ByteBuffer.allocate(1000).put((byte) 20).put(new byte[16]);
        for (String list :
                List.of(
                        kex,
                        "ssh-ed25519",
                        "aes128-ctr",
                        "aes128-ctr",
                        "hmac-sha2-256",
                        "hmac-sha2-256",
                        "none",
                        "none",
                        "",
                        "")) {
            payload.putInt(list.length()).put(list.getBytes(StandardCharsets.US_ASCII));
        }
        payload.put((byte) 0).putInt(0);
        return java.util.Arrays.copyOf(payload.array(), payload.position());
    }

    /**
     * CVE-2023-48795, Terrapin: between strict ends nothing may come that the key exchange does not
     * know; between others it may, which shows that this is what ends it.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", ",kex-strict-c-v00@openssh.com"})
    void nothingIsSlippedIntoAStrictKeyExchange(String strict) throws Exception {
        String heard;
        try (RawClient raw = site.connect("ssh")) {
            raw.sendLine("SSH-2.0-rogue");
            raw.send(packet(kexInit("curve25519-sha256" + strict)));
            raw.send(packet(new byte[] {2, 0, 0, 0, 0})); // SSH_MSG_IGNORE
            byte[] point = new byte[37];
            point[0] = 30; // SSH_MSG_KEX_ECDH_INIT
            point[4] = 32;
            point[5] = 9; // the base point of the curve
            raw.send(packet(point));
            raw.halfClose();
            heard = toEnd(raw);
        }
        assertThat(heard.contains("\u0000\u0000\u0000\u000bssh-ed25519\u0000\u0000\u0000"))
                .isEqualTo(strict.isEmpty());
        site.quiet();
    }

    /** Whatever comes first, the conversation ends, nobody is in, and the next one is served. */
    @Test
    void anyFirstBytesAreAnEndOrABeginning() throws Exception {
        java.util.Random random = new java.util.Random(20261128);
        byte[] init = packet(kexInit("curve25519-sha256"));
        byte[] version = "SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 150; round++) {
            byte[] said =
                    ByteBuffer.allocate(version.length + 2 * init.length)
                            .put(version)
                            .put(init)
                            .put(init)
                            .array();
            for (int flips = random.nextInt(12); flips >= 0; flips--) {
                said[random.nextInt(said.length)] = (byte) random.nextInt(256);
            }
            try (RawClient raw = site.connect("ssh")) {
                raw.send(java.util.Arrays.copyOf(said, random.nextInt(said.length + 1)));
                raw.halfClose();
                assertThat(toEnd(raw)).doesNotContain("ssh-userauth");
            } catch (IOException reset) {
                // that is an end as well
            }
        }
        site.quiet();
        try (ClientSession session = loggedIn(client, site)) {
            assertThat(session.isAuthenticated()).isTrue();
        }
    }

    private static String toEnd(RawClient raw) {
        try {
            return new String(raw.readToEnd(), StandardCharsets.ISO_8859_1);
        } catch (IOException reset) {
            return "";
        }
    }

    private static void openSession(ClientSession session) throws IOException {
        Buffer open = session.createBuffer((byte) 90); // SSH_MSG_CHANNEL_OPEN
        open.putString("session");
        open.putUInt(0);
        open.putUInt(1000);
        open.putUInt(1000);
        session.writePacket(open);
    }

    /** Only the log-in opens the way to channels. */
    @Test
    void thereIsNoChannelBeforeTheLogIn() throws Exception {
        try (ClientSession session =
                client.connect("ada", site.door("ssh")).verify(LONG).getSession()) {
            session.waitFor(EnumSet.of(ClientSession.ClientSessionEvent.WAIT_AUTH), LONG);
            openSession(session);
            session.waitFor(EnumSet.of(ClientSession.ClientSessionEvent.CLOSED), LONG);
            assertThat(session.isOpen()).isFalse();
        }
        site.quiet();
    }

    /** CVE-2018-10933: the server's word that somebody is in means nothing from a client. */
    @Test
    void aClientCannotSayThatItIsIn() throws Exception {
        try (ClientSession session =
                client.connect("ada", site.door("ssh")).verify(LONG).getSession()) {
            session.waitFor(EnumSet.of(ClientSession.ClientSessionEvent.WAIT_AUTH), LONG);
            session.writePacket(session.createBuffer((byte) 52)); // SSH_MSG_USERAUTH_SUCCESS
            openSession(session);
            session.waitFor(EnumSet.of(ClientSession.ClientSessionEvent.CLOSED), LONG);
            assertThat(site.kernel().sockets().open())
                    .allSatisfy(each -> assertThat(each.account()).isEmpty());
        }
        site.quiet();
    }
}
