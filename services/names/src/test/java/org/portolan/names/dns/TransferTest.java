package org.portolan.names.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.portolan.stores.zones.Zone;
import org.portolan.stores.zones.ZoneTable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Whole zones by TCP. */
class TransferTest {
    private static final String APEX = "big.example.";
    private static final int NAMES = 20_000;
    private static final Name OTHER = Name.fromConstantString("mail.portolan.example.");

    private static String text(int serial) {
        StringBuilder text = new StringBuilder("@ 60 SOA ns host " + serial + " 2 3 4 5\n");
        text.append("@ 60 NS ns\n@ 60 NS ns.elsewhere.example.\n");
        for (int i = 0; i < NAMES; i++) {
            text.append("Host%d.%s%d 60 A 10.0.0.1\n".formatted(i, part(i), i % 100));
            text.append("Host%d.%s%d 60 MX 5 host%d\n".formatted(i, part(i), i % 100, i + 1));
        }
        return text.toString();
    }

    /** Written in two ways, and each is to come as it is written. */
    private static String part(int number) {
        return number % 3 == 0 ? "Part" : "part";
    }

    private static Zone big(int serial) {
        return ZoneFiles.built(APEX, ZoneFiles.parsed(APEX, text(serial)));
    }

    private static void send(DataOutputStream out, byte[] message) throws IOException {
        out.writeShort(message.length);
        out.write(message);
        out.flush();
    }

    private static Message receive(DataInputStream in) throws IOException {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return new Message(message);
    }

    private static byte[] question(Name name, int type, int id) {
        byte[] question = Asker.question(name, type);
        Bytes.putTwo(question, 0, id);
        return question;
    }

    @Test
    void allOfItComesThoughItIsReplacedMeanwhileAndOthersAreAsked() throws Exception {
        try (NamesSite site = new NamesSite(Map.of());
                Socket client = new Socket(site.tcp().getAddress(), site.tcp().getPort())) {
            List<Zone> before = new ArrayList<>(ZoneFiles.all().zones());
            before.add(big(1));
            site.serve(ZoneTable.of(before));
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            DataInputStream in = new DataInputStream(client.getInputStream());
            Name apex = Name.fromConstantString(APEX);
            send(out, question(apex, Type.AXFR, 1));
            List<Record> got = new ArrayList<>(receive(in).getSection(Section.ANSWER));
            site.serve(ZoneTable.of(ZoneFiles.all().zones())); // it is gone
            send(out, question(OTHER, Type.A, 2));
            boolean answeredBetween = false;
            while (got.getLast().getType() != Type.SOA) {
                Message message = receive(in);
                if (message.getHeader().getID() == 2) {
                    answeredBetween = true;
                    assertThat(message.getSection(Section.ANSWER)).hasSize(1);
                } else {
                    assertThat(message.getRcode()).isEqualTo(Rcode.NOERROR);
                    got.addAll(message.getSection(Section.ANSWER));
                }
            }
            if (!answeredBetween) {
                assertThat(receive(in).getHeader().getID()).isEqualTo(2);
            }
            assertThat(got).hasSize(4 + 2 * NAMES);
            assertThat(got.getFirst()).isEqualTo(got.getLast());
            Set<Record> wanted = new HashSet<>(ZoneFiles.parsed(APEX, text(1)));
            assertThat(new HashSet<>(got)).isEqualTo(wanted);
            assertThat(casedNames(got)).isEqualTo(casedNames(List.copyOf(wanted)));
        }
    }

    private static Set<String> casedNames(List<Record> records) {
        Set<String> names = new TreeSet<>();
        records.forEach(each -> names.add(each.getName().toString()));
        return names;
    }

    @Test
    void nobodyElseGetsIt() throws Exception {
        Map<String, Object> others = Map.of("transfer_to", List.of("192.0.2.0/24"));
        try (NamesSite site = new NamesSite(others);
                Socket client = new Socket(site.tcp().getAddress(), site.tcp().getPort())) {
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            DataInputStream in = new DataInputStream(client.getInputStream());
            for (int type : new int[] {Type.AXFR, Type.IXFR}) {
                send(out, question(Name.fromConstantString("portolan.example."), type, 1));
                Message answer = receive(in);
                assertThat(answer.getRcode()).isEqualTo(Rcode.REFUSED);
                assertThat(answer.getSection(Section.ANSWER)).isEmpty();
            }
        }
    }
}
