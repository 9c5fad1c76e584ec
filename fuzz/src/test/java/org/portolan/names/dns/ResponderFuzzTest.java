package org.portolan.names.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.kernel.Section;
import org.portolan.stores.zones.ZoneBuilder;
import org.portolan.stores.zones.ZoneProblem;
import org.portolan.stores.zones.ZoneTable;
import org.portolan.testkit.Seeds;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

class ResponderFuzzTest {
    private static final String APEX = "portolan.example.";
    private static final int HEAD = 12;
    private static final int RECORD_TAIL = 10; // type, class, TTL, length of the data
    private static final byte[] HERE = {127, 0, 0, 1};

    private static final ZoneTable ZONES = zones();

    private final Responder responder =
            new Responder(
                    DnsSettings.read(
                            new Section(
                                    "dns", Map.of("transfer_to", List.of("127.0.0.1")), key -> "")),
                    new byte[16]);
    private final byte[] in = new byte[4096];
    private final byte[] room = new byte[0xffff];

    private static ZoneTable zones() {
        try (InputStream text = ResponderFuzzTest.class.getResourceAsStream(APEX + "zone")) {
            Name origin = Name.fromString(APEX);
            ZoneBuilder builder = new ZoneBuilder(origin.toWire());
            Master master = new Master(text, origin);
            for (Record next = master.nextRecord(); next != null; next = master.nextRecord()) {
                byte[] owner = next.getName().toWire();
                byte[] whole = next.toWire(org.xbill.DNS.Section.ANSWER);
                byte[] data = Arrays.copyOfRange(whole, owner.length + RECORD_TAIL, whole.length);
                builder.add(owner, next.getType(), next.getTTL(), data, data.length);
            }
            return ZoneTable.of(List.of(builder.build()));
        } catch (IOException | ZoneProblem e) {
            throw new AssertionError(e);
        }
    }

    static Stream<byte[]> seeds() {
        return Seeds.lines(Responder.class, "");
    }

    @MethodSource("seeds")
    @FuzzTest
    void whateverIsAskedIsPassedOverOrAnsweredReadably(byte[] request) throws IOException {
        int length = Math.min(request.length, in.length);
        System.arraycopy(request, 0, in, 0, length);
        for (boolean stream : new boolean[] {false, true}) {
            int answered = responder.respond(in, length, HERE, 0, stream, ZONES, room);
            if (answered == 0) {
                assertThat(length < HEAD || request[2] < 0).isTrue();
                continue;
            }
            assertThat(answered).isBetween(HEAD, stream ? 0xffff : 1232);
            Message answer = new Message(Arrays.copyOf(room, answered));
            assertThat(answer.getHeader().getID()).isEqualTo(Bytes.two(request, 0));
            assertThat(answer.getHeader().getOpcode()).isEqualTo((request[2] >> 3) & 0xf);
            if (!stream) {
                int slipped = responder.slipped();
                assertThat(slipped).isLessThanOrEqualTo(answered);
                assertThat(new Message(Arrays.copyOf(room, slipped)).getSection(1)).isEmpty();
            }
        }
    }
}
