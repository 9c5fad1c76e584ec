package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS at once and by upgrade, against the JDK's own client and against bytes by hand. */
class TlsTest {
    private static final int TLS_ALERT = 21;
    private static final int PROTOCOL_VERSION = 70; // RFC 8446 §6

    /** Echoes lines; "tls" upgrades; "up n" and "down n" move a body of n bytes. */
    private static final class Talk implements Conversation {
        @Override
        public void converse(Connection client) throws IOException {
            while (true) {
                String[] words = client.readLine().split(" ");
                switch (words[0]) {
                    case "tls" -> upgrade(client);
                    case "state" -> client.writeLine(client.tls().toString());
                    case "binding" ->
                            client.writeLine(
                                    client.channelBinding()
                                            .map(HexFormat.of()::formatHex)
                                            .orElse("none"));
                    case "up" -> {
                        byte[] body = client.readBytes(Integer.parseInt(words[1]));
                        client.writeLine(Integer.toString(Arrays.hashCode(body)));
                    }
                    case "down" -> {
                        byte[] body = Pattern.bytes(Integer.parseInt(words[1]));
                        client.out().write(body);
                    }
                    case "quit" -> {
                        client.writeLine("good bye");
                        return;
                    }
                    default -> client.writeLine("=" + String.join(" ", words));
                }
            }
        }

        private static void upgrade(Connection client) throws IOException {
            try {
                client.startTls("go ahead");
            } catch (MalformedLine e) {
                client.writeLine("!" + e.fault());
            }
        }

        @Override
        public Optional<String> farewell(Hangup.Reason reason) {
            return Optional.of("bye: " + reason.words());
        }
    }

    private static TestSite site(Tls tls) {
        return TestSite.serving(tls, new Talk());
    }

    private static TestPeer secured(TestSite site, String... versions) throws IOException {
        return site.connect().secure(site.certificates.trust(), "", versions);
    }

    /** RFC 9266 §2: what both ends know of this session, and nobody between them. */
    @Test
    void bothEndsKnowWhatALoginIsBoundTo() throws Exception {
        Set<String> seen = new HashSet<>();
        try (TestSite site = site(Tls.UPGRADE)) {
            for (int i = 0; i < 3; i++) {
                try (TestPeer peer = site.connect()) {
                    peer.send("binding\r\n");
                    assertThat(peer.line()).isEqualTo("none"); // in the clear
                    peer.send("tls\r\n");
                    assertThat(peer.line()).isEqualTo("go ahead");
                    peer.secure(site.certificates.trust(), "", "TLSv1.3");
                    ExtendedSSLSession session = (ExtendedSSLSession) peer.tls().getSession();
                    byte[] ours =
                            session.exportKeyingMaterialData(
                                    "EXPORTER-Channel-Binding", new byte[0], 32);
                    peer.send("binding\r\n");
                    String theirs = peer.line();
                    assertThat(theirs).isEqualTo(HexFormat.of().formatHex(ours));
                    assertThat(seen.add(theirs)).as("another session, another binding").isTrue();
                }
            }
        }
    }

    @Test
    void thereIsNothingToBindToInTls12() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer peer = secured(site, "TLSv1.2")) {
            peer.send("binding\r\n");
            assertThat(peer.line()).isEqualTo("none"); // RFC 9266 §3
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothVersionsAtOnceAndByUpgrade(String version) throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer peer = secured(site, version)) {
            peer.send("state\r\nquit\r\n");
            assertThat(peer.line()).contains(version).containsAnyOf("GCM", "CHACHA20");
            assertThat(peer.rest()).isEqualTo("good bye\r\n"); // ends with close_notify
            site.awaitEmpty();
            assertThat(site.counted("portolan_tls_handshakes", version)).isEqualTo(1);
            assertThat(site.counted("portolan_hangups")).isZero();
        }
        try (TestSite site = site(Tls.UPGRADE);
                TestPeer peer = site.connect()) {
            peer.send("state\r\n");
            assertThat(peer.line()).isEqualTo("Optional.empty");
            peer.send("tls\r\n");
            assertThat(peer.line()).isEqualTo("go ahead");
            peer.secure(site.certificates.trust(), "", version);
            peer.send("state\r\n");
            assertThat(peer.line()).contains(version);
        }
    }

    @Test
    void theOldVersionIsRefusedWithItsAlert() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer peer = site.connect()) {
            peer.send(clientHello(0x0302)); // TLS 1.1
            byte[] alert = peer.bytes(7);
            assertThat(alert[0]).isEqualTo((byte) TLS_ALERT);
            assertThat(alert[6]).isEqualTo((byte) PROTOCOL_VERSION);
            assertThat(peer.restHoweverItEnds()).isEmpty();
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.TLS_FAILED)).isEqualTo(1);
        }
    }

    /** A ClientHello as RFC 5246 §7.4.1.2 draws it, with the suites of its time. */
    private static byte[] clientHello(int version) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(version);
        out.write(new byte[32]); // random
        out.writeByte(0); // no session
        out.writeShort(8);
        out.writeShort(0xc009); // ECDHE_ECDSA_WITH_AES_128_CBC_SHA
        out.writeShort(0xc00a);
        out.writeShort(0xc013); // ECDHE_RSA_WITH_AES_128_CBC_SHA
        out.writeShort(0x002f); // RSA_WITH_AES_128_CBC_SHA
        out.writeByte(1);
        out.writeByte(0); // no compression
        byte[] body = bytes.toByteArray();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        DataOutputStream record = new DataOutputStream(whole);
        record.writeByte(22);
        record.writeShort(0x0301);
        record.writeShort(body.length + 4);
        record.writeByte(1);
        record.writeByte(0);
        record.writeShort(body.length);
        record.write(body);
        return whole.toByteArray();
    }

    @Test
    void suitesWithoutForwardSecrecyOrAuthenticatedEncryptionAreRefused() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer peer = site.connect()) {
            peer.send(clientHello(0x0303)); // TLS 1.2, but none of our suites
            assertThat(peer.bytes(7)[0]).isEqualTo((byte) TLS_ALERT);
        }
    }

    @Test
    void clearTextBehindTheRequestForTlsIsRefused() throws Exception {
        try (TestSite site = site(Tls.UPGRADE);
                TestPeer peer = site.connect()) {
            peer.send("tls\r\nslipped in\r\n");
            assertThat(peer.line()).isEqualTo("!TEXT_BEFORE_TLS"); // and no go-ahead
            peer.send("in the clear\r\ntls\r\n"); // what was slipped in is gone
            assertThat(peer.line()).isEqualTo("=in the clear");
            assertThat(peer.line()).isEqualTo("go ahead");
            peer.secure(site.certificates.trust(), "");
            peer.send("safe\r\n");
            assertThat(peer.line()).isEqualTo("=safe");
        }
    }

    @Test
    void clearTextInsteadOfTheHandshakeIsNotRead() throws Exception {
        try (TestSite site = site(Tls.UPGRADE);
                TestPeer peer = site.connect()) {
            peer.send("tls\r\n");
            assertThat(peer.line()).isEqualTo("go ahead");
            peer.send("slipped in\r\nand more of it than a record's head\r\n");
            String heard = new String(peer.restHoweverItEnds());
            assertThat(heard).doesNotContain("slipped").doesNotContain("bye");
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.TLS_FAILED)).isEqualTo(1);
        }
    }

    @Test
    void theNameThatWasAskedForChoosesTheCertificate() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE)) {
            site.certificates.renew("mail.portolan.test", "EC");
            site.certificates.renew("old.portolan.test", "RSA");
            for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
                assertThat(shown(site, "mail.portolan.test", version))
                        .isEqualTo("CN=mail.portolan.test");
                assertThat(shown(site, "old.portolan.test", version))
                        .isEqualTo("CN=old.portolan.test");
                assertThat(shown(site, "portolan.test", version)).isEqualTo("CN=portolan.test");
                assertThat(shown(site, "nobody.test", version)).isEqualTo("CN=portolan.test");
                assertThat(shown(site, "", version)).isEqualTo("CN=portolan.test");
            }
        }
    }

    private static String shown(TestSite site, String asked, String version) throws IOException {
        try (TestPeer peer = site.connect()) {
            peer.secure(site.certificates.trust(), asked, version);
            peer.send("hello\r\n");
            assertThat(peer.line()).isEqualTo("=hello");
            return certificate(peer).getSubjectX500Principal().getName();
        }
    }

    private static X509Certificate certificate(TestPeer peer) throws IOException {
        SSLSession session = peer.tls().getSession();
        return (X509Certificate) session.getPeerCertificates()[0];
    }

    @Test
    void everyKindOfKeyWorks() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE)) {
            for (String algorithm : new String[] {"EC", "RSA", "Ed25519"}) {
                site.certificates.renew("portolan.test", algorithm);
                for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
                    assertThat(shown(site, "", version)).isEqualTo("CN=portolan.test");
                }
            }
        }
    }

    @Test
    void aNewCertificateCountsForTheNextHandshake() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer before = secured(site)) {
            X509Certificate old = site.certificates.certificate("portolan.test");
            assertThat(certificate(before)).isEqualTo(old);
            site.certificates.renew("portolan.test", "EC");
            X509Certificate renewed = site.certificates.certificate("portolan.test");
            try (TestPeer after = secured(site)) {
                assertThat(certificate(after)).isEqualTo(renewed).isNotEqualTo(old);
            }
            before.send("undisturbed\r\n");
            assertThat(before.line()).isEqualTo("=undisturbed");
        }
    }

    @Test
    void aRenegotiationIsRefused() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer peer = secured(site, "TLSv1.2")) {
            peer.send("before\r\n");
            assertThat(peer.line()).isEqualTo("=before");
            assertThatThrownBy(
                            () -> {
                                peer.tls().startHandshake();
                                peer.send("after\r\n");
                                peer.line();
                            })
                    .isInstanceOf(IOException.class);
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.TLS_FAILED)).isEqualTo(1);
        }
    }

    @Test
    void newKeysInTheMiddleAreTaken() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer peer = secured(site, "TLSv1.3")) {
            for (int i = 0; i < 20; i++) {
                peer.send("round " + i + "\r\n");
                assertThat(peer.line()).isEqualTo("=round " + i);
                peer.tls().startHandshake(); // RFC 8446 §4.6.3: a key update, in both directions
            }
            byte[] body = Pattern.bytes(300_000);
            peer.send("down 300000\r\nquit\r\n");
            assertThat(peer.bytes(300_000)).isEqualTo(body);
            assertThat(peer.rest()).isEqualTo("good bye\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void largeTransfersArriveAsTheyAre(String version) throws Exception {
        int[] sizes = {1, 16_383, 16_384, 16_385, 33_418, 100_000, 5_000_000};
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer peer = secured(site, version)) {
            for (int size : sizes) {
                byte[] body = Pattern.bytes(size);
                peer.send("up " + size + "\r\n").send(body).send("between\r\n");
                assertThat(peer.line()).isEqualTo(Integer.toString(Arrays.hashCode(body)));
                assertThat(peer.line()).isEqualTo("=between");
                peer.send("down " + size + "\r\n");
                assertThat(Arrays.equals(peer.bytes(size), body)).isTrue();
            }
        }
    }

    @Test
    void bothDirectionsAtOnce() throws Exception {
        int size = 3_000_000;
        byte[] body = Pattern.bytes(size);
        Conversation crossing =
                client -> {
                    CompletableFuture<byte[]> read = new CompletableFuture<>();
                    Thread writer =
                            Thread.startVirtualThread(
                                    () -> {
                                        try {
                                            client.out().write(body);
                                            client.flush();
                                        } catch (IOException e) {
                                            read.completeExceptionally(e);
                                        }
                                    });
                    read.complete(client.readBytes(size));
                    try {
                        writer.join();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    client.writeLine(Integer.toString(Arrays.hashCode(read.join())));
                };
        try (TestSite site = TestSite.serving(Tls.AT_ONCE, crossing);
                TestPeer peer = secured(site)) {
            CompletableFuture<Void> sent =
                    CompletableFuture.runAsync(
                            () -> {
                                try {
                                    peer.send(body);
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            });
            assertThat(Arrays.equals(peer.bytes(size), body)).isTrue();
            sent.join();
            assertThat(peer.line()).isEqualTo(Integer.toString(Arrays.hashCode(body)));
        }
    }

    @Test
    void oneRecordMayHoldManyLinesAndALineManyRecords() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer peer = secured(site)) {
            peer.send("one\r\ntwo\r\nthr");
            assertThat(peer.line()).isEqualTo("=one");
            assertThat(peer.line()).isEqualTo("=two");
            peer.sendByteByByte("ee\r");
            peer.send("\n");
            assertThat(peer.line()).isEqualTo("=three");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aHalfClosedPeerGetsItsReplies(String version) throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer peer = secured(site, version)) {
            peer.send("one\r\nquit\r\n");
            if (version.equals("TLSv1.3")) { // 1.2 knows no half close: RFC 5246 §7.2.1
                peer.halfClose();
            }
            assertThat(peer.rest()).isEqualTo("=one\r\ngood bye\r\n");
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.OUR_FAULT)).isZero();
        }
    }

    @Test
    void aPeerThatClosesIsGone() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE)) {
            for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
                TestPeer peer = secured(site, version);
                peer.send("hello\r\n");
                peer.line();
                peer.close(); // close_notify: RFC 8446 §6.1
            }
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.PEER_GONE)).isEqualTo(2);
        }
    }

    @Test
    void rubbishInsteadOfAHandshakeCostsOnlyItself() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer bystander = secured(site)) {
            byte[] largeRecord = new byte[40_000];
            largeRecord[0] = 22;
            largeRecord[1] = 3;
            largeRecord[2] = 1;
            largeRecord[3] = (byte) 0xff; // 65,535 bytes are to come: more than RFC 8446 §5.1 lets
            largeRecord[4] = (byte) 0xff;
            byte[][] rubbish = {
                "EHLO client.example\r\nAUTH PLAIN AGFkYQBhZGE=\r\n".getBytes(),
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(),
                new byte[1000],
                Pattern.bytes(1000),
                {22, 3, 1, 0, 4, 99, 0, 0, 0}, // no such handshake message
                {23, 3, 3, 0, 1, 0}, // data before the handshake
                {21, 3, 3, 0, 2, 2, 80}, // an alert to begin with
                largeRecord,
            };
            for (byte[] bytes : rubbish) {
                try (TestPeer peer = site.connect()) {
                    peer.send(bytes);
                    peer.halfClose();
                    assertThat(new String(peer.restHoweverItEnds())).doesNotContain("bye");
                }
            }
            bystander.send("still here\r\n");
            assertThat(bystander.line()).isEqualTo("=still here");
            bystander.close();
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.OUR_FAULT)).isZero();
        }
    }

    @Test
    void rubbishInsideASessionEndsIt() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer plain = site.connect()) {
            TestPeer peer = plain.secure(site.certificates.trust(), "");
            peer.send("hello\r\n");
            peer.line();
            plain.underneath().getOutputStream().write(new byte[] {23, 3, 3, 0, 20});
            plain.underneath().getOutputStream().write(new byte[20]); // no valid seal
            assertThat(new String(peer.restHoweverItEnds())).isEmpty();
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.TLS_FAILED)).isEqualTo(1);
        }
    }

    @Test
    void whoVanishesInTheHandshakeLeavesNothing() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE)) {
            for (int i = 0; i < 20; i++) {
                TestPeer peer = site.connect();
                if (i % 2 == 0) {
                    peer.send(Arrays.copyOf(clientHello(0x0303), 1 + 3 * i));
                }
                if (i % 3 == 0) {
                    peer.reset();
                } else {
                    peer.close();
                }
            }
            // An empty table may be one to which the last of them have not come yet.
            TestSite.await().until(() -> site.hungUp(Hangup.Reason.PEER_GONE) == 20);
            site.awaitEmpty();
        }
    }

    @Test
    void aClientThatDoesNotTrustUsIsNoFaultOfOurs() throws Exception {
        try (TestSite site = site(Tls.AT_ONCE);
                TestPeer peer = site.connect()) {
            assertThatThrownBy(() -> peer.secure(TestCertificates.of("else").trust(), ""))
                    .isInstanceOf(SSLException.class);
            peer.close();
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.OUR_FAULT)).isZero();
        }
    }
}
