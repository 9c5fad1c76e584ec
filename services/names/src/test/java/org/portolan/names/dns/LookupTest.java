package org.portolan.names.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.stores.zones.ZoneTable;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** What is answered, compared with an implementation that is too simple to be wrong. */
class LookupTest {
    private static final String APEX = "zone.example.";
    private static final int[] TYPES = {
        Type.A, Type.NS, Type.SOA, Type.CNAME, Type.MX, Type.TXT, Type.DS, Type.DNAME
    };

    /** Few labels, so that names meet, and lie above and below each other. */
    private static final List<String> LABELS = List.of("a", "b", "c", "*", "LongerLabel");

    private final Asker asker = new Asker();

    @Test
    void aNameOfAZoneThatCannotBeReadIsNeitherRefusedNorDenied() {
        ZoneTable table =
                ZoneTable.of(
                        List.of(ZoneFiles.zone("portolan.example.")),
                        List.of(
                                Name.fromConstantString("lost.portolan.example.").toWire(),
                                Name.fromConstantString("lost.example.").toWire()));
        for (String lost : List.of("a.lost.portolan.example.", "LOST.example.")) {
            assertThat(rcode(table, lost)).as(lost).isEqualTo(ResponseCode.SERVER_FAILURE);
        }
        assertThat(rcode(table, "b.portolan.example.")).isEqualTo(ResponseCode.NAME_ERROR);
        assertThat(rcode(table, "b.other.example.")).isEqualTo(ResponseCode.REFUSED);
    }

    private int rcode(ZoneTable table, String name) {
        return asker.ask(table, Name.fromConstantString(name), Type.A).getRcode();
    }

    private static Name name(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(most + 1); left > 0; left--) {
            text.append(LABELS.get(random.nextInt(LABELS.size()))).append('.');
        }
        return Name.fromConstantString(text + APEX);
    }

    private static List<Record> zone(Random random) {
        Name apex = Name.fromConstantString(APEX);
        List<Record> records = new ArrayList<>();
        records.addAll(ZoneFiles.parsed(APEX, "@ 60 SOA ns hostmaster 5 2 3 4 30\n@ 60 NS ns.a\n"));
        for (int left = 4 + random.nextInt(20); left > 0; left--) {
            Name owner = name(random, 4);
            Name target =
                    random.nextInt(8) == 0
                            ? Name.fromConstantString("elsewhere.example.")
                            : name(random, 4);
            boolean star = owner.isWild();
            Record made =
                    switch (random.nextInt(10)) {
                        case 0, 1 -> new CNAMERecord(owner, DClass.IN, 60, target);
                        case 2, 3 -> new NSRecord(owner, DClass.IN, 60, target);
                        case 4 -> new DNAMERecord(owner, DClass.IN, 60, target);
                        case 5 -> new MXRecord(owner, DClass.IN, 60, 10, target);
                        case 6 -> new TXTRecord(owner, DClass.IN, 60, "text");
                        default -> new ARecord(owner, DClass.IN, 60, address(random));
                    };
            // what a wildcard means that is delegated or renamed is left open (RFC 4592 §4.2, §4.4)
            boolean open = star && (made instanceof NSRecord || made instanceof DNAMERecord);
            if (!open && !owner.equals(apex) && fits(records, made)) {
                records.add(made);
            }
        }
        return records;
    }

    private static java.net.InetAddress address(Random random) {
        byte[] bytes = {10, 0, 0, (byte) random.nextInt(4)};
        try {
            return java.net.InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** What the builder of a zone would refuse. */
    private static boolean fits(List<Record> records, Record made) {
        boolean alone = made instanceof CNAMERecord || made instanceof DNAMERecord;
        for (Record there : records) {
            if (there.getName().equals(made.getName())
                    && (alone
                            || there instanceof CNAMERecord
                            || there instanceof DNAMERecord
                            || there.equals(made))) {
                return false;
            }
        }
        return true;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyAnswerIsThatOfTheReference(int seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            List<Record> records = zone(random);
            ZoneTable table = ZoneTable.of(List.of(ZoneFiles.built(APEX, records)));
            ReferenceServer reference = new ReferenceServer(Name.fromConstantString(APEX), records);
            for (int question = 0; question < 150; question++) {
                Name name = name(random, 5);
                int type = TYPES[random.nextInt(TYPES.length)];
                ReferenceServer.Said wanted = reference.ask(name, type);
                if (wanted.answer().size() < 12) { // longer chains are cut off
                    assertThat(said(asker.ask(table, name, type)))
                            .as("%s %s of %s", name, Type.string(type), records)
                            .isEqualTo(wanted);
                }
            }
        }
    }

    private static ReferenceServer.Said said(Message message) {
        return new ReferenceServer.Said(
                message.getRcode(),
                message.getHeader().getFlag(Flags.AA),
                lines(message, Section.ANSWER),
                lines(message, Section.AUTHORITY));
    }

    private static Set<String> lines(Message message, int section) {
        Set<String> lines = new TreeSet<>();
        for (Record each : message.getSection(section)) {
            lines.addAll(ReferenceServer.lines(List.of(each), each.getName()));
        }
        return lines;
    }

    @Test
    void theTtlOfWhatIsNotThereIsTheLesser() {
        Message answer = asker.ask(ZoneFiles.all(), name("missing.second.example."), Type.A);
        assertThat(answer.getSection(Section.AUTHORITY).getFirst().getTTL()).isEqualTo(60);
        answer = asker.ask(ZoneFiles.all(), name("missing.portolan.example."), Type.A);
        assertThat(answer.getSection(Section.AUTHORITY).getFirst().getTTL()).isEqualTo(300);
    }

    private static Name name(String text) {
        return Name.fromConstantString(text);
    }

    @Test
    void aChainEndsSomewhere() {
        StringBuilder text = new StringBuilder("@ 60 SOA ns hostmaster 5 2 3 4 30\n@ 60 NS ns\n");
        for (int link = 0; link < 100; link++) {
            text.append("c%d 60 CNAME c%d\n".formatted(link, link + 1));
        }
        ZoneTable table =
                ZoneTable.of(
                        List.of(ZoneFiles.built(APEX, ZoneFiles.parsed(APEX, text.toString()))));
        Message answer = asker.ask(table, name("c0." + APEX), Type.A);
        assertThat(answer.getSection(Section.ANSWER)).hasSize(16);
    }

    @Test
    void aDnameThatLeadsBelowItselfEndsSomewhere() {
        ZoneTable table =
                ZoneTable.of(
                        List.of(
                                ZoneFiles.built(
                                        APEX,
                                        ZoneFiles.parsed(
                                                APEX,
                                                "@ 60 SOA ns hostmaster 5 2 3 4 30\n"
                                                        + "@ 60 NS ns\nd 60 DNAME x.d\n"))));
        Message answer = asker.ask(table, name("a.d." + APEX), Type.A);
        assertThat(answer.getSection(Section.ANSWER)).hasSizeLessThanOrEqualTo(17);
    }

    /** A parent and its child are both ours: the child answers, but for DS. */
    @Test
    void dsIsTheParents() {
        String soa = "@ 60 SOA ns hostmaster 5 2 3 4 30\n@ 60 NS ns\n";
        String ds = "child 60 NS ns\nchild 60 DS 1 8 1 000102030405060708090a0b0c0d0e0f10111213\n";
        ZoneTable table =
                ZoneTable.of(
                        List.of(
                                ZoneFiles.built(APEX, ZoneFiles.parsed(APEX, soa + ds)),
                                ZoneFiles.built(
                                        "child." + APEX, ZoneFiles.parsed("child." + APEX, soa))));
        Message answer = asker.ask(table, name("child." + APEX), Type.DS);
        assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
        answer = asker.ask(table, name("child." + APEX), Type.NS);
        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
    }
}
