package org.portolan.stores.zones;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading one zone.
 *
 * @param zone null if it cannot be served
 * @param problems why not, each with file and line; empty if it can
 * @param warnings what is odd about it
 * @param files how every file of it looked before it was read
 * @param checksum of all their bytes
 */
record ZoneReading(
        @Nullable Zone zone,
        List<String> problems,
        List<String> warnings,
        Map<Path, FileStamp> files,
        long checksum) {

    /**
     * Reads a zone.
     *
     * @param folder in which its file, and all that this includes, has to lie
     */
    static ZoneReading of(Path folder, ZoneFile file, MasterFile.Limits limits) {
        ZoneBuilder builder = new ZoneBuilder(file.apex());
        MasterFile.Reading read =
                MasterFile.read(folder, file.path(), file.apex(), limits, builder::add);
        List<String> problems = new ArrayList<>(read.problems());
        Zone zone = null;
        if (problems.isEmpty()) {
            try {
                zone = builder.build();
            } catch (ZoneProblem e) {
                problems.add(folder.relativize(file.path()) + ": " + e.getMessage());
            }
        }
        return new ZoneReading(zone, problems, builder.warnings(), read.files(), read.checksum());
    }
}
