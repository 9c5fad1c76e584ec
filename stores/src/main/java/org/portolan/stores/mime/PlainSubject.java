package org.portolan.stores.mime;

import java.util.Locale;
import java.util.regex.Pattern;

/** A subject without what replies and forwards put around it: RFC 5256 §2.1, for SORT. */
public final class PlainSubject {
    /** What comes later distinguishes no two subjects. */
    private static final int MOST = 2000;

    private static final Pattern BLANKS = Pattern.compile("[ \\t\\r\\n]+");
    private static final Pattern TRAILER = Pattern.compile("(?:\\(fwd\\)| )$");

    /** subj-blob = "[" *BLOBCHAR "]" *WSP */
    private static final Pattern BLOB = Pattern.compile("^\\[[^\\[\\]]*\\] *");

    /** subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":" */
    private static final Pattern LEADER =
            Pattern.compile("^(?:\\[[^\\[\\]]*\\] *)*(?:re|fwd?) *(?:\\[[^\\[\\]]*\\] *)?:");

    private PlainSubject() {}

    /** Of a subject as it is read, in capitals, as they are compared (RFC 5256 §2.1). */
    public static String of(String decoded) {
        String some = decoded.substring(0, Math.min(decoded.length(), MOST));
        String text = BLANKS.matcher(some).replaceAll(" ").toLowerCase(Locale.ROOT);
        String before;
        do {
            before = text;
            text = withoutTrailers(text);
            text = withoutLeaders(text);
            if (text.startsWith("[fwd:") && text.endsWith("]")) {
                text = text.substring("[fwd:".length(), text.length() - 1);
            }
        } while (!text.equals(before));
        return text.toUpperCase(Locale.ROOT);
    }

    private static String withoutTrailers(String text) {
        String left = text;
        String before;
        do {
            before = left;
            left = TRAILER.matcher(left).replaceFirst("");
        } while (!left.equals(before));
        return left;
    }

    private static String withoutLeaders(String text) {
        String left = text;
        String before;
        do {
            before = left;
            left = LEADER.matcher(left.stripLeading()).replaceFirst("");
            String without = BLOB.matcher(left).replaceFirst("");
            left = without.isEmpty() ? left : without;
        } while (!left.equals(before));
        return left;
    }
}
