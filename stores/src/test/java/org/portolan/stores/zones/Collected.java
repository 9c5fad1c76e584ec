package org.portolan.stores.zones;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What was read of a master file, as text that can be compared. */
record Collected(List<String> records, List<String> problems) {
    static final String ZONE = "example.org";

    /** Reads {@code text} as the zone example.org; each character is an octet. */
    static Collected of(Path folder, String text) throws IOException {
        return of(folder, text, MasterFile.Limits.USUAL);
    }

    static Collected of(Path folder, String text, MasterFile.Limits limits) throws IOException {
        Path file = folder.resolve(ZONE + ".zone");
        Files.write(file, text.getBytes(ISO_8859_1));
        return of(folder, file, limits);
    }

    static Collected of(Path folder, Path file, MasterFile.Limits limits) {
        List<String> records = new ArrayList<>();
        MasterFile.Reading read =
                MasterFile.read(
                        folder,
                        file,
                        wire(ZONE),
                        limits,
                        (owner, type, ttl, data, length) ->
                                records.add(
                                        NameText.of(owner)
                                                + " "
                                                + ttl
                                                + " "
                                                + TypeNames.of(type)
                                                + " "
                                                + HexFormat.of().formatHex(data, 0, length)));
        return new Collected(records, read.problems());
    }

    /** The same, with the data as master files write it. */
    List<String> lines() {
        return records.stream().map(Collected::line).toList();
    }

    private static String line(String record) {
        String[] parts = record.split(" ", -1);
        byte[] data = HexFormat.of().parseHex(parts[3]);
        int type = TypeNames.named(parts[2]).orElseThrow();
        return String.join(" ", Arrays.asList(parts).subList(0, 3)) + " " + DataText.of(type, data);
    }

    static byte[] wire(String name) {
        try {
            return NameText.wire(name);
        } catch (ZoneProblem e) {
            throw new AssertionError(e);
        }
    }
}
