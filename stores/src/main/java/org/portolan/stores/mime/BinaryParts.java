package org.portolan.stores.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes of a message with binary parts (RFC 3030 §3) one that every reader can take: a part whose
 * Content-Transfer-Encoding is {@code binary} becomes base64 (RFC 2045 §6.8), and what holds other
 * parts {@code 8bit}. All else passes as it is; lines of it must end with CR LF, and have no NUL.
 * Memory is bounded by the longest header.
 */
public final class BinaryParts {
    /** A line that is longer divides no parts (RFC 2046 §5.1.1: 70 characters and some blanks). */
    private static final int LONGEST_DELIMITER = 1000;

    private static final int ENCODED_AT_ONCE = 57; // 76 characters (RFC 2045 §6.8)
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] NOTHING = {};
    private static final Pattern ENCODING =
            Pattern.compile(
                    "(?im)^(content-transfer-encoding[ \\t]*:)((?:[^\\n]|\\n[ \\t])*+)(?:\\n|\\z)");
    private static final Pattern TYPE =
            Pattern.compile("(?im)^content-type[ \\t]*:((?:[^\\n]|\\n[ \\t])*+)");

    /** Takes what comes of it. */
    public interface Sink {
        void take(byte[] bytes, int from, int count);
    }

    private enum State {
        HEADER,
        /** At the beginning of a line that may divide parts. */
        LINE,
        /** In the midst of another. */
        BODY,
        /** It cannot be read as a message. */
        BROKEN
    }

    /** A multipart whose parts are coming. */
    private record Multipart(String boundary, boolean digest) {}

    private final Sink onward;
    private final Deque<Multipart> open = new ArrayDeque<>(); // the innermost first
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(8192);
    private final ByteArrayOutputStream header = new ByteArrayOutputStream(1024);

    /** A line of a header; or what may divide parts, with the line end before it. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);

    private final byte[] group = new byte[ENCODED_AT_ONCE];
    private State state = State.HEADER;
    private boolean encodes; // the part that comes is binary
    private boolean begun; // something of it was encoded
    private boolean message; // what comes is a message unless its header says otherwise
    private int grouped;
    private int before; // bytes of the line end before what may divide parts
    private boolean cr; // the last byte of a body was a CR, which was not passed on yet
    private byte last = '\n';

    public BinaryParts(Sink onward) {
        this.onward = onward;
    }

    /** Takes more of the message. */
    public void take(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count; i++) {
            switch (state) {
                case HEADER -> headerByte(bytes[i]);
                case LINE -> lineByte(bytes[i]);
                case BODY -> bodyByte(bytes[i]);
                case BROKEN -> {
                    return;
                }
            }
            if (out.size() >= 8192) {
                flush();
            }
        }
    }

    /** All of it has come. */
    public void end() {
        if (state == State.HEADER) {
            header.writeBytes(line.toByteArray());
            plain(header.toByteArray(), header.size());
        } else if (state == State.LINE && !divides()) {
            content(line.toByteArray(), line.size());
        } else if (cr) {
            content((byte) '\r');
        }
        endPart();
        if (last == '\r') {
            state = State.BROKEN;
        } else if (last != '\n') {
            out.writeBytes(CRLF);
        }
        flush();
    }

    /** Whether it is no message that could be made one. */
    public boolean malformed() {
        return state == State.BROKEN;
    }

    private void flush() {
        byte[] bytes = out.toByteArray();
        out.reset();
        onward.take(bytes, 0, bytes.length);
    }

    // ---- headers

    private void headerByte(byte b) {
        line.write(b);
        if (header.size() + line.size() > MessageParser.MOST_HEADER_BYTES) {
            state = State.BROKEN;
        } else if (b == '\n' && !divides()) {
            header.writeBytes(line.toByteArray());
            boolean blank = line.size() == CRLF.length;
            line.reset();
            if (blank) {
                understand(header.toString(ISO_8859_1));
            }
        }
    }

    /** The header is whole: what does it say of the body? */
    private void understand(String text) {
        Matcher said = TYPE.matcher(text);
        FieldReader reader = new FieldReader(said.find() ? unfolded(said.group(1)) : "");
        String type = reader.token();
        String subtype = reader.skip('/') ? reader.token() : "";
        reader.blanks();
        List<Parameter> parameters = reader.parameters();
        boolean holdsMessage =
                type.isEmpty() ? message : type.equalsIgnoreCase("message") && isMessage(subtype);
        Optional<String> boundary =
                type.equalsIgnoreCase("multipart") ? boundary(parameters) : Optional.empty();
        Matcher encoding = ENCODING.matcher(text);
        boolean binary = encoding.find() && unfolded(encoding.group(2)).equalsIgnoreCase("binary");
        // RFC 2045 §6.4: what holds parts or a message is not encoded itself
        boolean holds = boundary.isPresent() || holdsMessage || type.equalsIgnoreCase("message");
        String better = "$1 " + (holds ? "8bit" : "base64") + "\r\n";
        String now = binary ? encoding.replaceFirst(better) : text;
        plain(now.getBytes(ISO_8859_1), now.length());
        header.reset();
        encodes = binary && !holds;
        begun = false;
        message = false;
        boundary.ifPresent(it -> open.push(new Multipart(it, subtype.equalsIgnoreCase("digest"))));
        if (open.size() > MessageParser.MOST_DEPTH) {
            state = State.BROKEN;
        } else if (state != State.BROKEN) {
            state = holdsMessage ? State.HEADER : State.LINE;
        }
    }

    private static boolean isMessage(String subtype) {
        return subtype.equalsIgnoreCase("rfc822") || subtype.equalsIgnoreCase("global");
    }

    private static Optional<String> boundary(List<Parameter> parameters) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equalsIgnoreCase("boundary"))
                .map(Parameter::value)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    private static String unfolded(String value) {
        return value.replaceAll("\\s+", " ").strip();
    }

    // ---- bodies

    private void bodyByte(byte b) {
        if (cr && b == '\n') {
            beginLine(CRLF);
            return;
        }
        if (cr) {
            content((byte) '\r');
        }
        cr = b == '\r';
        if (!cr) {
            content(b);
        }
    }

    /** What comes may divide parts; {@code end} is the line end before it, which belongs to it. */
    private void beginLine(byte[] end) {
        line.reset();
        line.writeBytes(end);
        before = end.length;
        cr = false;
        state = State.LINE;
    }

    private void lineByte(byte b) {
        boolean whole = b == '\n' && cr;
        line.write(b);
        cr = b == '\r';
        int length = line.size() - before;
        if (whole) {
            if (!divides()) {
                content(line.toByteArray(), line.size() - CRLF.length);
                beginLine(CRLF);
            }
        } else if (open.isEmpty()
                || (length <= 2 && b != '-')
                || length > LONGEST_DELIMITER) { // it divides nothing
            content(line.toByteArray(), line.size() - (cr ? 1 : 0));
            line.reset();
            state = state == State.BROKEN ? state : State.BODY;
        }
    }

    /** Whether the line divides parts of one of the multiparts that are open; then it is done. */
    private boolean divides() {
        String text = line.toString(ISO_8859_1).substring(before).stripTrailing();
        if (!text.startsWith("--")) {
            return false;
        }
        int depth = 0;
        for (Multipart each : open) {
            boolean closes = text.equals("--" + each.boundary + "--");
            if (closes || text.equals("--" + each.boundary)) {
                divide(depth, closes);
                return true;
            }
            depth++;
        }
        return false;
    }

    private void divide(int depth, boolean closes) {
        endPart();
        plain(header.toByteArray(), header.size()); // of a part that has nothing else
        header.reset();
        byte[] delimiter = line.toByteArray();
        last = '\n';
        plain(delimiter, delimiter.length);
        for (int i = 0; i < depth; i++) {
            open.pop();
        }
        encodes = false;
        if (closes) {
            open.pop();
            beginLine(NOTHING);
        } else {
            message = open.element().digest;
            line.reset();
            before = 0;
            cr = false;
            state = state == State.BROKEN ? state : State.HEADER;
        }
    }

    private void endPart() {
        if (encodes && grouped > 0) {
            encodeGroup();
        }
    }

    private void content(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            content(bytes[i]);
        }
    }

    private void content(byte b) {
        if (!encodes) {
            plain(b);
            return;
        }
        group[grouped] = b;
        grouped++;
        if (grouped == group.length) {
            encodeGroup();
        }
    }

    private void encodeGroup() {
        if (begun) {
            out.writeBytes(CRLF);
        }
        out.writeBytes(Base64.getEncoder().encode(Arrays.copyOf(group, grouped)));
        begun = true;
        grouped = 0;
        last = '=';
    }

    private void plain(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            plain(bytes[i]);
        }
    }

    /** CR and LF only together. */
    private void plain(byte b) {
        if (b == 0 || (b == '\n') != (last == '\r')) {
            state = State.BROKEN;
        }
        out.write(b);
        last = b;
    }
}
