package org.portolan.stores.zones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Events;
import org.portolan.stores.SteppedClock;
import org.portolan.stores.StoreException;

/** The folder of zones, as administrators change it while it is served. */
class ZonesTest {
    private static final SiteZone OWN = SiteZone.of("site.example", List.of(), List.of());

    @TempDir Path data;
    private final SteppedClock clock = new SteppedClock();
    private Events events;
    private Zones zones;
    private final List<Zones.Change> changes = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws Exception {
        events = new Events(data, clock);
        zones = new Zones(data.resolve("zones"), events, clock);
        zones.listen(changes::add);
    }

    @AfterEach
    void close() {
        zones.close();
        events.close();
    }

    private void start() {
        zones.start(OWN).join();
        changes.clear();
    }

    private Path file(String name, String text) throws IOException {
        Path file = zones.folder().resolve(name);
        Files.createDirectories(file.getParent());
        Path draft = data.resolve("draft");
        Files.writeString(draft, text);
        return Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String zone(long serial, String... lines) {
        return "$TTL 60\n@ SOA ns1 admin %d 1 1 1 1\n@ NS ns1.example.net.\n".formatted(serial)
                + String.join("\n", lines)
                + "\n";
    }

    private List<String> served() {
        return zones.states().stream()
                .filter(zone -> zone.serial().isPresent())
                .map(zone -> zone.name() + " " + zone.serial().getAsLong())
                .toList();
    }

    private ZoneState state(String name) {
        return zones.states().stream().filter(z -> z.name().equals(name)).findFirst().orElseThrow();
    }

    private List<String> lines(String zone) throws Exception {
        List<String> lines = new ArrayList<>();
        zones.show(zone, Optional.empty(), Optional.empty(), line -> lines.add(line.toString()));
        return lines;
    }

    private void awaitEvent(Events.Kind kind, String words) {
        await().untilAsserted(
                        () ->
                                assertThat(events.latest(9))
                                        .extracting(Events.Event::kind, Events.Event::words)
                                        .contains(tuple(kind, words)));
    }

    // ---- what lies in the folder

    @Test
    void whatLiesThereIsServed() throws Exception {
        file("example.org.zone", zone(5, "www A 192.0.2.1"));
        file("2.0.192.IN-ADDR.arpa.zone", zone(6, "1 PTR www.example.org."));
        file("0\\04725.3.0.192.in-addr.arpa.zone", zone(7));
        file("hosts.inc", "not looked at\n");
        start();
        assertThat(served())
                .containsExactly(
                        "0\\04725.3.0.192.in-addr.arpa 7",
                        "2.0.192.in-addr.arpa 6",
                        "example.org 5",
                        "site.example 2027011501");
        assertThat(zones.table().zones()).hasSize(4);
        assertThat(zones.problems()).isEmpty();
        assertThat(state("example.org").records()).isEqualTo(3);
        assertThat(lines("example.org"))
                .containsExactly(
                        "example.org.\t60\tIN\tSOA\tns1.example.org. admin.example.org. 5 1 1 1 1",
                        "example.org.\t60\tIN\tNS\tns1.example.net.",
                        "www.example.org.\t60\tIN\tA\t192.0.2.1");
    }

    @Test
    void whatIsNoZoneIsSaidToBeNone() throws Exception {
        file("example.org.zone", zone(5));
        file("Example.ORG.zone", zone(6));
        file("a..b.zone", zone(7));
        file("b\u00fccher.example.zone", zone(8));
        file("broken.example.zone", "$TTL 1\n@ SOA a b\n");
        file("empty.example.zone", "");
        start();
        assertThat(served()).hasSize(2);
        assertThat(zones.problems())
                .contains(
                        "\"a..b\" has a label without letters",
                        "\"b\u00fccher.example\": a zone's name is written in its ASCII form, like"
                                + " xn--bcher-kva.example",
                        "zone broken.example: broken.example.zone:2: a serial number is missing",
                        "zone empty.example: empty.example.zone: the zone empty.example. has no"
                                + " SOA")
                .anyMatch(problem -> problem.contains(": its zone is in "));
    }

    @Test
    void namesOfAZoneThatCannotBeReadAreNoStrangers() throws Exception {
        file("example.org.zone", zone(5));
        file("broken.example.org.zone", "$TTL 1\n@ SOA a b\n");
        start();
        ZoneTable table = zones.table();
        LookupName name = new LookupName();
        for (String below : List.of("broken.example.org.", "a.b.Broken.Example.org.")) {
            name.read(NameText.wire(below), 0);
            assertThat(table.isMissing(name, table.find(name))).as(below).isTrue();
        }
        for (String other : List.of("example.org.", "unbroken.example.org.", "elsewhere.")) {
            name.read(NameText.wire(other), 0);
            assertThat(table.isMissing(name, table.find(name))).as(other).isFalse();
        }
        file("broken.example.org.zone", zone(6));
        zones.reload(OWN);
        name.read(NameText.wire("broken.example.org."), 0);
        assertThat(zones.table().isMissing(name, zones.table().find(name))).isFalse();
    }

    @Test
    void aFileThatMayNotBeReadIsAProblem() throws Exception {
        Files.createSymbolicLink(
                zones.folder().resolve("out.example.zone"),
                Files.writeString(data.resolve("out"), zone(1)));
        Files.createDirectory(zones.folder().resolve("dir.example.zone"));
        start();
        assertThat(zones.problems())
                .containsExactly(
                        "zone dir.example: dir.example.zone cannot be read: it is not a file",
                        "zone out.example: out.example.zone cannot be read: it leads out of "
                                + zones.folder());
    }

    // ---- reload

    @Test
    void aChangedFileIsReadAgain() throws Exception {
        file("example.org.zone", zone(5));
        start();
        file("example.org.zone", zone(6, "a A 192.0.2.1"));
        file("new.example.zone", zone(1));
        assertThat(zones.reload(OWN)).isEmpty();
        assertThat(served()).contains("example.org 6", "new.example 1");
        assertThat(changes)
                .containsExactlyInAnyOrder(
                        new Zones.Change("example.org", 5, 6),
                        new Zones.Change("new.example", -1, 1));
        awaitEvent(Events.Kind.CHANGED, "zone example.org: serial 5, then 6");
    }

    @Test
    void aBrokenZoneGoesOnAsItWas() throws Exception {
        file("example.org.zone", zone(5, "a A 192.0.2.1"));
        start();
        file("example.org.zone", zone(6, "a A 192.0.2"));
        String why =
                "zone example.org: example.org.zone:4: an IPv4 address is wanted, like 192.0.2.7,"
                        + " not \"192.0.2\"";
        assertThat(zones.reload(OWN)).containsExactly(why);
        assertThat(zones.problems()).containsExactly(why);
        assertThat(served()).contains("example.org 5");
        assertThat(lines("example.org")).contains("a.example.org.\t60\tIN\tA\t192.0.2.1");
        assertThat(changes).isEmpty();
        awaitEvent(Events.Kind.REFUSED, why.replace("org: ex", "org goes on with serial 5: ex"));
        file("example.org.zone", zone(7));
        assertThat(zones.reload(OWN)).isEmpty();
        assertThat(served()).contains("example.org 7");
    }

    @Test
    void aChangedIncludeIsAChangedZone() throws Exception {
        file("example.org.zone", zone(5, "$INCLUDE parts/hosts"));
        start();
        assertThat(zones.problems())
                .containsExactly(
                        "zone example.org: example.org.zone:4: \"parts/hosts\" is not there");
        file("parts/hosts", "a A 192.0.2.1\n");
        assertThat(zones.reload(OWN)).isEmpty();
        assertThat(state("example.org").records()).isEqualTo(3);
        file("parts/hosts", "a A 192.0.2.1\nb A 192.0.2.2\n");
        zones.reload(OWN);
        assertThat(state("example.org").records()).isEqualTo(4);
    }

    @Test
    void aChangeWithoutANewSerialIsServedWithAWarning() throws Exception {
        file("example.org.zone", zone(5));
        start();
        file("example.org.zone", zone(5, "a A 192.0.2.1"));
        zones.reload(OWN);
        assertThat(state("example.org").records()).isEqualTo(3);
        assertThat(state("example.org").warnings())
                .containsExactly(
                        "its serial went from 5 to 5: secondaries do not notice what changed");
        assertThat(changes).containsExactly(new Zones.Change("example.org", 5, 5));
        file("example.org.zone", zone(4_000_000_000L));
        zones.reload(OWN);
        assertThat(state("example.org").warnings()).hasSize(1); // RFC 1982: that is before 5
        file("example.org.zone", zone(6));
        zones.reload(OWN);
        assertThat(state("example.org").warnings()).isEmpty();
    }

    @Test
    void aFileThatWasOnlyTouchedChangesNothing() throws Exception {
        Path file = file("example.org.zone", zone(5));
        start();
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        zones.reload(OWN);
        assertThat(state("example.org").warnings()).isEmpty();
        assertThat(changes).isEmpty();
    }

    @Test
    void aZoneGoesWithItsFile() throws Exception {
        Path file = file("example.org.zone", zone(5));
        start();
        Files.delete(file);
        zones.reload(OWN);
        assertThat(served()).containsExactly("site.example 2027011501");
        assertThat(changes).containsExactly(new Zones.Change("example.org", 5, -1));
    }

    @Test
    void changesAreNoticedUnasked() throws Exception {
        start();
        file("example.org.zone", zone(5));
        await().until(() -> served().contains("example.org 5"));
        file("example.org.zone", zone(6));
        await().until(() -> served().contains("example.org 6"));
    }

    @Test
    void largeZonesComeAfterTheStart() throws Exception {
        file(
                "large.example.zone",
                zone(5, "$GENERATE 1-9 a$ A 1.1.1.$", ";" + "x".repeat(2_000_000)));
        start();
        await().until(() -> served().contains("large.example 5"));
    }

    /** Whoever asks while zones are replaced sees one whole zone, and never an older one. */
    @Test
    void readersSeeWholeZones() throws Exception {
        file("example.org.zone", zone(1, "a A 0.0.0.1", "b A 0.0.0.1"));
        start();
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        AtomicLong seen = new AtomicLong();
        CountDownLatch stop = new CountDownLatch(1);
        LookupName name = new LookupName();
        byte[] wire = Collected.wire("a.example.org");
        assertThat(name.read(wire, 0, wire.length)).isTrue();
        Thread reader =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        while (stop.getCount() > 0) {
                                            look(name, seen);
                                        }
                                    } catch (Throwable e) {
                                        wrong.set(e);
                                    }
                                });
        for (int serial = 2; serial <= 100; serial++) {
            String address = "0.0.0." + serial;
            file("example.org.zone", zone(serial, "a A " + address, "b A " + address));
            zones.reload(OWN);
        }
        await().until(() -> seen.get() == 100 || wrong.get() != null);
        stop.countDown();
        reader.join();
        assertThat(wrong.get()).isNull();
    }

    private void look(LookupName name, AtomicLong seen) {
        Zone zone = zones.table().find(name);
        assertThat(zone).isNotNull();
        long serial = zone.serial();
        zone.forEach(
                (owner, length, type, ttl, bytes, at, size) -> {
                    if (type == RecordType.A) {
                        assertThat(bytes[at + 3] & 0xff).isEqualTo((int) serial);
                    }
                });
        assertThat(serial).isGreaterThanOrEqualTo(seen.getAndSet(serial));
    }

    // ---- what administrators ask for

    @Test
    void aZoneIsAddedAndRemoved() throws Exception {
        start();
        ZoneState added = zones.addStarter("Example.ORG.");
        assertThat(added.name()).isEqualTo("example.org");
        assertThat(added.records()).isEqualTo(2);
        assertThat(lines("example.org"))
                .first()
                .asString()
                .startsWith("example.org.\t3600\tIN\tSOA\tsite.example. hostmaster.example.org. ");
        assertThat(changes).containsExactly(new Zones.Change("example.org", -1, 2027011501L));
        assertThatThrownBy(() -> zones.addStarter("example.org"))
                .isInstanceOf(StoreException.class)
                .hasMessage("the zone example.org is there already");
        zones.remove("EXAMPLE.org");
        assertThat(zones.folder().resolve("example.org.zone")).doesNotExist();
        assertThat(served()).containsExactly("site.example 2027011501");
        assertThatThrownBy(() -> zones.remove("example.org"))
                .hasMessage("there is no zone example.org");
    }

    @Test
    void aZoneIsCopied() throws Exception {
        start();
        Path from = Files.writeString(data.resolve("from"), zone(9, "a A 192.0.2.1"));
        assertThat(zones.addCopy("example.org", from, "from").records()).isEqualTo(3);
        assertThat(zones.folder().resolve("example.org.zone")).hasSameTextualContentAs(from);
    }

    @Test
    void aBrokenCopyIsRefusedAndLeavesNothing() throws Exception {
        start();
        Path from = Files.writeString(data.resolve("from"), zone(9, "a A x", "b A y"));
        assertThatThrownBy(() -> zones.addCopy("example.org", from, "my/from"))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "my/from:4: an IPv4 address is wanted, like 192.0.2.7, not \"x\"; "
                                + "my/from:5: an IPv4 address is wanted, like 192.0.2.7,"
                                + " not \"y\"");
        try (var files = Files.list(zones.folder())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactly("site.example.zone");
        }
    }

    @Test
    void aFileIsCheckedWithoutServingIt() throws Exception {
        start();
        Path draft = Files.writeString(data.resolve("example.org.zone"), zone(9, "@ NS ns1"));
        assertThat(zones.check(draft, Optional.empty()).problems()).isEmpty();
        assertThat(zones.check(draft, Optional.of("example.net")).name()).isEqualTo("example.net");
        Path other = Files.writeString(data.resolve("draft"), zone(9, "x.other. A 1.1.1.1"));
        assertThatThrownBy(() -> zones.check(other, Optional.empty()))
                .hasMessage("draft: a zone's file is called after it, like example.org.zone");
        assertThat(zones.check(other, Optional.of("example.org")).problems())
                .containsExactly("draft:4: x.other. is not in the zone example.org.");
        assertThat(served()).containsExactly("site.example 2027011501");
    }

    @Test
    void recordsAreShownByNameAndType() throws Exception {
        file("example.org.zone", zone(1, "WWW A 1.1.1.1", "www AAAA ::1", "b TXT x"));
        start();
        List<String> shown = new ArrayList<>();
        zones.show(
                "example.org",
                Optional.of("www.EXAMPLE.org"),
                Optional.of("aaaa"),
                line -> shown.add(line.toString()));
        assertThat(shown).containsExactly("WWW.example.org.\t60\tIN\tAAAA\t::1");
        assertThatThrownBy(
                        () ->
                                zones.show(
                                        "example.org",
                                        Optional.empty(),
                                        Optional.of("BAD"),
                                        line -> {}))
                .hasMessage("\"BAD\" is no type of record");
        assertThatThrownBy(() -> lines("nowhere.example"))
                .hasMessage("the zone nowhere.example is not served");
    }

    @Test
    void theSitesOwnZoneIsNotRemovedByMistake() throws Exception {
        start();
        assertThatThrownBy(() -> zones.remove("site.example"))
                .hasMessageStartingWith("the site's own zone stays; ");
    }
}
