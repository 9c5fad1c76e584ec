package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.kernel.TestSite.await;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** A stop lets everybody finish what they began. */
class StopTest {
    /** "work" waits until the test lets it end; "body" takes ten bytes; all else is echoed. */
    private static final class Worker implements Conversation {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);

        @Override
        public void converse(Connection client) throws IOException {
            client.writeLine("hello");
            while (true) {
                String line = client.readLine();
                switch (line) {
                    case "work" -> work();
                    case "body" -> {
                        client.writeLine("go on");
                        line = new String(client.readBytes(10));
                    }
                    default -> {}
                }
                client.writeLine("=" + line);
            }
        }

        private void work() {
            begun.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public Optional<String> farewell(Hangup.Reason reason) {
            return Optional.of("bye: " + reason.words());
        }
    }

    private static Thread stop(TestSite site) {
        return Thread.ofPlatform().start(site::close);
    }

    @Test
    void whoIsIdleHearsTheFarewellAndWhoWorksIsLetFinish() throws Exception {
        Worker worker = new Worker();
        try (TestSite site = TestSite.serving(worker);
                TestPeer idle = site.connect();
                TestPeer working = site.connect();
                TestPeer sending = site.connect()) {
            idle.line();
            working.line();
            sending.line();
            working.send("work\r\n");
            worker.begun.await();
            sending.send("body\r\n12345");
            assertThat(sending.line()).isEqualTo("go on");

            Thread stopping = stop(site);
            assertThat(idle.rest()).isEqualTo("bye: the server is stopping\r\n");
            await().until(() -> site.kernel.sockets().open().size() == 2);
            assertThat(stopping.isAlive()).isTrue(); // it waits for the other two

            sending.send("67890");
            assertThat(sending.rest()).isEqualTo("=1234567890\r\nbye: the server is stopping\r\n");
            worker.mayEnd.countDown();
            assertThat(working.rest()).isEqualTo("=work\r\nbye: the server is stopping\r\n");
            stopping.join();
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.STOPPING)).isEqualTo(3);
        }
    }

    @Test
    void pipelinedCommandsThatHaveArrivedAreAnswered() throws Exception {
        Worker worker = new Worker();
        try (TestSite site = TestSite.serving(worker);
                TestPeer peer = site.connect()) {
            peer.line();
            peer.send("work\r\none\r\ntwo\r\n");
            worker.begun.await();
            Thread stopping = stop(site);
            await().until(site.kernel::stopping);
            worker.mayEnd.countDown();
            assertThat(peer.rest())
                    .isEqualTo("=work\r\n=one\r\n=two\r\nbye: the server is stopping\r\n");
            stopping.join();
        }
    }

    @Test
    void nobodyNewComesIn() throws Exception {
        Worker worker = new Worker();
        try (TestSite site = TestSite.serving(worker);
                TestPeer working = site.connect()) {
            working.line();
            working.send("work\r\n");
            worker.begun.await();
            Thread stopping = stop(site);
            await().until(
                            () -> {
                                try (TestPeer late = site.connect()) {
                                    return false;
                                } catch (ConnectException refused) {
                                    return true;
                                }
                            });
            worker.mayEnd.countDown();
            stopping.join();
        }
    }

    @Test
    void whoDoesNotFinishIsCutOff() throws Exception {
        Worker worker = new Worker();
        TestSite impatient =
                new TestSite()
                        .with("test", Tls.NEVER, TestSite.PATIENT, worker)
                        .draining(Duration.ofMillis(100))
                        .open();
        try (TestSite site = impatient;
                TestPeer slow = site.connect()) {
            slow.line();
            slow.send("body\r\n12345");
            assertThat(slow.line()).isEqualTo("go on");
            stop(site).join();
            assertThat(slow.restHoweverItEnds()).isEmpty();
            site.awaitEmpty();
        }
    }

    @Test
    void idleBehindTlsHearsTheFarewellThroughTls() throws Exception {
        try (TestSite site = TestSite.serving(Tls.AT_ONCE, new Worker());
                TestPeer peer = site.connect()) {
            peer.secure(site.certificates.trust(), "");
            assertThat(peer.line()).isEqualTo("hello");
            Thread stopping = stop(site);
            assertThat(peer.rest()).isEqualTo("bye: the server is stopping\r\n");
            stopping.join();
        }
    }

    @Test
    void whatIsDoneAgainAndAgainEndsWithTheKernelAndSurvivesItsFailures() throws Exception {
        CountDownLatch thrice = new CountDownLatch(3);
        BlockingQueue<Thread> doing = new LinkedBlockingQueue<>();
        TestSite site = TestSite.serving(new Worker());
        site.kernel.every(
                Duration.ofMillis(1),
                "test",
                () -> {
                    doing.add(Thread.currentThread());
                    thrice.countDown();
                    throw new IllegalStateException("a bug");
                });
        site.kernel.every(Duration.ofDays(1), "rare", () -> doing.add(Thread.currentThread()));
        thrice.await();
        site.close();
        assertThat(doing.take().join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void stoppingTwiceAndStoppingWithoutPeersIsQuick() {
        TestSite site = TestSite.serving(new Worker());
        site.close();
        site.close();
        site.awaitEmpty();
    }
}
