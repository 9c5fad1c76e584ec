package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Section;
import org.portolan.kernel.posix.HostClock.Leap;
import org.portolan.testkit.FrozenClock;
import org.portolan.testkit.Player;
import org.portolan.testkit.RawDatagramClient;
import org.portolan.testkit.Transcripts;

/** Plays the dialogues of this folder. The host's clock is kept by a stranger. */
class NtpTest {
    @TempDir private static Path kept;
    @TempDir private static Path alone;

    private static NtpSite site;
    private static NtpSite unsynchronised;

    @BeforeAll
    static void open() throws Exception {
        NtpSettings usual = NtpSettings.read(new Section("ntp", Map.of(), key -> ""));
        site = NtpSite.frozen(kept, FakeHostClock.kept(23_000_000, Leap.USUAL)).serve(usual);
        unsynchronised = NtpSite.frozen(alone, FakeHostClock.alone()).serve(usual);
    }

    @AfterAll
    static void close() {
        site.close();
        unsynchronised.close();
    }

    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Transcripts.tests(NtpTest.class, "", NtpTest::player);
    }

    private static Player player() {
        return Player.againstDatagrams(site.door())
                .datagramDoor("unsynchronised", unsynchronised.door());
    }

    @Test
    void aReplyTellsWhenTheRequestCameAndWhenItLeft() throws Exception {
        try (RawDatagramClient client = RawDatagramClient.to(site.door())) {
            client.send(new NtpMessage(0, 4, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 77).bytes());
            byte[] bytes = client.receive();
            NtpMessage reply = NtpMessage.of(bytes, bytes.length).orElseThrow();

            long still = NtpTime.timestamp(FrozenClock.frozen().wallNanos());
            assertThat(reply.transmit()).isEqualTo(still);
            assertThat(reply.receive()).isNotZero(); // the system's own, which does not stand still
        }
    }
}
