package org.portolan.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every line that the server says to a peer of the admin API, worded once. */
final class AdminReply {
    static final String OUT = "out";
    static final String ERR = "err";
    static final String SECRET = "secret";
    static final String ASK = "ask";
    static final String BYTES = "bytes";
    static final String TOTAL = "total";
    static final String PAUSE = "pause";
    static final String EXIT = "exit";
    static final String TEXT = "text";

    /** The most characters of one {@link #OUT} or {@link #ERR}. */
    private static final int MOST_AT_ONCE = 8 * 1024;

    private AdminReply() {}

    /** {@code text} in as many lines as it takes. */
    static List<String> text(String key, String text) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + MOST_AT_ONCE);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--; // both halves of a character belong together
            }
            lines.add(Json.line(Map.of(key, text.substring(from, to))));
            from = to;
        }
        return lines;
    }

    static String exit(int status) {
        return Json.line(Map.of(EXIT, status));
    }

    /** The last word when the kernel ends the conversation. */
    static String farewell(String why) {
        return "{\"err\":\"portolan: the server hung up: " + why + "\\n\",\"exit\":1}";
    }
}
