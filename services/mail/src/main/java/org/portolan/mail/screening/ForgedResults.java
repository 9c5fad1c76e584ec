package org.portolan.mail.screening;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import org.portolan.mail.DotReader;

/**
 * Takes the Authentication-Results fields out of a message that claim to be ours (RFC 8601 §5), so
 * that whoever reads it can believe those that are. All else passes as it came.
 */
final class ForgedResults implements DotReader.Sink {
    private static final byte[] NAME = "authentication-results".getBytes(ISO_8859_1);

    /** Our name stands at the beginning of a field; what is longer is judged by that. */
    private static final int LONGEST_HELD = 4096;

    private enum At {
        /** So far this could be the name. */
        NAME,
        /** In such a field: it is held until it can be judged. */
        HELD,
        /** In a longer one of ours, which is left out. */
        LEFT_OUT,
        /** In any other field. */
        PASSED
    }

    private final String site;
    private final DotReader.Sink onward;
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private At at = At.NAME;
    private boolean lineStart = true;
    private boolean inBody;
    private int forged;

    ForgedResults(String site, DotReader.Sink onward) {
        this.site = site;
        this.onward = onward;
    }

    @Override
    public void take(byte[] bytes, int from, int count) {
        int i = from;
        for (; i < from + count && !inBody; i++) {
            byte b = bytes[i];
            if (lineStart && b != ' ' && b != '\t') {
                endField();
                inBody = b == '\r' || b == '\n';
            }
            if (inBody) {
                break;
            }
            lineStart = b == '\n';
            takeOfHeader(b);
        }
        flush();
        if (inBody && i < from + count) {
            onward.take(bytes, i, from + count - i);
        }
    }

    private void takeOfHeader(byte b) {
        switch (at) {
            case NAME -> {
                int matched = field.size();
                field.write(b);
                if (matched == NAME.length) {
                    at = b == ':' || b == ' ' || b == '\t' ? At.HELD : pass();
                } else if (Character.toLowerCase((char) b) != NAME[matched]) {
                    at = pass();
                }
            }
            case HELD -> {
                field.write(b);
                if (field.size() > LONGEST_HELD) {
                    at = isOurs() ? leaveOut() : pass();
                }
            }
            case LEFT_OUT -> {
                return; // the rest of it, too
            }
            case PASSED -> out.write(b);
        }
    }

    private At pass() {
        out.writeBytes(field.toByteArray());
        field.reset();
        return At.PASSED;
    }

    private At leaveOut() {
        forged++;
        field.reset();
        return At.LEFT_OUT;
    }

    private void endField() {
        if (at == At.HELD && isOurs()) {
            leaveOut();
        } else if (field.size() > 0) {
            pass();
        }
        at = At.NAME;
    }

    private void flush() {
        if (out.size() > 0) {
            onward.take(out.toByteArray(), 0, out.size());
            out.reset();
        }
    }

    /** The message has come: what is still held passes. */
    void end() {
        if (!inBody) {
            endField();
            flush();
        }
    }

    /** How many were left out. */
    int forged() {
        return forged;
    }

    /** authserv-id, behind comments and folding (RFC 8601 §2.2). */
    private boolean isOurs() {
        String text = field.toString(ISO_8859_1);
        String value = text.substring(text.indexOf(':') + 1);
        StringBuilder plain = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            depth += c == '(' ? 1 : 0;
            if (depth == 0 && c != '"') {
                plain.append(c);
            }
            depth -= c == ')' && depth > 0 ? 1 : 0;
        }
        String id = plain.toString().strip().split("[;\\s]", 2)[0];
        return id.toLowerCase(Locale.ROOT).equals(site.toLowerCase(Locale.ROOT));
    }
}
