package org.portolan.mail.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.mail.MailSite;
import org.portolan.mail.queue.QueueSettings.Security;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.MailQueue;
import org.portolan.stores.mail.MailQueue.Recipient;
import org.portolan.stores.mail.MailQueue.Wanted;
import org.portolan.stores.mail.Outgoing;

/** What becomes of messages over time; the clock is moved by hand. */
class QueueTest {
    private static final String TEXT = "Subject: hello\r\n\r\nIt works.\r\n";

    @TempDir private Path root;
    private Sink sink;
    private QueueSite site;

    @BeforeEach
    void open() throws Exception {
        sink = new Sink();
        site = new QueueSite(root, QueueSite.allTo(sink.port()), Security.OPPORTUNISTIC);
    }

    @AfterEach
    void close() throws Exception {
        site.close();
        sink.close();
    }

    /** Takes every message, or says what it is told to say instead of taking the recipient. */
    private static final class Sink implements AutoCloseable {
        final List<String> heard = Collections.synchronizedList(new ArrayList<>());
        volatile String rcpt = "250 ok";
        volatile Runnable meanwhile = () -> {};
        final AtomicInteger conversations = new AtomicInteger();
        private final ServerSocket socket;

        Sink() throws IOException {
            socket = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
            Thread.ofVirtual().start(this::serve);
        }

        int port() {
            return socket.getLocalPort();
        }

        private void serve() {
            while (!socket.isClosed()) {
                try {
                    var client = socket.accept();
                    conversations.incrementAndGet();
                    Thread.ofVirtual().start(() -> converse(client));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void converse(java.net.Socket client) {
            try (client) {
                var in =
                        new java.io.BufferedReader(
                                new java.io.InputStreamReader(
                                        client.getInputStream(),
                                        java.nio.charset.StandardCharsets.ISO_8859_1));
                var out = client.getOutputStream();
                say(out, "220 sink.example");
                boolean body = false;
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (body) {
                        body = !line.equals(".");
                        if (!body) {
                            say(out, "250 2.0.0 taken");
                        }
                        continue;
                    }
                    heard.add(line);
                    if (line.startsWith("RCPT")) {
                        meanwhile.run();
                    }
                    body = line.equals("DATA");
                    say(out, body ? "354 go" : line.startsWith("RCPT") ? rcpt : "250 sink.example");
                }
            } catch (IOException gone) {
                return;
            }
        }

        private static void say(java.io.OutputStream out, String line) throws IOException {
            out.write((line + "\r\n").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        }

        long count(String beginning) {
            synchronized (heard) {
                return heard.stream().filter(line -> line.startsWith(beginning)).count();
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private String send(String... to) throws StoreException {
        return site.send("ada@portolan.example", Outgoing.Demands.NONE, TEXT, to);
    }

    private Recipient first(String id) throws StoreException {
        return site.mail.queue().find(id).orElseThrow().recipients().getFirst();
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        MailSite.await().until(condition);
    }

    @Test
    void whoIsRefusedForNowIsTriedAfterLongerAndLongerWaits() throws Exception {
        sink.rcpt = "450 4.2.1 later";
        String id = send("bob@there.example");
        Duration wait = Duration.ofMinutes(5);
        for (int tries = 1; tries <= 3; tries++) {
            int made = tries;
            await(() -> first(id).tries() == made);
            assertThat(first(id).due()).isEqualTo(site.clock.instant().plus(wait));
            assertThat(first(id).reply()).isEqualTo("450 4.2.1 later");
            site.clock.advance(wait);
            wait = wait.multipliedBy(2);
        }
        sink.rcpt = "250 ok";
        site.clock.advance(wait);
        await(() -> site.queued() == 0);
        assertThat(site.inbox()).isEmpty();
    }

    @Test
    void itsSenderHearsThatItWaitsAndAtTheEndThatItIsGivenUp() throws Exception {
        sink.rcpt = "450 4.2.1 later";
        String id = send("bob@there.example");
        await(() -> first(id).tries() == 1);
        site.clock.advance(Duration.ofHours(5));
        await(() -> site.inbox().size() == 1);
        assertThat(site.inbox().getFirst())
                .contains("Action: delayed", "Will-Retry-Until: ", "450 4.2.1 later");
        site.clock.advance(Duration.ofDays(5));
        await(() -> site.inbox().size() == 2);
        assertThat(site.inbox().getLast()).contains("Action: failed", "Status: 4.4.7");
        await(() -> site.queued() == 0);
    }

    @Test
    void ofAReportThatIsGivenUpNobodyHears() throws Exception {
        sink.rcpt = "450 4.2.1 later";
        String id = site.send("", Outgoing.Demands.NONE, TEXT, "bob@there.example");
        await(() -> first(id).tries() == 1);
        site.clock.advance(Duration.ofDays(6));
        await(() -> site.queued() == 0);
        assertThat(site.inbox()).isEmpty();
    }

    @Test
    void manyMessagesShareAFewConversations() throws Exception {
        for (int i = 0; i < 200; i++) {
            send("bob" + i + "@there.example");
        }
        await(() -> site.queued() == 0);
        assertThat(sink.count("MAIL")).isEqualTo(200);
        assertThat(sink.conversations.get()).isLessThan(100);
    }

    @Test
    void whatIsHeldStaysUntilItIsReleased() throws Exception {
        sink.rcpt = "450 4.2.1 later";
        String id = send("bob@there.example");
        await(() -> first(id).tries() == 1);
        Wanted wanted = new Wanted(id, "", "");
        assertThat(site.mail.queue().hold(wanted, site.clock.instant())).isEqualTo(1);
        sink.rcpt = "250 ok";
        site.clock.advance(Duration.ofDays(9)); // its time does not run out
        assertThat(site.mail.queue().retry(wanted, site.clock.instant())).isZero();
        assertThat(first(id).state()).isEqualTo(MailQueue.State.HELD);
        assertThat(site.mail.queue().release(wanted, site.clock.instant())).isEqualTo(1);
        await(() -> site.queued() == 0);
    }

    @Test
    void whatIsHeldWhileItIsBeingSentIsHeldAfterwards() throws Exception {
        sink.rcpt = "450 4.2.1 later";
        sink.meanwhile = () -> hold(new Wanted("", "", "there.example"));
        String id = send("bob@there.example");
        await(() -> first(id).tries() == 1);
        assertThat(first(id).state()).isEqualTo(MailQueue.State.HELD);
    }

    private void hold(Wanted wanted) {
        try {
            site.mail.queue().hold(wanted, site.clock.instant());
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsCancelledIsForgottenWithoutAWord() throws Exception {
        sink.rcpt = "450 4.2.1 later";
        String id = send("bob@there.example", "carl@elsewhere.example");
        await(() -> first(id).tries() == 1);
        assertThat(site.mail.queue().cancel(new Wanted(id, "", "there.example"))).isEqualTo(1);
        assertThat(site.mail.queue().find(id).orElseThrow().recipients()).hasSize(1);
        assertThat(site.mail.queue().cancel(new Wanted(id, "", ""))).isEqualTo(1);
        assertThat(site.queued()).isZero();
        assertThat(site.inbox()).isEmpty();
    }

    @Test
    void aDestinationThatDoesNotAnswerWaitsAsAWhole() throws Exception {
        sink.close();
        String id = send("bob@there.example");
        await(() -> site.standing(id).equals("unreachable"));
        String later = send("carl@there.example");
        MailQueue.Destination there = site.mail.queue().destination("there.example").orElseThrow();
        assertThat(there.due()).isEqualTo(site.clock.instant().plus(Duration.ofMinutes(5)));
        assertThat(there.reply()).contains("does not answer");
        assertThat(first(later).tries()).isZero();
        site.clock.advance(Duration.ofMinutes(5));
        await(() -> site.mail.queue().destination("there.example").orElseThrow().failures() == 2);
        site.clock.advance(Duration.ofDays(6));
        await(() -> site.queued() == 0);
        assertThat(site.inbox().getLast()).contains("Action: failed", "does not answer");
    }

    @Test
    void whatWasReadAndIsDoneMeanwhileIsNotDoneAgain() throws Exception {
        sink.close();
        String id = send("bob@there.example");
        await(() -> site.standing(id).equals("unreachable"));
        MailQueue queue = site.mail.queue();
        java.time.Instant later = site.clock.instant().plus(Duration.ofDays(1));
        MailQueue.Work read =
                queue.due("there.example", later, MailQueue.Place.START, 10).getFirst();
        assertThat(queue.still(read, "there.example", later)).isPresent();
        assertThat(queue.cancel(new Wanted(id, "", ""))).isEqualTo(1);
        assertThat(queue.still(read, "there.example", later)).isEmpty();
    }

    @Test
    void whatWaitsForAClockThatWasSetBackIsTriedNow() throws Exception {
        site.ahead = Duration.ofDays(300);
        send("bob@there.example");
        await(() -> site.queued() == 0);
        assertThat(sink.count("RCPT TO:<bob@there.example>")).isOne();
    }

    @Test
    void oneOfManyRecipientsIsAsGoodAsAllOfThem() throws Exception {
        String[] many = new String[2500];
        for (int i = 0; i < many.length; i++) {
            many[i] = "bob" + i + "@there.example";
        }
        send(many);
        await(() -> site.queued() == 0);
        assertThat(sink.count("RCPT")).isEqualTo(many.length);
        assertThat(sink.count("MAIL")).isEqualTo(25);
    }
}
