package org.portolan.names.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.portolan.stores.zones.Zone;
import org.portolan.stores.zones.ZoneTable;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A zone is replaced while it is asked about: every answer is the one or the other, whole. */
class ReloadTest {
    private static final String APEX = "changing.example.";
    private static final int QUESTIONS = 20_000;

    private static ZoneTable table(int serial) {
        String text = "@ 60 SOA ns host %1$d 2 3 4 5\n@ 60 NS ns\nhost 60 A 10.0.0.%1$d\n";
        Zone zone = ZoneFiles.built(APEX, ZoneFiles.parsed(APEX, text.formatted(serial)));
        return ZoneTable.of(List.of(zone));
    }

    @Test
    void noQuestionIsLost() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (NamesSite site = new NamesSite(Map.of());
                DatagramSocket client = new DatagramSocket()) {
            site.serve(table(1));
            Thread reloader =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int serial = 1; !over.get(); serial++) {
                                            site.serve(table(serial % 100 + 1));
                                        }
                                    });
            client.connect(site.udp());
            client.setSoTimeout(20_000);
            byte[] question = Asker.question(Name.fromConstantString("host." + APEX), Type.A);
            byte[] room = new byte[512];
            for (int i = 0; i < QUESTIONS; i++) {
                Bytes.putTwo(question, 0, i);
                client.send(new DatagramPacket(question, question.length));
                DatagramPacket packet = new DatagramPacket(room, room.length);
                client.receive(packet);
                assertThat(Bytes.two(room, 0)).isEqualTo(i & 0xffff);
                if (i % 100 == 0) {
                    Message answer = new Message(room);
                    ARecord host = (ARecord) answer.getSection(Section.ANSWER).getFirst();
                    assertThat(host.getAddress().getAddress()[3]).isBetween((byte) 1, (byte) 100);
                }
            }
            over.set(true);
            reloader.join();
        }
    }
}
