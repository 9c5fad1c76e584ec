package org.portolan.stores.zones;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Locale;

/**
 * One zone's file in the folder of zones: {@code NAME.zone}, where NAME is the zone's own name.
 *
 * @param name in small letters, without the last dot, as the file is called
 * @param apex the same in wire form
 */
record ZoneFile(String name, byte[] apex, Path path) {
    static final String ENDING = ".zone";

    /**
     * The zone of a file.
     *
     * @throws ZoneProblem if its name is no zone's
     */
    static ZoneFile of(Path path) throws ZoneProblem {
        String file = String.valueOf(path.getFileName());
        if (!file.endsWith(ENDING) || file.length() == ENDING.length()) {
            throw new ZoneProblem(
                    "%s: a zone's file is called after it, like example.org%s"
                            .formatted(file, ENDING));
        }
        return named(file.substring(0, file.length() - ENDING.length()), path);
    }

    /** The file of the zone {@code name}, whether it is there or not. */
    static ZoneFile in(Path folder, String name) throws ZoneProblem {
        String canonical = named(name, folder).name;
        return named(canonical, folder.resolve(canonical + ENDING));
    }

    /**
     * The zone {@code name} in the file {@code path}.
     *
     * @throws ZoneProblem if it is no zone's name
     */
    static ZoneFile named(String name, Path path) throws ZoneProblem {
        if (name.getBytes(UTF_8).length != name.length()) {
            throw new ZoneProblem(
                    "%s: a zone's name is written in its ASCII form, like xn--bcher-kva.example"
                            .formatted(DataReader.shown(name)));
        }
        byte[] apex = NameText.lowerCase(NameText.wire(name));
        return new ZoneFile(canonical(apex), apex, path);
    }

    /** As {@link NameText#of} writes it, without the last dot; no file name may have a slash. */
    private static String canonical(byte[] apex) {
        String text = NameText.of(apex).toLowerCase(Locale.ROOT);
        return text.equals(".") ? text : text.substring(0, text.length() - 1).replace("/", "\\047");
    }
}
