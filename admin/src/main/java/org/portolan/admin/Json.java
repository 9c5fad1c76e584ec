package org.portolan.admin;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.jr.ob.JSON;

/** Values to JSON and back. */
final class Json {
    private static final JSON PRETTY = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

    private Json() {}

    /** An object whose keys stay in this order: key, value, key, value … */
    static Map<String, Object> entries(Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }

    /** {@code value} on one line. */
    static String line(Map<String, ?> value) {
        return harmless(JSON.std.asString(value));
    }

    /** {@code value} as people and programs can read it, with a line end behind it. */
    static String page(Object value) {
        return harmless(PRETTY.asString(value)) + "\n";
    }

    /**
     * The object that {@code text} is.
     *
     * @throws Refusal saying what is wrong with it
     */
    static Map<String, Object> object(String text) throws Refusal {
        try {
            Map<String, Object> object = JSON.std.mapFrom(text);
            if (object == null) {
                throw Refusal.usage("a JSON object is wanted, not null");
            }
            return object;
        } catch (JacksonException e) {
            throw Refusal.usage("not a JSON object: " + e.getOriginalMessage());
        }
    }

    /** JSON may hold characters above 0x7e as they are, but a terminal may obey some of them. */
    private static String harmless(String json) {
        StringBuilder safe = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if ((c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029') {
                safe.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }
}
