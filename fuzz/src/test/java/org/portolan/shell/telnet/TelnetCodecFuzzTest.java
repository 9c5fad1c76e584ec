package org.portolan.shell.telnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.shell.telnet.TelnetCodec.Event;
import org.portolan.wire.Refusal;

class TelnetCodecFuzzTest {
    static Stream<byte[]> seeds() {
        HexFormat hex = HexFormat.of();
        return Stream.of(
                        "fffb18fffd01fffa18007874726dfff06772616365",
                        "fffa1f00500018fff00d0a0d00",
                        "fffa2a013b5554462d38fff0",
                        "fffa27000055534552016164610fff0fff4",
                        "ffffff")
                .map(text -> hex.parseHex(text.substring(0, text.length() & ~1)));
    }

    /** No more is answered than was asked, and what is kept has an end. */
    @MethodSource("seeds")
    @FuzzTest
    void anyBytesAreEventsOrAnEnd(byte @NotNull [] bytes) {
        List<Event> events = new ArrayList<>();
        TelnetCodec codec = new TelnetCodec();
        try {
            for (byte octet : bytes) {
                codec.take(octet & 0xff, events::add);
            }
        } catch (Refusal endless) {
            assertThat(bytes.length).isGreaterThan(1000);
        }
        assertThat(events.size()).isLessThanOrEqualTo(bytes.length);
        TelnetOptions options = new TelnetOptions();
        for (Event event : events) {
            switch (event) {
                case Event.Negotiation(int verb, int option) ->
                        options.answer(verb, option)
                                .ifPresent(answer -> assertThat(answer.option()).isEqualTo(option));
                case Event.About(int option, byte[] what) -> {
                    if (what.length > 0) {
                        TelnetCharset.wanted(what);
                        TelnetCharset.accepted(what);
                    }
                }
                case Event.Typed _, Event.Command _ -> {
                    // what they do needs a session
                }
            }
        }
    }
}
