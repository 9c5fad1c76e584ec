package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Clock;
import org.portolan.kernel.posix.HostClock;
import org.portolan.watch.ntp.ScriptedServer.Script;
import org.portolan.watch.ntp.TimeStatus.Role;

/** The clock of this machine, compared with servers that tell the truth, lie, or say nothing. */
class MonitorTest {
    private static final long MILLI = 1_000_000L;

    /** What a busy machine may add to an offset. */
    private static final long NOISE = 60 * MILLI;

    @TempDir private Path folder;

    private final List<ScriptedServer> servers = new ArrayList<>();
    private final FakeHostClock host = FakeHostClock.kept(MILLI, HostClock.Leap.USUAL);
    private NtpSite site;
    private Monitor monitor;

    @BeforeEach
    void open() throws Exception {
        site = NtpSite.running(folder, host);
    }

    @AfterEach
    void close() {
        if (monitor != null) {
            monitor.end();
        }
        servers.forEach(ScriptedServer::close);
        site.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(40));
    }

    private void monitor(boolean steer, Script... scripts) throws Exception {
        for (Script script : scripts) {
            servers.add(new ScriptedServer(script));
        }
        NtpSettings settings = settings(steer);
        monitor =
                new Monitor(
                        new NtpService(settings, Clock.SYSTEM, site.timekeeping()),
                        settings,
                        Clock.SYSTEM,
                        site.kernel().ports(),
                        site.events(),
                        steer
                                ? Optional.of(new Discipline(host, Clock.SYSTEM, false))
                                : Optional.empty(),
                        Duration.ofMillis(100),
                        100);
        monitor.begin();
    }

    private NtpSettings settings(boolean steer) {
        return new NtpSettings(
                servers.stream()
                        .map(s -> new UpstreamName("127.0.0.1", s.address().getPort()))
                        .toList(),
                Duration.ofMillis(150), // rarer in real life
                0,
                0,
                0,
                1,
                Duration.ofMillis(300),
                steer,
                false);
    }

    private TimeStatus.Upstream upstream(int index) {
        List<TimeStatus.Upstream> all = new ArrayList<>();
        monitor.report(all::add);
        return all.get(index);
    }

    private List<String> alarms() throws Exception {
        return site.events().latest(100).stream()
                .filter(event -> event.service().equals("ntp"))
                .map(event -> event.kind() + " " + event.words())
                .toList();
    }

    @Test
    void theClockIsComparedWithAServer() throws Exception {
        monitor(false, ScriptedServer.ahead(200 * MILLI));
        await().until(() -> upstream(0).role() == Role.FOLLOWED);

        assertThat(upstream(0).offset()).isBetween(200 * MILLI - NOISE, 200 * MILLI + NOISE);
        assertThat(upstream(0).stratum()).isEqualTo(2);
        assertThat(upstream(0).remark()).isEmpty();
        Following following = monitor.following().orElseThrow();
        assertThat(following.referenceId()).isEqualTo(0x7f000001);
        assertThat(following.rootDispersion()).isGreaterThan(140 * MILLI);
        assertThat(host.slewed).isEmpty();
        assertThat(host.stepped).isEmpty();
    }

    @Test
    void eachQuestionComesFromAnotherPort() throws Exception {
        monitor(false, ScriptedServer.ahead(0));
        await().until(() -> servers.getFirst().asked.get() >= 8);

        assertThat(servers.getFirst().ports).hasSizeGreaterThan(4);
    }

    @Test
    void aFalsetickerIsOutvoted() throws Exception {
        monitor(
                false,
                ScriptedServer.ahead(30_000 * MILLI),
                ScriptedServer.ahead(0),
                ScriptedServer.ahead(1 * MILLI));
        await().until(
                        () ->
                                upstream(0).role() == Role.REJECTED
                                        && upstream(1).role().compareTo(Role.REJECTED) < 0
                                        && upstream(2).role().compareTo(Role.REJECTED) < 0);

        assertThat(monitor.following().orElseThrow().offset()).isBetween(-NOISE, NOISE);
    }

    @Test
    void forgedAndRepeatedAnswersChangeNothing() throws Exception {
        monitor(
                false,
                question ->
                        List.of(
                                ScriptedServer.time(question.transmit() ^ 1, 9_000 * MILLI),
                                ScriptedServer.time(0, 9_000 * MILLI),
                                ScriptedServer.time(question.transmit(), 0),
                                ScriptedServer.time(question.transmit(), 9_000 * MILLI)));
        await().until(() -> upstream(0).role() == Role.FOLLOWED);

        assertThat(upstream(0).offset()).isBetween(-NOISE, NOISE);
    }

    @Test
    void aServerThatForbidsIsAskedOnce() throws Exception {
        monitor(false, ScriptedServer.kissing("DENY"), ScriptedServer.ahead(0));
        await().until(() -> servers.get(1).asked.get() >= 8);

        assertThat(servers.getFirst().asked.get()).isEqualTo(1);
        assertThat(upstream(0).role()).isEqualTo(Role.UNUSABLE);
        assertThat(upstream(0).remark()).contains("DENY");
    }

    @Test
    void aServerThatIsAskedTooOftenIsAskedLess() throws Exception {
        monitor(false, ScriptedServer.kissing("RATE"));
        await().until(() -> servers.getFirst().asked.get() >= 4);

        assertThat(upstream(0).poll()).isGreaterThanOrEqualTo(Duration.ofMillis(150 * 8));
    }

    @Test
    void anAlarmIsSoundedOnceAndSoIsItsEnd() throws Exception {
        monitor(false, ScriptedServer.ahead(400 * MILLI));
        await().until(
                        () ->
                                alarms().stream()
                                        .anyMatch(a -> a.startsWith("ALARM the clock is off")));
        servers.getFirst().become(ScriptedServer.ahead(0));
        await().until(() -> alarms().stream().anyMatch(a -> a.startsWith("ALL_CLEAR")));
        servers.getFirst().become(ScriptedServer.silent());
        await().until(
                        () ->
                                alarms().stream()
                                        .anyMatch(a -> a.contains("no upstream gives the time")));

        assertThat(alarms()).hasSize(3);
        assertThat(monitor.following()).isEmpty();
    }

    @Test
    void twoThatDisagreeAreAnAlarm() throws Exception {
        monitor(false, ScriptedServer.ahead(0), ScriptedServer.ahead(30_000 * MILLI));

        await().until(() -> alarms().stream().anyMatch(a -> a.contains("do not agree")));
        assertThat(monitor.following()).isEmpty();
    }

    @Test
    void aSteeredClockIsSetOnceAndThenCorrected() throws Exception {
        monitor(true, ScriptedServer.ahead(3_000 * MILLI));
        await().until(() -> !host.stepped.isEmpty());
        servers.getFirst().become(ScriptedServer.ahead(0));
        await().until(() -> !host.slewed.isEmpty());

        assertThat(host.stepped.getFirst()).isBetween(3_000 * MILLI - NOISE, 3_000 * MILLI + NOISE);
        assertThat(alarms().getFirst()).contains("the clock was set by");
    }

    @Test
    void aClockThatMayNotBeSteeredIsSaidOnce() throws Exception {
        host.forbidden();
        monitor(true, ScriptedServer.ahead(0));
        await().until(() -> servers.getFirst().asked.get() >= 12);

        assertThat(alarms()).hasSize(1);
        assertThat(alarms().getFirst()).startsWith("ALARM the clock cannot be steered");
        assertThat(monitor.steering()).contains("CAP_SYS_TIME");
    }

    @Test
    void nobodyIsAskedAfterTheEnd() throws Exception {
        monitor(false, ScriptedServer.ahead(0));
        await().until(() -> servers.getFirst().asked.get() >= 2);
        monitor.end();
        await().until(() -> site.kernel().sockets().lines().isEmpty());
        int asked = servers.getFirst().asked.get();
        Awaitility.await()
                .during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(5))
                .until(() -> servers.getFirst().asked.get() <= asked + 1);
    }

    @Test
    void aReloadForgetsNothingUnlessTheSettingsAreOthers() throws Exception {
        servers.add(new ScriptedServer(ScriptedServer.ahead(0)));
        site.serve(settings(false));
        await().until(() -> served().measured());
        site.serve(settings(false));
        assertThat(served().measured()).isTrue();
        assertThat(site.timekeeping().status().orElseThrow().steering()).isEmpty();

        site.serve(settings(true));
        assertThat(site.timekeeping().status().orElseThrow().steering()).isEqualTo("on");
        await().until(() -> served().measured());
    }

    private TimeStatus.Upstream served() {
        return site.timekeeping().status().orElseThrow().upstreams().getFirst();
    }

    @Test
    void whatIsFollowedIsAnnounced() throws Exception {
        servers.add(new ScriptedServer(ScriptedServer.ahead(10 * MILLI)));
        site.serve(settings(false));
        await().until(() -> served().role() == Role.FOLLOWED);
        await().until(
                        () ->
                                site.timekeeping().at(Clock.SYSTEM.wallNanos()).referenceId()
                                        == 0x7f000001);

        SystemVariables is = site.timekeeping().at(Clock.SYSTEM.wallNanos());
        assertThat(is.stratum()).isEqualTo(3); // one more than the upstream's
        assertThat(is.rootDispersion()).isGreaterThan(5 * MILLI);
        host.become(FakeHostClock.alone());
        await().until(() -> !site.timekeeping().at(Clock.SYSTEM.wallNanos()).synchronised());
    }

    @Test
    void aNameThatLeadsNowhereIsSaid() throws Exception {
        servers.clear();
        NtpSettings settings =
                new NtpSettings(
                        List.of(new UpstreamName("nowhere.invalid", 123)),
                        Duration.ofSeconds(64),
                        0,
                        0,
                        0,
                        1,
                        Duration.ofMillis(500),
                        false,
                        false);
        monitor =
                new Monitor(
                        new NtpService(settings, Clock.SYSTEM, site.timekeeping()),
                        settings,
                        Clock.SYSTEM,
                        site.kernel().ports(),
                        site.events(),
                        Optional.empty(),
                        Duration.ofMillis(20),
                        100);
        monitor.begin();

        await().until(() -> upstream(0).remark().contains("nowhere.invalid has no address"));
    }
}
