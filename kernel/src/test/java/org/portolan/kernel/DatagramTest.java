package org.portolan.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Door.Reception;
import org.portolan.kernel.Ports.PortRange;

/** Datagrams from the network to the answer and back. */
class DatagramTest {
    private static final Answers ECHO = (request, replies) -> reply(request, replies, "");

    private static void reply(Datagram request, Outbox replies, String prefix) {
        byte[] begin = prefix.getBytes(UTF_8);
        System.arraycopy(begin, 0, replies.room(), 0, begin.length);
        System.arraycopy(request.bytes(), 0, replies.room(), begin.length, request.length());
        replies.reply(begin.length + request.length());
    }

    private static DatagramSocket client() throws IOException {
        DatagramSocket client =
                new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        client.setSoTimeout(20_000);
        return client;
    }

    private static void send(DatagramSocket from, InetSocketAddress to, String text)
            throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static String next(DatagramSocket at) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        at.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    }

    private static String text(Datagram request) {
        return new String(request.bytes(), 0, request.length(), UTF_8);
    }

    @Test
    void aRequestIsAnsweredCountedAndItsSenderStandsInTheTable() throws Exception {
        try (TestSite site = TestSite.answering(ECHO);
                DatagramSocket peer = client()) {
            send(peer, site.door(), "hello");
            assertThat(next(peer)).isEqualTo("hello");
            send(peer, site.door(), "again");
            assertThat(next(peer)).isEqualTo("again");
            TestSite.await().until(() -> site.counted("portolan_datagrams", "out") == 2);
            assertThat(site.counted("portolan_datagrams", "test", "7", "in")).isEqualTo(2);
            assertThat(site.counted("portolan_bytes", "test", "in")).isEqualTo(10);
            assertThat(site.counted("portolan_bytes", "test", "out")).isEqualTo(10);
            assertThat(site.kernel.sockets().peers())
                    .singleElement()
                    .satisfies(
                            row -> {
                                assertThat(row.service()).isEqualTo("test");
                                assertThat(row.port().number()).isEqualTo(7);
                                assertThat(row.peer().address().isLoopbackAddress()).isTrue();
                                assertThat(row.peer().port()).isEqualTo(peer.getLocalPort());
                                assertThat(row.in()).isEqualTo(2);
                                assertThat(row.out()).isEqualTo(2);
                                assertThat(row.bytesIn()).isEqualTo(10);
                                assertThat(row.bytesOut()).isEqualTo(10);
                                assertThat(row.last()).isEqualTo(site.clock.instant());
                            });
            assertThat(site.kernel.sockets().overflown()).isZero();
        }
    }

    @Test
    void whoIsNotAdmittedHearsNothingUntilTheSettingsChange() throws Exception {
        TestSite site = new TestSite().with("test", Reception.upTo(512), ECHO);
        site.admitting((service, port, transport, from) -> Verdict.REFUSED);
        try (site;
                DatagramSocket peer = client()) {
            site.open();
            send(peer, site.door(), "not yet");
            TestSite.await()
                    .until(() -> site.counted("portolan_datagrams_lost", "not_admitted") == 1);
            site.kernel.configure(site.kernel.settings(), Admission.EVERYBODY);
            send(peer, site.door(), "now");
            assertThat(next(peer)).isEqualTo("now");
        }
    }

    @Test
    void whatIsTooLongIsDroppedAndCounted() throws Exception {
        try (TestSite site = TestSite.answering(ECHO);
                DatagramSocket peer = client()) {
            send(peer, site.door(), "x".repeat(513));
            send(peer, site.door(), "x".repeat(512));
            assertThat(next(peer)).hasSize(512);
            TestSite.await().until(() -> site.counted("portolan_datagrams_lost", "too_long") == 1);
        }
    }

    @Test
    void anAnswerThatBreaksCostsNobodyElseTheirs() throws Exception {
        Answers picky =
                (request, replies) -> {
                    if (text(request).equals("bad")) {
                        throw new IllegalStateException("as this test wants it");
                    }
                    reply(request, replies, "");
                };
        try (TestSite site = TestSite.answering(picky);
                DatagramSocket peer = client()) {
            for (int i = 0; i < 10; i++) {
                send(peer, site.door(), "bad");
                send(peer, site.door(), "good");
                assertThat(next(peer)).isEqualTo("good");
            }
            TestSite.await()
                    .until(() -> site.counted("portolan_datagrams_lost", "our_fault") == 10);
        }
    }

    @Test
    void anAdmissionThatBreaksCostsOneDatagram() throws Exception {
        TestSite site = new TestSite().with("test", Reception.upTo(512), ECHO);
        site.admitting(
                (service, port, transport, from) -> {
                    throw new IllegalStateException("as this test wants it");
                });
        try (site;
                DatagramSocket peer = client()) {
            site.open();
            send(peer, site.door(), "one");
            TestSite.await().until(() -> site.counted("portolan_datagrams_lost", "our_fault") == 1);
            site.kernel.configure(site.kernel.settings(), Admission.EVERYBODY);
            send(peer, site.door(), "two");
            assertThat(next(peer)).isEqualTo("two");
        }
    }

    @Test
    void aLimitCountsWithinASecondButNotForTheHostItself() {
        Sources sources = new Sources();
        InetSocketAddress stranger = new InetSocketAddress("192.0.2.7", 4711);
        Sources.Source source = sources.of(Datagram.of(new byte[1], stranger, Instant.EPOCH), 0);
        assertThat(source.address()).isEqualTo(stranger.getAddress());
        for (int i = 0; i < 10; i++) {
            assertThat(source.withinLimit(10, 999_999_999)).isTrue();
        }
        assertThat(source.withinLimit(10, 999_999_999)).isFalse();
        assertThat(source.withinLimit(10, 1_000_000_000)).isTrue();
        InetSocketAddress again = new InetSocketAddress("192.0.2.7", 1);
        assertThat(sources.of(Datagram.of(new byte[1], again, Instant.EPOCH), 1)).isSameAs(source);
        for (String ours : List.of("127.0.0.1", "127.3.2.1", "::1")) {
            InetSocketAddress here = new InetSocketAddress(ours, 4711);
            Sources.Source self = sources.of(Datagram.of(new byte[1], here, Instant.EPOCH), 0);
            assertThat(self.address()).isEqualTo(here.getAddress());
            assertThat(self.withinLimit(0, 0)).as(ours).isTrue();
        }
    }

    @Test
    void aRuleMayAllowSoManyRequestsAMinuteAndSoManyBytesASecond() {
        Sources.Source source = source("192.0.2.7");
        Verdict few = new Verdict(true, new Allowance(0, 3, 0));
        for (int i = 0; i < 3; i++) {
            assertThat(source.withinAllowance(few, 1000, 0)).isTrue();
        }
        assertThat(source.withinAllowance(few, 1, 59_999_999_999L)).isFalse();
        assertThat(source.withinAllowance(few, 1, 60_000_000_000L)).isTrue();
        assertThat(few.over()).isEqualTo(1);

        Verdict slow = new Verdict(true, new Allowance(0, 0, 1000));
        Sources.Source other = source("192.0.2.8");
        assertThat(other.withinLimit(9, 0) && other.withinAllowance(slow, 1000, 0)).isTrue();
        assertThat(other.withinLimit(9, 0) && other.withinAllowance(slow, 1, 0)).isFalse();
        long later = 1_000_000_000L;
        assertThat(other.withinLimit(9, later) && other.withinAllowance(slow, 1, later)).isTrue();
    }

    private static Sources.Source source(String address) {
        InetSocketAddress peer = new InetSocketAddress(address, 4711);
        return new Sources().of(Datagram.of(new byte[1], peer, Instant.EPOCH), 0);
    }

    @Test
    void aFloodOfForgedSendersDoesNotGrowTheTable() throws Exception {
        Sources sources = new Sources();
        byte[] address = new byte[16];
        for (int i = 0; i < 100_000; i++) {
            address[0] = 0x20;
            address[5] = (byte) i;
            address[10] = (byte) (i >> 8);
            address[15] = (byte) (i >> 16);
            InetSocketAddress forged = new InetSocketAddress(InetAddress.getByAddress(address), 9);
            Sources.Source source = sources.of(Datagram.of(address, forged, Instant.EPOCH), i);
            source.lastSeen = i;
            assertThat(source.address()).isEqualTo(forged.getAddress());
        }
        assertThat(sources.list()).hasSizeBetween(3000, 4096);
    }

    @Test
    void aReplyMayWaitForAnotherThread() throws Exception {
        BlockingQueue<Outbox.Later> waiting = new LinkedBlockingQueue<>();
        try (TestSite site =
                        TestSite.answering((request, replies) -> waiting.add(replies.later()));
                DatagramSocket peer = client();
                DatagramSocket other = client()) {
            send(peer, site.door(), "first");
            Outbox.Later first = waiting.take();
            send(other, site.door(), "second");
            waiting.take().reply("to the second".getBytes(UTF_8));
            assertThat(next(other)).isEqualTo("to the second");
            first.reply("to the first".getBytes(UTF_8));
            assertThat(next(peer)).isEqualTo("to the first");
            assertThat(site.counted("portolan_datagrams", "out")).isEqualTo(2);
        }
    }

    @Test
    void aReloadLosesNoAnswer() throws Exception {
        try (TestSite site = TestSite.answering(ECHO);
                DatagramSocket peer = client()) {
            CompletableFuture<Void> reloads =
                    CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < 200; i++) {
                                    Answers next =
                                            (request, replies) -> reply(request, replies, "");
                                    Service changed =
                                            new TestSite.Answering(
                                                    "test", Reception.upTo(512), next);
                                    try {
                                        site.kernel.open(List.of(changed));
                                    } catch (IOException e) {
                                        throw new AssertionError(e);
                                    }
                                }
                            });
            int asked = 0;
            while (!reloads.isDone() || asked < 1000) {
                send(peer, site.door(), "number " + asked);
                assertThat(next(peer)).isEqualTo("number " + asked);
                asked++;
            }
            reloads.get();
            site.kernel.open(
                    List.of(
                            new TestSite.Answering(
                                    "test",
                                    Reception.upTo(512),
                                    (request, replies) -> reply(request, replies, "new "))));
            send(peer, site.door(), "words");
            assertThat(next(peer)).isEqualTo("new words");
            InetSocketAddress door = site.door();
            site.kernel.open(List.of());
            new DatagramSocket(door).close(); // the port is free again
        }
    }

    @Test
    void aPortThatAnotherHasIsNotShared() throws Exception {
        try (TestSite first = TestSite.answering(ECHO)) {
            InetSocketAddress door = first.door();
            KernelSettings same =
                    new KernelSettings(
                            List.of(door.getAddress()),
                            door.getPort() - 7,
                            1,
                            1,
                            1,
                            1,
                            Duration.ZERO,
                            Optional.empty(),
                            java.util.Set.of());
            try (Kernel second =
                    new Kernel(same, first.clock, Admission.EVERYBODY, first.certificates)) {
                Service late = new TestSite.Answering("test", Reception.upTo(512), ECHO);
                assertThat(second.open(List.of(late)).getFirst().problem().orElseThrow())
                        .isEqualTo("taken by java (process " + ProcessHandle.current().pid() + ")");
            }
        }
    }

    @Test
    void aTraceShowsBothSidesInTheLanguageOfTheTranscripts(@TempDir Path folder) throws Exception {
        BlockingQueue<Outbox.Later> waiting = new LinkedBlockingQueue<>();
        Answers both =
                (request, replies) -> {
                    waiting.add(replies.later());
                    reply(request, replies, "!");
                };
        TestSite site = new TestSite().with("test", Reception.upTo(512).withOneSocket(), both);
        String name;
        try (site;
                DatagramSocket peer = client()) {
            site.tracedIn(folder).open();
            send(peer, site.door(), "hi");
            assertThat(next(peer)).isEqualTo("!hi");
            waiting.take().reply(new byte[] {0, (byte) 0xff});
            assertThat(next(peer)).hasSize(2);
            name = "127.0.0.1:" + peer.getLocalPort();
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(Files.readAllLines(files.findFirst().orElseThrow()))
                    .satisfies(
                            lines -> assertThat(lines.getFirst()).startsWith("# test, port 7/udp"))
                    .endsWith("# " + name, "C< 68 69", "S> 21 68 69", "S> 00 ff");
        }
    }

    @Test
    void aSecondSocketSpeaksWithOnePeerAndStandsInTheTable() throws Exception {
        try (TestSite site = TestSite.answering(ECHO);
                DatagramSocket stranger = client()) {
            Service service = site.service("test");
            try (DatagramLine line = site.kernel.ports().openDatagram(service, site.door())) {
                assertThat(site.kernel.sockets().lines()).containsExactly(line);
                assertThat(line.receive(new byte[9], Duration.ofMillis(1))).isEqualTo(-1);
                line.send("hello".getBytes(UTF_8), 4);
                send(stranger, new InetSocketAddress("127.0.0.1", line.at().getPort()), "me too");
                byte[] answer = new byte[100];
                assertThat(line.receive(answer, Duration.ofSeconds(20))).isEqualTo(4);
                assertThat(new String(answer, 0, 4, UTF_8)).isEqualTo("hell");
                assertThat(line.receive(answer, Duration.ofMillis(50)))
                        .as("what a stranger sends does not arrive")
                        .isEqualTo(-1);
            }
            assertThat(site.kernel.sockets().lines()).isEmpty();
            assertThat(site.kernel.sockets().counted()).isZero();
        }
    }

    @Test
    void aSecondSocketLearnsThatNobodyIsThereAndThatTheServerStops() throws Exception {
        TestSite site = TestSite.answering(ECHO);
        InetSocketAddress nobody;
        try (DatagramSocket gone = client()) {
            nobody = new InetSocketAddress("127.0.0.1", gone.getLocalPort());
        }
        DatagramLine line =
                site.kernel
                        .ports()
                        .openDatagram(
                                site.service("test"), PortRange.ANY, Optional.empty(), nobody);
        assertThatThrownBy(
                        () -> {
                            line.send(new byte[1], 1);
                            line.receive(new byte[1], Duration.ofSeconds(20));
                        })
                .isInstanceOf(Hangup.class);
        CompletableFuture<Integer> waiting =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return line.receive(new byte[1], Duration.ofSeconds(100));
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        });
        site.close();
        assertThatThrownBy(waiting::get)
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> site.kernel.ports().openDatagram(site.service("test"), nobody))
                .isInstanceOf(Hangup.class);
    }

    /** Says a word, hears its echo so many times as it has letters, then is through. */
    private record Spelling(DatagramLine line, byte[] word, List<String> heard)
            implements DatagramLine.Dialogue {
        @Override
        public void begin() throws IOException {
            line.send(word, word.length);
        }

        @Override
        public boolean heard(byte[] bytes, int length) throws IOException {
            heard.add(new String(bytes, 0, length, UTF_8));
            if (length > 1) {
                line.send(bytes, length - 1);
            }
            return length == 1;
        }

        @Override
        public boolean silence() {
            heard.add("silence");
            return true;
        }

        @Override
        public Duration patience() {
            return word.length == 0 ? Duration.ofMillis(1) : Duration.ofSeconds(100);
        }
    }

    private static List<String> spell(TestSite site, InetSocketAddress to, String word)
            throws IOException {
        List<String> heard = new ArrayList<>();
        try (DatagramLine line = site.kernel.ports().openDatagram(site.service("test"), to)) {
            line.converse(new Spelling(line, word.getBytes(UTF_8), heard));
        }
        return heard;
    }

    @Test
    void manyDialoguesGoOnAtOnce() throws Exception {
        try (TestSite site = TestSite.answering(ECHO);
                DatagramSocket silent = client()) {
            List<CompletableFuture<List<String>>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String word = "abc".substring(i % 3) + i;
                all.add(
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return spell(site, site.door(), word);
                                    } catch (IOException e) {
                                        throw new AssertionError(e);
                                    }
                                }));
            }
            InetSocketAddress nobody = new InetSocketAddress("127.0.0.1", silent.getLocalPort());
            assertThat(spell(site, nobody, "")).containsExactly("silence");
            for (int i = 0; i < all.size(); i++) {
                String word = "abc".substring(i % 3) + i;
                assertThat(all.get(i).get())
                        .isEqualTo(
                                IntStream.iterate(word.length(), n -> n > 0, n -> n - 1)
                                        .mapToObj(n -> word.substring(0, n))
                                        .toList());
            }
            assertThat(site.kernel.sockets().lines()).isEmpty();
        }
    }

    @Test
    void aDialogueThatBreaksEndsAloneAndAStopEndsThemAll() throws Exception {
        TestSite site = TestSite.answering(ECHO);
        try (DatagramSocket silent = client();
                DatagramLine broken =
                        site.kernel.ports().openDatagram(site.service("test"), site.door())) {
            DatagramLine.Dialogue unsound =
                    new Spelling(broken, "x".getBytes(UTF_8), List.of()); // takes no word
            assertThatThrownBy(() -> broken.converse(unsound))
                    .isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(UnsupportedOperationException.class);
            assertThat(spell(site, site.door(), "ab")).containsExactly("ab", "a");
            InetSocketAddress nobody = new InetSocketAddress("127.0.0.1", silent.getLocalPort());
            CompletableFuture<List<String>> waiting =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return spell(site, nobody, "ab");
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
            silent.receive(new DatagramPacket(new byte[9], 9));
            site.close();
            assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(IOException.class);
            assertThatThrownBy(() -> broken.converse(unsound)).isInstanceOf(Hangup.class);
        }
    }
}
