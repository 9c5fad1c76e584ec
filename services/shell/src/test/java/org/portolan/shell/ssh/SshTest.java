package org.portolan.shell.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.shell.ShellSite;
import org.portolan.stores.Events;
import org.portolan.stores.SshPublicKey;
import org.portolan.testkit.Player;
import org.portolan.testkit.RawClient;
import org.portolan.testkit.Transcripts;

/** What is said in the clear, as dialogues; what comes after, with the library's client. */
class SshTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private static Path root;

    private static ShellSite site;
    private static SshClient client;

    @BeforeAll
    static void open() throws Exception {
        site = ShellSite.in(root);
        client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier((session, address, key) -> true);
        client.setKeyIdentityProvider(session -> java.util.List.of());
        client.start();
    }

    @AfterAll
    static void close() throws Exception {
        client.close();
        site.close();
    }

    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Transcripts.tests(SshTest.class, "", SshTest::player);
    }

    private static Player player() {
        return site.quiet().player("ssh");
    }

    private static ClientSession connect(String login) throws Exception {
        return client.connect(login, site.door("ssh")).verify(LONG).getSession();
    }

    private static ClientSession loggedIn() throws Exception {
        ClientSession session = connect("ada");
        session.addPasswordIdentity(ShellSite.PASSWORD);
        session.auth().verify(LONG);
        return session;
    }

    private record Answer(String out, String err, Integer status) {}

    private static Answer execute(ClientSession session, String line, InputStream in)
            throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ChannelExec channel = session.createExecChannel(line)) {
            channel.setIn(in);
            channel.setOut(out);
            channel.setErr(err);
            channel.open().verify(LONG);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), LONG);
            return new Answer(
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8),
                    channel.getExitStatus());
        }
    }

    @Test
    void aCommandHasItsAnswerAndItsStatus() throws Exception {
        try (ClientSession session = loggedIn()) {
            assertThat(execute(session, "echo 'grüße  aus' köln", InputStream.nullInputStream()))
                    .isEqualTo(new Answer("grüße  aus köln\n", "", 0));
            assertThat(execute(session, "$(reboot); `id` | sh", InputStream.nullInputStream()))
                    .isEqualTo(new Answer("", "no such verb\n", 2));
            assertThat(execute(session, "many", InputStream.nullInputStream()).out())
                    .hasLineCount(1000);
        }
    }

    @Test
    void aPipeAnswersWhatIsAsked() throws Exception {
        try (ClientSession session = loggedIn()) {
            InputStream in = new java.io.ByteArrayInputStream("word\nmore\n".getBytes());
            assertThat(execute(session, "ask", in)).isEqualTo(new Answer("[word]\n", "", 0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "EC", "RSA"})
    void aKeyLogsInOnceItIsTheAccounts(String kind) throws Exception {
        KeyPair pair =
                switch (kind) {
                    case "EC" -> KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
                    case "RSA" -> KeyUtils.generateKeyPair("ssh-rsa", 2048);
                    default -> KeyUtils.generateKeyPair("ssh-ed25519", 256);
                };
        try (ClientSession session = connect("ada")) {
            session.addPublicKeyIdentity(pair);
            assertThatThrownBy(() -> session.auth().verify(LONG)).hasMessageContaining("No more");
        }
        SshPublicKey key = SshPublicKey.parse(PublicKeyEntry.toString(pair.getPublic()));
        site.accounts().keys().add(site.ada(), key);
        try (ClientSession session = connect("ada")) {
            session.addPublicKeyIdentity(pair);
            session.auth().verify(LONG);
            assertThat(execute(session, "echo in", InputStream.nullInputStream()).out())
                    .isEqualTo("in\n");
        }
        site.accounts().keys().remove(site.ada(), key.fingerprint());
        try (ClientSession session = connect("ada")) {
            session.addPublicKeyIdentity(pair);
            assertThatThrownBy(() -> session.auth().verify(LONG)).hasMessageContaining("No more");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "nobody", "\u001b[2Jada"})
    void aWrongPasswordIsNotedAndRefused(String login) throws Exception {
        try (ClientSession session = connect(login)) {
            session.addPasswordIdentity("guessed1234");
            assertThatThrownBy(() -> session.auth().verify(LONG)).hasMessageContaining("No more");
        }
        ShellSite.await()
                .until(
                        () ->
                                site.events().latest(50).stream()
                                        .anyMatch(
                                                e ->
                                                        e.kind() == Events.Kind.LOGIN_FAILED
                                                                && e.account().equals(login)));
    }

    @Test
    void theTableOfSocketsKnowsWhoItIs() throws Exception {
        site.quiet();
        try (ClientSession session = loggedIn()) {
            assertThat(session.isAuthenticated()).isTrue();
            assertThat(site.kernel().sockets().open())
                    .singleElement()
                    .satisfies(connection -> assertThat(connection.account()).isEqualTo("ada"));
        }
        site.quiet();
    }

    /** CVE-2018-10933: a client that says what only a server may say. */
    @ParameterizedTest
    @ValueSource(ints = {52, 80, 90, 91, 94, 98})
    void whoHasNoKeysYetGetsNothing(int message) throws Exception {
        try (RawClient raw = site.connect("ssh")) {
            raw.sendLine("SSH-2.0-rogue");
            byte[] packet = new byte[16];
            packet[3] = 12; // packet_length
            packet[4] = 10; // padding_length
            packet[5] = (byte) message;
            raw.send(packet);
            raw.halfClose();
            untilHungUp(raw);
        }
        site.quiet();
    }

    @Test
    void aLengthThatLiesEndsTheConversation() throws Exception {
        for (int length : new int[] {-1, Integer.MAX_VALUE, 1 << 20, 0, 3}) {
            try (RawClient raw = site.connect("ssh")) {
                raw.sendLine("SSH-2.0-rogue");
                raw.send(java.nio.ByteBuffer.allocate(64).putInt(length).array());
                raw.halfClose();
                untilHungUp(raw);
            }
        }
        site.quiet();
    }

    @Test
    void aVersionWithoutEndEndsTheConversation() throws Exception {
        try (RawClient raw = site.connect("ssh")) {
            try {
                raw.send("x".repeat(100_000).getBytes());
            } catch (IOException reset) {
                // that is an end as well
            }
            untilHungUp(raw);
        }
        site.quiet();
    }

    private static void untilHungUp(RawClient raw) {
        try {
            String heard = new String(raw.readToEnd(), StandardCharsets.ISO_8859_1);
            assertThat(heard).startsWith("SSH-2.0-Portolan").doesNotContain("ssh-userauth");
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }
}
