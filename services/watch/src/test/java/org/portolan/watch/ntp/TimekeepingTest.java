package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Section;
import org.portolan.kernel.posix.HostClock.Leap;
import org.portolan.testkit.FrozenClock;

/** What is said of a clock, by what is known of it. Upstreams have a test of their own. */
class TimekeepingTest {
    private static final long MILLI = 1_000_000L;

    @TempDir private Path folder;

    private final FakeHostClock host = FakeHostClock.alone();
    private NtpSite site;

    @BeforeEach
    void open() throws Exception {
        site = NtpSite.frozen(folder, host);
    }

    @AfterEach
    void close() throws Exception {
        site.close();
    }

    private SystemVariables serving(Map<String, Object> given) throws Exception {
        site.serve(NtpSettings.read(new Section("ntp", given, key -> "")));
        ((FrozenClock) site.clock()).advance(java.time.Duration.ofSeconds(2));
        return site.timekeeping().at(site.clock().wallNanos());
    }

    @Test
    void aClockThatNobodyKeepsMustNotBeBelieved() throws Exception {
        SystemVariables is = serving(Map.of());

        assertThat(is.leap()).isEqualTo(3);
        assertThat(is.stratum()).isZero();
        assertThat(is.referenceId()).isEqualTo(NtpMessage.letters("INIT"));
    }

    @Test
    void unlessTheAdministratorSaysOtherwise() throws Exception {
        SystemVariables is = serving(Map.of("local_stratum", 10L));

        assertThat(is.leap()).isZero();
        assertThat(is.stratum()).isEqualTo(10);
        assertThat(is.referenceId()).isEqualTo(0x7f7f0101);
        assertThat(is.rootDispersion()).isEqualTo(10 * MILLI);
    }

    @Test
    void aClockThatAStrangerKeepsIsAsGoodAsTheSystemSays() throws Exception {
        host.become(FakeHostClock.kept(23 * MILLI, Leap.USUAL));
        SystemVariables is = serving(Map.of("local_stratum", 10L));

        assertThat(is.leap()).isZero();
        assertThat(is.stratum()).isEqualTo(5);
        assertThat(is.rootDelay()).isZero();
        assertThat(is.rootDispersion()).isEqualTo(23 * MILLI);
        assertThat(serving(Map.of("stratum", 2L)).stratum()).isEqualTo(2);
    }

    @Test
    void nobodysClockIsNeverWrong() throws Exception {
        host.become(FakeHostClock.kept(0, Leap.USUAL)); // as systemd-timesyncd says
        assertThat(serving(Map.of()).rootDispersion()).isEqualTo(10 * MILLI);
    }

    @Test
    void theSystemsLeapSecondIsAnnounced() throws Exception {
        host.become(FakeHostClock.kept(MILLI, Leap.INSERT));
        assertThat(serving(Map.of()).leap()).isEqualTo(1);
        host.become(FakeHostClock.kept(MILLI, Leap.DELETE));
        assertThat(serving(Map.of("stratum", 4L)).leap()).isEqualTo(2);
    }

    @Test
    void theSystemIsAskedOnceASecondAtMost() throws Exception {
        assertThat(serving(Map.of()).synchronised()).isFalse();
        host.become(FakeHostClock.kept(MILLI, Leap.USUAL));
        long now = site.clock().wallNanos();

        assertThat(site.timekeeping().at(now).synchronised()).isFalse();
        assertThat(site.timekeeping().at(now + 999 * MILLI).synchronised()).isFalse();
        assertThat(site.timekeeping().at(now + 1000 * MILLI).synchronised()).isTrue();
    }

    @Test
    void nothingIsSaidOnceNoTimeIsServed() throws Exception {
        host.become(FakeHostClock.kept(MILLI, Leap.USUAL));
        assertThat(serving(Map.of()).synchronised()).isTrue();
        assertThat(site.timekeeping().status()).isPresent();
        site.serveNothing();

        assertThat(site.timekeeping().status()).isEmpty();
        long later = site.clock().wallNanos() + 2000 * MILLI;
        assertThat(site.timekeeping().at(later).synchronised()).isFalse();
    }

    @Test
    void theStatusIsForPeople() throws Exception {
        host.become(FakeHostClock.kept(23 * MILLI, Leap.USUAL));
        serving(Map.of());
        TimeStatus status = site.timekeeping().status().orElseThrow();

        assertThat(status.host().frequency()).isEqualTo(-3.5);
        assertThat(status.says().reference()).isEqualTo("the host's clock");
        assertThat(status.says().precision()).isEqualTo(-20); // a clock that stands still
        assertThat(status.upstreams()).isEqualTo(List.of());
        assertThat(status.steering()).isEmpty();
    }
}
