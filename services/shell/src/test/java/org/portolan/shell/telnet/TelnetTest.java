package org.portolan.shell.telnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.shell.ShellSite;
import org.portolan.shell.telnet.TelnetCodec.Event;
import org.portolan.testkit.RawClient;
import org.portolan.testkit.Transcripts;
import org.portolan.wire.Refusal;

/** Options are agreed on once, and what has no end is ended. */
class TelnetTest {
    @TempDir private static Path root;

    private static ShellSite site;

    @BeforeAll
    static void open() throws Exception {
        site = ShellSite.in(root);
    }

    @AfterAll
    static void close() throws Exception {
        site.close();
    }

    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Transcripts.tests(TelnetTest.class, "", () -> site.quiet().player("telnet"));
    }

    @Test
    void twoEndsNeverAnswerEachOtherForEver() {
        TelnetOptions options = new TelnetOptions();
        for (int option = 0; option < 256; option++) {
            for (int verb : new int[] {251, 252, 253, 254}) {
                options.answer(verb, option);
            }
            for (int verb : new int[] {252, 254}) {
                assertThat(options.answer(verb, option)).isEmpty();
            }
        }
    }

    @Test
    void everyWayToEndALineIsOne() throws Refusal {
        List<Event> events = new ArrayList<>();
        TelnetCodec codec = new TelnetCodec();
        for (int octet :
                new int[] {'a', 13, 10, 'b', 13, 0, 255, 255, 255, 250, 24, 0, 'x', 255, 240}) {
            codec.take(octet, events::add);
        }
        assertThat(events)
                .startsWith(
                        new Event.Typed('a'),
                        new Event.Typed('\r'),
                        new Event.Typed('b'),
                        new Event.Typed('\r'),
                        new Event.Typed(255));
        assertThat(events.getLast()).isInstanceOf(Event.About.class);
    }

    @Test
    void whatIsSaidAboutAnOptionHasAnEnd() {
        TelnetCodec codec = new TelnetCodec();
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> {
                            codec.take(255, event -> {});
                            codec.take(250, event -> {});
                            for (int i = 0; i < 10_000; i++) {
                                codec.take('x', event -> {});
                            }
                        })
                .isInstanceOf(Refusal.class);
    }

    private static String playedTo(byte[] what) throws Exception {
        try (RawClient raw = site.connect("telnet")) {
            try {
                raw.send(what);
            } catch (IOException reset) {
                return "";
            }
            return new String(raw.readToEnd(), StandardCharsets.ISO_8859_1);
        } catch (SocketException reset) {
            return "";
        } finally {
            site.quiet();
        }
    }

    private static byte[] times(int count, int... octets) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            for (int octet : octets) {
                bytes.write(octet);
            }
        }
        return bytes.toByteArray();
    }

    /** The farewell, or a reset by which it was lost, and in any case an end. */
    @Test
    void aStormOfOptionsEnds() throws Exception {
        assertThat(playedTo(times(20_000, 255, 251, 39))).doesNotContain("Password");
        assertThat(playedTo(times(20_000, 255, 250, 31, 0, 80, 0, 24, 255, 240)))
                .doesNotContain("Password");
    }

    @Test
    void whatHasNoEndIsEnded() throws Exception {
        byte[] endless = times(5000, 'x');
        endless[0] = (byte) 255;
        endless[1] = (byte) 250;
        assertThat(playedTo(endless)).doesNotContain("Password");
    }

    @Test
    void halfACharacterIsKeptUntilTheRestComes() {
        TelnetCharset.Outward outward = new TelnetCharset.Outward();
        byte[] text = "Grüße, 水, \ud83d\ude00!".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        for (int i = 0; i < text.length; i++) {
            seen.writeBytes(outward.encoded(text, i, 1, StandardCharsets.ISO_8859_1));
        }
        assertThat(seen.toString(StandardCharsets.ISO_8859_1)).isEqualTo("Grüße, ?, ?!");
    }
}
