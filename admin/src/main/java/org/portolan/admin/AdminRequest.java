package org.portolan.admin;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a peer of the admin API asks for.
 *
 * @param run the words of the command line
 * @param terminal whether a person is there to be asked
 * @param columns how wide the screen is
 * @param rows how high it is; 0 if that is not known
 * @param folder where the peer is; empty if it does not say
 */
record AdminRequest(List<String> run, boolean terminal, int columns, int rows, Path folder) {
    static final int USUAL_COLUMNS = 80;
    static final int LEAST_COLUMNS = 60;
    private static final int MOST_COLUMNS = 400;
    private static final int LEAST_ROWS = 4;
    private static final int MOST_ROWS = 1000;

    /**
     * Reads the first line of a conversation.
     *
     * @throws Refusal saying what is wrong with it
     */
    static AdminRequest of(String line) throws Refusal {
        Map<String, Object> object = Json.object(line);
        List<String> run = words(object.get("run"));
        boolean terminal = Boolean.TRUE.equals(object.get("terminal"));
        Path folder = folder(object.get("folder"));
        return new AdminRequest(run, terminal, USUAL_COLUMNS, 0, folder).resized(object);
    }

    /** The same with the size that is in {@code object}, as far as there is one. */
    AdminRequest resized(Map<String, Object> object) {
        int wide = object.get("columns") instanceof Integer given ? given : columns;
        int high = object.get("rows") instanceof Integer given ? given : rows;
        return new AdminRequest(
                run,
                terminal,
                Math.clamp(wide, LEAST_COLUMNS, MOST_COLUMNS),
                high <= 0 ? 0 : Math.clamp(high, LEAST_ROWS, MOST_ROWS),
                folder);
    }

    private static Path folder(@Nullable Object given) throws Refusal {
        try {
            return Path.of(given instanceof String text ? text : "");
        } catch (InvalidPathException e) {
            throw Refusal.usage("\"folder\" is no folder's name");
        }
    }

    private static List<String> words(@Nullable Object run) throws Refusal {
        if (!(run instanceof List<?> list)) {
            throw Refusal.usage("\"run\" is missing: a list of words, such as [\"status\"]");
        }
        List<String> words = new ArrayList<>();
        for (Object word : list) {
            if (!(word instanceof String text)) {
                throw Refusal.usage("\"run\" may hold text only");
            }
            words.add(text);
        }
        return words;
    }

    /** The line that asks for this. */
    String line() {
        return Json.line(
                Map.of(
                        "run", run,
                        "terminal", terminal,
                        "columns", columns,
                        "rows", rows,
                        "folder", folder.toString()));
    }
}
