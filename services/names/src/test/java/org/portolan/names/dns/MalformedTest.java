package org.portolan.names.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.stores.zones.ZoneTable;
import org.portolan.testkit.Seeds;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Whatever comes, what is said is silence or a message that another can read. */
class MalformedTest {
    private static final int HEAD = 12;

    private final ZoneTable zones = ZoneFiles.all();
    private final Asker asker = new Asker();

    private void ask(byte[] request) {
        for (boolean stream : new boolean[] {false, true}) {
            byte[] answer = asker.ask(zones, request, stream);
            if (answer.length == 0) {
                boolean isResponse = request.length >= HEAD && request[2] < 0;
                assertThat(request.length < HEAD || isResponse).isTrue();
                continue;
            }
            assertThat(answer.length).isLessThanOrEqualTo(stream ? 0xffff : 1232);
            assertThat(answer[2] & 0x80).as("an answer is marked as one").isEqualTo(0x80);
            assertThat(Arrays.copyOf(answer, 2)).isEqualTo(Arrays.copyOf(request, 2));
            try {
                Message message = new Message(answer);
                assertThat(message.getHeader().getOpcode()).isEqualTo((request[2] >> 3) & 0xf);
            } catch (IOException e) {
                throw new AssertionError("unreadable: " + Arrays.toString(answer), e);
            }
        }
    }

    private static List<byte[]> seeds() {
        return Seeds.lines(MalformedTest.class, "").toList();
    }

    @Test
    void whatTheDialoguesAskCutOffAnywhere() {
        for (byte[] seed : seeds()) {
            for (int length = 0; length <= seed.length; length++) {
                ask(Arrays.copyOf(seed, length));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void whatTheDialoguesAskWithSomeBytesChanged(int seed) {
        Random random = new Random(seed);
        List<byte[]> requests = new ArrayList<>(seeds());
        for (int round = 0; round < 20_000; round++) {
            byte[] request = requests.get(random.nextInt(requests.size())).clone();
            for (int change = random.nextInt(4); change >= 0 && request.length > 0; change--) {
                int at = random.nextInt(request.length);
                byte[] values = {
                    0, 1, (byte) 0xff, (byte) 0xc0, 0x3f, 0x0c, 41, (byte) random.nextInt()
                };
                request[at] = values[random.nextInt(values.length)];
            }
            ask(request);
        }
    }

    @Test
    void everyLengthOfName() {
        for (int size = 1; size <= 260; size++) {
            byte[] request = new byte[HEAD + size + 4];
            request[5] = 1;
            int at = HEAD;
            int left = size - 1;
            while (left > 0) {
                int label = Math.min(63, left - 1);
                if (label == 0) { // one byte is no label: the name is one shorter
                    break;
                }
                request[at] = (byte) label;
                Arrays.fill(request, at + 1, at + 1 + label, (byte) 'x');
                at += 1 + label;
                left -= 1 + label;
            }
            request[at + 2] = 1;
            request[at + 4] = 1;
            ask(Arrays.copyOf(request, at + 5));
        }
    }

    /** What could be asked to have much sent to another: never more than was agreed. */
    @Test
    void noAnswerIsLongerThanItMayBe() {
        for (String name : List.of("large.portolan.example.", "www.busy.portolan.example.")) {
            for (int type : new int[] {Type.TXT, Type.ANY, Type.A, Type.NS}) {
                Name asked = Name.fromConstantString(name);
                byte[] answer = asker.ask(zones, Asker.question(asked, type), false);
                assertThat(answer.length).isLessThanOrEqualTo(512);
            }
        }
    }
}
