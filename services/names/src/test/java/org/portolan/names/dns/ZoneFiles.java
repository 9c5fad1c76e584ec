package org.portolan.names.dns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.portolan.stores.zones.Zone;
import org.portolan.stores.zones.ZoneBuilder;
import org.portolan.stores.zones.ZoneProblem;
import org.portolan.stores.zones.ZoneTable;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Zones for tests, read by dnsjava. */
final class ZoneFiles {
    private static final int RECORD_TAIL = 10; // type, class, TTL, length of the data

    private ZoneFiles() {}

    /** The zones that the dialogues ask about. */
    static ZoneTable all() {
        return ZoneTable.of(List.of(zone("portolan.example."), zone("second.example.")));
    }

    static Zone zone(String apex) {
        return built(apex, records(apex));
    }

    /** The records of {@code apex} in this folder's file. */
    static List<Record> records(String apex) {
        try (InputStream in = ZoneFiles.class.getResourceAsStream(apex + "zone")) {
            return parsed(apex, new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The records of a master file. */
    static List<Record> parsed(String apex, String text) {
        try {
            List<Record> records = new ArrayList<>();
            Master master =
                    new Master(
                            new ByteArrayInputStream(text.getBytes(UTF_8)), Name.fromString(apex));
            for (Record next = master.nextRecord(); next != null; next = master.nextRecord()) {
                records.add(next);
            }
            return records;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Zone built(String apex, List<Record> records) {
        try {
            ZoneBuilder builder = new ZoneBuilder(Name.fromString(apex).toWire());
            for (Record each : records) {
                byte[] owner = each.getName().toWire();
                byte[] whole = each.toWire(Section.ANSWER);
                int head = owner.length + RECORD_TAIL;
                byte[] data = Arrays.copyOfRange(whole, head, whole.length);
                builder.add(owner, each.getType(), each.getTTL(), data, data.length);
            }
            return builder.build();
        } catch (IOException | ZoneProblem e) {
            throw new AssertionError(e);
        }
    }
}
