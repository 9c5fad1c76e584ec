package org.portolan.stores.zones;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * How one zone is.
 *
 * @param name in small letters, without the last dot
 * @param serial of what is served; empty if nothing is
 * @param records how many are served
 * @param bytes of memory that they take
 * @param read when what is served was read; if nothing is, when its file was
 * @param problems why its file is not served as it is now; with file and line
 * @param warnings what is odd about what is served
 */
public record ZoneState(
        String name,
        OptionalLong serial,
        long records,
        long bytes,
        Path file,
        Instant read,
        List<String> problems,
        List<String> warnings) {}
