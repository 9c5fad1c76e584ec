package org.portolan.files.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import org.portolan.stores.files.Node;
import org.portolan.stores.files.TreePath;

/**
 * A file as listings show it: as {@code ls -l} does, which is what clients parse who know no
 * better, and by its facts (RFC 3659 §7). Each character is a byte.
 */
final class ListLine {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    /** {@code ls} shows the time of what is younger, and the year of what is older. */
    private static final Duration RECENT = Duration.ofDays(180);

    private ListLine() {}

    /**
     * A name as it can stand in a line; empty for one with control characters, which would be
     * another line, or another terminal's command (RFC 3659 §2.2 has no way to write it).
     */
    static Optional<String> name(String name) {
        String bytes = new String(TreePath.bytes(name), ISO_8859_1);
        return bytes.chars().anyMatch(c -> c < ' ' || c == 0x7f)
                ? Optional.empty()
                : Optional.of(bytes);
    }

    /** {@code -rw-r--r--   1 ada      ada           1234 Nov 28 00:18 name}. */
    static String longForm(Node node, String name, Instant now) {
        StringBuilder line = new StringBuilder(80 + name.length());
        line.append(letter(node.kind()));
        for (int bit = 8; bit >= 0; bit--) {
            line.append((node.mode() >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
        }
        String owner = owner(node.owner());
        padded(line, Integer.toString(node.links()), 4);
        line.append(' ').append(owner).append(' ').append(owner);
        padded(line, Long.toString(node.size()), 13);
        return line.append(' ')
                .append(time(node.modified(), now))
                .append(' ')
                .append(name)
                .toString();
    }

    private static void padded(StringBuilder line, String number, int width) {
        line.repeat(' ', Math.max(1, width - number.length())).append(number);
    }

    private static char letter(Node.Kind kind) {
        return switch (kind) {
            case FOLDER -> 'd';
            case LINK -> 'l';
            case FILE, SPECIAL -> '-';
        };
    }

    /** One word of ASCII, because columns are told apart by spaces. */
    private static String owner(String name) {
        boolean plain = !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return plain ? name : "portolan";
    }

    private static String time(Instant at, Instant now) {
        LocalDateTime time = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
        Duration age = Duration.between(at, now);
        String day = MONTHS[time.getMonthValue() - 1] + two(' ', time.getDayOfMonth());
        return age.compareTo(RECENT) < 0 && age.compareTo(Duration.ofDays(-1)) > 0
                ? day + two(' ', '0', time.getHour()) + two(':', '0', time.getMinute())
                : day + "  " + time.getYear();
    }

    private static String two(char before, int number) {
        return two(before, ' ', number);
    }

    private static String two(char before, char fill, int number) {
        return number < 10 ? "" + before + fill + number : "" + before + number;
    }

    /** RFC 3659 §2.3: {@code YYYYMMDDHHMMSS.sss}, the fraction only where there is one. */
    static String time(Instant at) {
        LocalDateTime t = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
        StringBuilder line = new StringBuilder(18);
        digits(line, Math.clamp(t.getYear(), 0, 9999), 4);
        digits(line, t.getMonthValue(), 2);
        digits(line, t.getDayOfMonth(), 2);
        digits(line, t.getHour(), 2);
        digits(line, t.getMinute(), 2);
        digits(line, t.getSecond(), 2);
        int millis = t.getNano() / 1_000_000;
        if (millis > 0) {
            digits(line.append('.'), millis, 3);
        }
        return line.toString();
    }

    private static void digits(StringBuilder line, int number, int width) {
        String digits = Integer.toString(number);
        line.repeat('0', width - digits.length()).append(digits);
    }

    /** The facts there can be, in the order in which they are told. */
    enum Fact {
        TYPE("Type"),
        SIZE("Size"),
        MODIFY("Modify"),
        PERM("Perm"),
        UNIQUE("Unique"),
        MODE("UNIX.mode");

        final String word;

        Fact(String word) {
            this.word = word;
        }

        static Optional<Fact> named(String word) {
            for (Fact fact : values()) {
                if (fact.word.toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT))) {
                    return Optional.of(fact);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * {@code Type=file;Size=1234;Modify=20261128001825; name}.
     *
     * @param wanted the facts that are told
     * @param adds whether who asks may add something in the folder
     * @param changes whether they may also change and remove what is there
     */
    static String facts(
            Node node, String name, Iterable<Fact> wanted, boolean adds, boolean changes) {
        StringBuilder line = new StringBuilder(96 + name.length());
        for (Fact fact : wanted) {
            String value =
                    switch (fact) {
                        case TYPE -> type(node.kind());
                        case SIZE -> node.isFile() ? Long.toString(node.size()) : "";
                        case MODIFY -> time(node.modified());
                        case PERM -> permissions(node, adds, changes);
                        case UNIQUE -> unique(node);
                        case MODE -> "0" + Integer.toOctalString(node.mode());
                    };
            if (!value.isEmpty()) {
                line.append(fact.word).append('=').append(value).append(';');
            }
        }
        return line.append(' ').append(name).toString();
    }

    private static String type(Node.Kind kind) {
        return switch (kind) {
            case FILE -> "file";
            case FOLDER -> "dir";
            case LINK -> "OS.unix=symlink";
            case SPECIAL -> "OS.unix=special";
        };
    }

    /** RFC 3659 §7.5.5. */
    private static String permissions(Node node, boolean adds, boolean changes) {
        return switch (node.kind()) {
            case FILE -> changes ? "adfrw" : "r";
            case FOLDER -> changes ? "cdeflmp" : adds ? "cel" : "el";
            case LINK, SPECIAL -> changes ? "df" : "";
        };
    }

    private static String unique(Node node) {
        return Long.toHexString(node.id().device()) + "g" + Long.toHexString(node.id().number());
    }
}
