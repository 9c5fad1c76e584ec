package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.kernel.TestSite.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Rule;

/** Rules change under load: who is talking goes on, and who comes is judged by the new ones. */
class ReloadTest {
    private static final int RULES = 10_000;
    private static final int RELOADS = 12;
    private static final int TALKERS = 100;
    private static final int NEWCOMERS = 4;
    private static final Rule LOCAL = Rule.of("allow test from 127.0.0.0/8");

    /** Says each line again. */
    private static final class Echo implements Conversation {
        @Override
        public void converse(Connection client) throws IOException {
            while (true) {
                client.writeLine(client.readLine());
            }
        }

        @Override
        public Optional<String> farewell(Hangup.Reason reason) {
            return Optional.empty();
        }
    }

    private final AtomicInteger generation = new AtomicInteger();
    private final AtomicLong exchanged = new AtomicLong();
    private final AtomicLong visited = new AtomicLong();

    /** Whoever talked during a generation of rules did so to its end. */
    @Test
    void tenThousandRulesReplaceEachOtherAndNobodyIsDropped() throws Exception {
        Random random = new Random(4711);
        Firewall firewall = firewall(random, null);
        TestSite site =
                new TestSite()
                        .with("test", Tls.NEVER, TestSite.PATIENT, new Echo())
                        .admitting(firewall)
                        .open();
        try (site;
                ExecutorService loads = Executors.newCachedThreadPool()) {
            List<Future<Long>> talkers = start(loads, TALKERS, () -> talk(site));
            await().until(() -> site.kernel.sockets().open().size() >= TALKERS);
            List<Future<Long>> newcomers = start(loads, NEWCOMERS, () -> comeAndGo(site));
            try {
                for (int reload = 1; reload <= RELOADS; reload++) {
                    firewall = firewall(random, firewall);
                    site.reload(firewall);
                    generation.set(reload);
                    long lines = exchanged.get() + TALKERS * 10L;
                    long comers = visited.get() + NEWCOMERS;
                    await().until(() -> exchanged.get() >= lines && visited.get() >= comers);
                }
            } finally {
                generation.set(Integer.MAX_VALUE); // lets the loads end
            }

            for (Future<Long> talker : talkers) {
                assertThat(talker.get()).isPositive();
            }
            for (Future<Long> newcomer : newcomers) {
                newcomer.get();
            }
            // The rule that stayed has counted all of them, under whichever rules they came.
            Firewall.Numbered local =
                    firewall.deciding("test", new Port(7, "test"), "tcp", site.door().getAddress());
            assertThat(local.rule()).isEqualTo(LOCAL);
            assertThat(local.verdict().times()).isEqualTo(TALKERS + visited.get());
            site.awaitEmpty();
        }
    }

    /** Rules about networks elsewhere, in random order, all new; only one is always there. */
    private static Firewall firewall(Random random, Firewall before) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 1; i < RULES; i++) {
            String words =
                    "%s test from %d.%d.%d.0/24"
                            .formatted(
                                    random.nextBoolean() ? "allow" : "deny",
                                    128 + random.nextInt(64),
                                    random.nextInt(256),
                                    random.nextInt(256));
            rules.add(Rule.of(words));
        }
        rules.add(random.nextInt(RULES), LOCAL);
        return Firewall.of(Map.of("here", rules), before);
    }

    private static List<Future<Long>> start(ExecutorService loads, int count, Callable<Long> load) {
        List<Future<Long>> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            started.add(loads.submit(load));
        }
        return started;
    }

    /** One conversation that lasts through all reloads; returns how many lines came back. */
    private Long talk(TestSite site) throws IOException {
        long lines = 0;
        try (TestPeer peer = site.connect()) {
            while (generation.get() <= RELOADS) {
                say(peer, "line " + lines++);
            }
        }
        return lines;
    }

    /** Returns how many conversations there were. */
    private Long comeAndGo(TestSite site) throws IOException {
        long visits = 0;
        while (generation.get() <= RELOADS) {
            try (TestPeer peer = site.connect()) {
                say(peer, "visit " + visits++);
                visited.incrementAndGet();
            }
        }
        return visits;
    }

    private void say(TestPeer peer, String line) throws IOException {
        assertThat(peer.send(line + "\r\n").line()).isEqualTo(line);
        exchanged.incrementAndGet();
    }
}
