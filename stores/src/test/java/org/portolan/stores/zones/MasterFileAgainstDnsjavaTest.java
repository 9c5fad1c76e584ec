package org.portolan.stores.zones;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * Thousands of files, made up from everything that master files may hold, are read here and by
 * dnsjava; what comes out has to be the same to the octet.
 */
class MasterFileAgainstDnsjavaTest {
    private static final int FILES = 4000;

    @TempDir Path folder;

    @Test
    void bothReadTheSame() throws Exception {
        int sound = 0;
        for (int seed = 0; seed < FILES; seed++) {
            String text = new MadeUpFile(new Random(seed)).text();
            Collected ours = Collected.of(folder, text);
            List<String> theirs = theirs(text);
            assertThat(ours.problems()).as("seed %d:%n%s", seed, text).isEmpty();
            assertThat(ours.records()).as("seed %d:%n%s", seed, text).isEqualTo(theirs);
            sound += theirs.size();
        }
        assertThat(sound).isGreaterThan(FILES * 5);
    }

    private static List<String> theirs(String text) throws IOException {
        List<String> records = new ArrayList<>();
        try (Master master =
                new Master(
                        new ByteArrayInputStream(text.getBytes(ISO_8859_1)),
                        new Name(Collected.wire(Collected.ZONE)))) {
            for (Record record = master.nextRecord();
                    record != null;
                    record = master.nextRecord()) {
                int head = record.getName().toWire().length + 10;
                String data = HexFormat.of().formatHex(record.toWire(Section.ANSWER));
                records.add(
                        NameText.of(record.getName().toWire())
                                + " "
                                + record.getTTL()
                                + " "
                                + TypeNames.of(record.getType())
                                + " "
                                + data.substring(2 * head));
            }
        }
        return records;
    }
}
