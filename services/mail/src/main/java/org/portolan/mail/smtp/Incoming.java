package org.portolan.mail.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.portolan.mail.DotReader;
import org.portolan.wire.Ascii;

/**
 * Looks at the header of a message as it passes: counts hops, and lets fields that are missing be
 * put behind it.
 */
final class Incoming implements DotReader.Sink {
    private static final int MOST_HOPS = 100; // RFC 5321 §6.3

    /** A longer line of a header is passed on without being understood. */
    private static final int MOST_LINE = 64 * 1024;

    /** Many authors have room here; who has more could as well hide one. */
    private static final int MOST_FROM = 4 * 1024;

    /** Says what a header lacks. */
    interface Completion {
        /** Fields with their CR LF; may be empty. */
        String lacking(Incoming header);
    }

    private final DotReader.Sink onward;
    private final Completion completion;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    private final StringBuilder from = new StringBuilder();
    private boolean inHeader = true;
    private boolean any; // whether a field has come
    private boolean inFrom;
    private int senders;
    private boolean dated;
    private boolean identified;
    private int hops;
    private byte bits; // set in any byte so far
    private boolean utf8;

    Incoming(DotReader.Sink onward, Completion completion) {
        this.onward = onward;
        this.completion = completion;
    }

    @Override
    public void take(byte[] bytes, int from, int count) {
        int at = from;
        int to = from + count;
        while (inHeader && at < to) {
            at = headerLine(bytes, at, to);
        }
        byte seen = 0;
        for (int i = at; i < to; i++) {
            seen |= bytes[i];
        }
        bits |= seen;
        if (to > at) {
            onward.take(bytes, at, to - at);
        }
    }

    /** Adds to the line up to its end; returns where the next begins. */
    private int headerLine(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        boolean whole = at < to;
        at += whole ? 1 : 0;
        line.write(bytes, from, at - from);
        if (whole) {
            lineEnded();
        } else if (line.size() > MOST_LINE) {
            pass();
        }
        return at;
    }

    private void lineEnded() {
        String text = line.toString(ISO_8859_1);
        if (isOfHeader(text)) {
            look(text);
        } else {
            inHeader = false;
            complete(text.isBlank());
        }
        pass();
    }

    private void pass() {
        byte[] bytes = line.toByteArray();
        line.reset();
        for (byte b : bytes) {
            bits |= b;
            utf8 |= inHeader && b < 0;
        }
        onward.take(bytes, 0, bytes.length);
    }

    /** RFC 5322 §2.2: a name of printable characters and a colon, or a folded line's next part. */
    private boolean isOfHeader(String text) {
        if (text.startsWith(" ") || text.startsWith("\t")) {
            return any && !text.isBlank();
        }
        int colon = text.indexOf(':');
        for (int i = 0; i < colon; i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~') {
                return colon > 0 && i > 0 && text.substring(i, colon).isBlank(); // obsolete form
            }
        }
        return colon > 0;
    }

    private void look(String text) {
        any = true;
        if (text.startsWith(" ") || text.startsWith("\t")) {
            if (inFrom && from.length() <= MOST_FROM) {
                from.append(text.stripTrailing());
            }
            return;
        }
        String name = Ascii.upper(Ascii.trim(text.substring(0, text.indexOf(':'))));
        inFrom = name.equals("FROM");
        switch (name) {
            case "FROM" -> {
                senders++;
                from.append(text.substring(text.indexOf(':') + 1).stripTrailing());
            }
            case "DATE" -> dated = true;
            case "MESSAGE-ID" -> identified = true;
            case "RECEIVED" -> hops++;
            default -> {}
        }
    }

    /** All of it has come; a header may have no body behind it. */
    void end() {
        if (inHeader) {
            if (line.size() > 0) {
                lineEnded();
            }
            if (inHeader) {
                inHeader = false;
                complete(true);
            }
        }
    }

    /** Behind the last field; a body that began without an empty line gets one. */
    private void complete(boolean separated) {
        String fields = completion.lacking(this);
        if (!fields.isEmpty()) {
            byte[] more = (fields + (separated ? "" : "\r\n")).getBytes(UTF_8);
            onward.take(more, 0, more.length);
        }
    }

    // ---- what was seen

    boolean looping() {
        return hops > MOST_HOPS;
    }

    boolean dated() {
        return dated;
    }

    boolean identified() {
        return identified;
    }

    /** How many From fields there are; one is right (RFC 5322 §3.6). */
    int senders() {
        return senders;
    }

    /** The addresses in the From fields (RFC 5322 §3.6.2), as far as they can be made out. */
    List<String> from() {
        if (from.length() > MOST_FROM) {
            return List.of("whoever needs so much room in From");
        }
        String bare = ESCAPED.matcher(from).replaceAll("");
        bare = QUOTED.matcher(bare).replaceAll(" ");
        bare = COMMENT.matcher(bare).replaceAll(" ");
        return ADDRESS.matcher(bare).results().map(MatchResult::group).toList();
    }

    private static final Pattern ESCAPED = Pattern.compile("\\\\.");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"(?!@)");
    private static final Pattern COMMENT = Pattern.compile("\\([^()]*\\)");
    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>,;:]+@[^\\s<>,;:]+");

    /** Whether any byte is above 127. */
    boolean eightBit() {
        return bits < 0;
    }

    /** Whether any byte of the header is. */
    boolean utf8() {
        return utf8;
    }
}
