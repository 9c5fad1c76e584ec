package org.portolan.stores.zones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What a zone may hold, and what becomes of it. */
class ZoneBuilderTest {
    private static final String APEX = "zone.example.";
    private static final Name ORIGIN = Name.fromConstantString(APEX);

    private final ZoneBuilder builder = new ZoneBuilder(ORIGIN.toWire());

    private static Name name(String text) {
        return Name.fromConstantString(text.equals("@") ? APEX : text + "." + APEX);
    }

    private void add(String owner, long ttl, int type, String data) throws Exception {
        Record made = Record.fromString(name(owner), type, DClass.IN, ttl, data, ORIGIN);
        byte[] whole = made.toWire(1);
        int head = name(owner).toWire().length + 10;
        byte[] bytes = java.util.Arrays.copyOfRange(whole, head, whole.length);
        builder.add(name(owner).toWire(), type, ttl, bytes, bytes.length);
    }

    private Zone built() throws Exception {
        add("@", 60, Type.SOA, "ns host 7 2 3 4 5");
        add("@", 60, Type.NS, "ns");
        return builder.build();
    }

    private static List<String> shown(Zone zone) {
        List<String> all = new ArrayList<>();
        zone.forEach(
                (owner, ownerLength, type, ttl, bytes, dataAt, dataLength) ->
                        all.add(
                                "%s %d %s %d"
                                        .formatted(
                                                LookupName.text(owner, 0),
                                                ttl,
                                                Type.string(type),
                                                dataLength)));
        return all;
    }

    @Test
    void whatWasAddedIsShownTheApexFirst() throws Exception {
        add("www", 60, Type.A, "192.0.2.1");
        Zone zone = built();
        assertThat(shown(zone))
                .containsExactly(
                        "zone.example. 60 SOA 56",
                        "zone.example. 60 NS 17",
                        "www.zone.example. 60 A 4");
        assertThat(zone.serial()).isEqualTo(7);
        assertThat(zone.records()).isEqualTo(3);
        assertThat(zone.name()).isEqualTo(APEX);
    }

    @Test
    void theSameRecordIsKeptOnceWithTheLowestTtl() throws Exception {
        add("www", 60, Type.A, "192.0.2.1");
        add("mail", 60, Type.A, "192.0.2.9");
        add("WWW", 30, Type.A, "192.0.2.2");
        add("www", 90, Type.A, "192.0.2.1");
        Zone zone = built();
        assertThat(shown(zone))
                .filteredOn(line -> line.startsWith("www"))
                .containsExactly("www.zone.example. 30 A 4", "www.zone.example. 30 A 4");
        assertThat(builder.warnings()).hasSize(1).first().asString().contains("www.zone.example.");
    }

    private void refused(String words, String owner, int type, String data) {
        assertThatThrownBy(() -> add(owner, 60, type, data))
                .isInstanceOf(ZoneProblem.class)
                .hasMessageContaining(words);
    }

    @Test
    void whatCannotStandTogetherIsRefused() throws Exception {
        add("www", 60, Type.CNAME, "web");
        add("www", 60, Type.CNAME, "web"); // the same once more
        refused("two CNAMEs", "www", Type.CNAME, "other");
        refused("has a CNAME", "WWW", Type.A, "192.0.2.1");
        add("web", 60, Type.A, "192.0.2.1");
        refused("has other records", "web", Type.CNAME, "other");
        refused("own name", "@", Type.CNAME, "other");
        refused("not the zone's own name", "web", Type.SOA, "ns host 7 2 3 4 5");
        add("old", 60, Type.DNAME, "new");
        refused("two DNAMEs", "old", Type.DNAME, "newer");
        refused("is delegated", "old", Type.NS, "ns");
        add("@", 60, Type.SOA, "ns host 7 2 3 4 5");
        refused("two SOAs", "@", Type.SOA, "ns host 8 2 3 4 5");
        builder.add(name("raw").toWire(), Type.A, 60, new byte[4], 4);
        assertThatThrownBy(() -> builder.add(name("raw").toWire(), Type.A, 60, new byte[5], 5))
                .isInstanceOf(ZoneProblem.class);
        byte[] elsewhere = Name.fromConstantString("xzone.example.").toWire();
        assertThatThrownBy(() -> builder.add(elsewhere, Type.A, 60, new byte[4], 4))
                .hasMessageContaining("xzone.example. is not in the zone zone.example.");
    }

    @Test
    void aZoneNeedsASoaAndAServer() throws Exception {
        assertThatThrownBy(builder::build).hasMessageContaining("no SOA");
        add("@", 60, Type.SOA, "ns host 7 2 3 4 5");
        assertThatThrownBy(builder::build).hasMessageContaining("no server of its own");
    }

    @Test
    void aSetThatNoMessageHoldsIsRefused() throws Exception {
        for (int i = 0; i < 5000; i++) {
            add("www", 60, Type.A, "10.0.%d.%d".formatted(i / 256, i % 256));
        }
        assertThatThrownBy(this::built).hasMessageContaining("more than a message can hold");
    }

    private static int node(Zone zone, String text) {
        LookupName name = new LookupName();
        name.read(name(text).toWire(), 0);
        return zone.node(name, 0);
    }

    @Test
    void namesBetweenAreNodesAndWhatIsBelowACutIsMarked() throws Exception {
        add("a.B.c", 60, Type.A, "192.0.2.1");
        add("child", 60, Type.NS, "ns.child");
        add("ns.child", 60, Type.A, "192.0.2.2");
        add("*.wild", 60, Type.A, "192.0.2.3");
        Zone zone = built();
        assertThat(node(zone, "b.C")).isNotZero();
        assertThat(zone.sets(node(zone, "b.c"))).isZero();
        assertThat(node(zone, "a.c")).isZero();
        assertThat(zone.flags(node(zone, "child"))).isEqualTo(Zone.CUT);
        assertThat(zone.flags(node(zone, "ns.child"))).isEqualTo(Zone.OCCLUDED);
        assertThat(zone.flags(node(zone, "wild"))).isEqualTo(Zone.WILDCARD_BELOW);
    }

    /** More than one page of everything, and owners that come back again and again. */
    @Test
    void manyRecordsAreAllFound() throws Exception {
        int count = 60_000;
        for (int i = 0; i < 2 * count; i++) {
            byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
            byte[] owner = name("Host" + i % count).toWire();
            builder.add(owner, Type.A, 60, address, address.length);
        }
        Zone zone = built();
        assertThat(zone.records()).isEqualTo(2L * count + 2);
        LookupName name = new LookupName();
        byte[] written = new byte[LookupName.LONGEST];
        for (int i = 0; i < count; i++) {
            byte[] wire = name("hOST" + i).toWire();
            name.read(wire, 0);
            int node = zone.node(name, 0);
            assertThat(zone.count(zone.set(node, Type.A))).isEqualTo(2);
            zone.writeName(node, written);
            assertThat(written[1]).isEqualTo((byte) 'H');
        }
        assertThat(shown(zone)).hasSize(2 * count + 2);
    }

    @Test
    void theNearestZoneIsFound() throws Exception {
        Zone zone = built();
        ZoneBuilder below = new ZoneBuilder(name("sub").toWire());
        byte[] data = new byte[22];
        below.add(name("sub").toWire(), Type.SOA, 60, data, data.length);
        below.add(name("sub").toWire(), Type.NS, 60, new byte[1], 1);
        ZoneTable table = ZoneTable.of(List.of(zone, below.build()));
        LookupName name = new LookupName();
        name.read(name("a.b.SUB").toWire(), 0);
        assertThat(table.find(name).name()).isEqualTo("sub.zone.example.");
        name.read(name("a.b.other").toWire(), 0);
        assertThat(table.find(name).name()).isEqualTo(APEX);
        name.read(Name.fromConstantString("other.example.").toWire(), 0);
        assertThat(table.find(name)).isNull();
        assertThat(ZoneTable.EMPTY.find(name)).isNull();
    }
}
