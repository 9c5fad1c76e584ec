package org.portolan.shell.sftp;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.wire.Refusal;

/** What the sending end of SCP says between files; see {@link ScpSession}. */
sealed interface ScpLine {
    /** A file of so many bytes, which follow. */
    record File(int mode, long size, String name) implements ScpLine {}

    /** Into a folder. */
    record Folder(int mode, String name) implements ScpLine {}

    /** Out of it again. */
    record End() implements ScpLine {}

    /** When the next was changed and used, in seconds since 1970. */
    record Times(long modified, long accessed) implements ScpLine {}

    /** The sender could not read one of its files. */
    record Trouble(String words) implements ScpLine {}

    Pattern ENTRY = Pattern.compile("([CD])([0-7]{4}) ([0-9]{1,18}) (.+)", Pattern.DOTALL);
    Pattern TIMES = Pattern.compile("T([0-9]{1,12}) [0-9]{1,9} ([0-9]{1,12}) [0-9]{1,9}");

    /**
     * Reads a line without its end.
     *
     * @throws Refusal if it is none, or names something by a path: what else a client could
     *     overwrite is well known
     */
    static ScpLine parse(String line) throws Refusal {
        if (line.equals("E")) {
            return new End();
        }
        if (line.startsWith("\u0001") || line.startsWith("\u0002")) {
            return new Trouble(line.substring(1));
        }
        Matcher times = TIMES.matcher(line);
        if (times.matches()) {
            return new Times(Long.parseLong(times.group(1)), Long.parseLong(times.group(2)));
        }
        Matcher entry = ENTRY.matcher(line);
        if (!entry.matches()) {
            throw new Refusal("what came is no line of scp");
        }
        int mode = Integer.parseInt(entry.group(2), 8) & 0777;
        String name = entry.group(4);
        if (name.contains("/") || name.equals(".") || name.equals("..")) {
            throw new Refusal("a file may not be called so");
        }
        return entry.group(1).equals("D")
                ? new Folder(mode, name)
                : new File(mode, Long.parseLong(entry.group(3)), name);
    }
}
