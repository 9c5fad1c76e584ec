package org.portolan.stores.mime;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message as it arrives, in pieces of whatever size, and remembers where its parts lie and
 * what their headers say. One pass, memory in proportion to the header fields that are kept.
 */
public final class MessageParser {
    /** Parts inside parts; what is deeper is a leaf. Dovecot has the same limit. */
    public static final int MOST_DEPTH = 100;

    /** Parts of one message; what follows belongs to the last. Dovecot has the same limit. */
    public static final int MOST_PARTS = 10_000;

    /** What is kept of one field; the rest of it is only counted. */
    public static final int MOST_FIELD_BYTES = 64 * 1024;

    /** What is kept of all fields of a message together. */
    public static final int MOST_HEADER_BYTES = 512 * 1024;

    /** RFC 2046 §5.1.1 allows 70, and there are longer ones. */
    static final int MOST_BOUNDARY = 80;

    /** Two dashes, a boundary, two dashes, and blanks enough to see that nothing else follows. */
    private static final int BOUNDARY_LINE = MOST_BOUNDARY + 8;

    private static final int FIRST_LINE = 512;

    private final Deque<OpenPart> open = new ArrayDeque<>(); // the innermost first
    private final OpenPart root;
    private final PreviewText preview = new PreviewText();
    private final KeptFields fields = new KeptFields();
    private int parts = 1;
    private int boundaries; // of multiparts that are open and not closed yet
    private long at; // octets so far
    private long lines; // line ends so far
    private long lineFrom; // where the line begins that is being read
    private int lineEndBefore; // octets of the line end before that line
    private boolean inHeader = true;
    private boolean skipping; // the rest of a line of a body that is no boundary
    private byte last; // the octet before
    private byte[] line = new byte[FIRST_LINE];
    private int lineLength; // what is kept of the line
    private int budget = MOST_HEADER_BYTES;

    public MessageParser() {
        root = new OpenPart(null, true, "text", "plain");
        open.push(root);
    }

    /** Takes the next octets of the message. */
    public void take(byte[] bytes, int from, int count) {
        int end = from + count;
        int i = from;
        while (i < end) {
            if (inHeader) {
                i = header(bytes, i, end);
            } else if (boundaries == 0) {
                i = plainBody(bytes, i, end);
            } else {
                i = partedBody(bytes, i, end);
            }
        }
    }

    /** Leaves {@code count} octets between two fields of the header to be told of later. */
    public void skipHeader(int count) {
        at += count;
        lineFrom = at;
    }

    /** The octets that were left out: whole fields, and none that is kept of a message. */
    public void skipped(byte[] fields) {
        int found = 0;
        for (byte one : fields) {
            found += one == '\n' ? 1 : 0;
        }
        root.skipped(found);
    }

    /** The message is whole. */
    public ParsedMessage end() {
        if (inHeader && lineLength > 0) {
            headerLine(true);
        } else if (boundaries > 0 && !skipping && lineLength > 0) {
            bodyLine(0);
        }
        while (inHeader) {
            header().endField();
            beginBody();
        }
        while (!open.isEmpty()) {
            close(open.pop(), at, lines);
        }
        return new ParsedMessage(root.build(), preview.text());
    }

    /** Fields of the header as they came, which may be too many to be kept. */
    public Optional<byte[]> keptFields() {
        return fields.bytes();
    }

    private OpenPart header() {
        return open.element();
    }

    // ---- headers

    private int header(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        keep(bytes, from, i, MOST_FIELD_BYTES);
        boolean whole = i < end;
        at += i - from;
        if (whole) {
            at++;
            lines++;
            headerLine(false);
            i++;
        }
        return i;
    }

    private void keep(byte[] bytes, int from, int to, int most) {
        int count = Math.min(to - from, most - lineLength);
        if (count <= 0) {
            return;
        }
        if (line.length - lineLength < count) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, lineLength + count));
        }
        System.arraycopy(bytes, from, line, lineLength, count);
        lineLength += count;
    }

    /** A line of a header is whole; {@code lastOne} if the message ended without a line end. */
    private void headerLine(boolean lastOne) {
        int lineEnd = lastOne ? 0 : 1;
        int length = lineLength;
        if (header() == root) {
            fields.line(line, length, !lastOne);
        }
        if (!lastOne && length > 0 && line[length - 1] == '\r') {
            length--;
            lineEnd = 2;
        }
        if (length == 0) {
            header().endField();
            beginBody();
        } else if (boundaries == 0 || !boundary(length, lastOne ? 0 : 1)) {
            budget -= header().line(line, length, budget);
        } // otherwise the header has no end: the next part begins
        nextLine(lineEnd);
    }

    /** The header of the innermost part is over: what is its body? */
    private void beginBody() {
        OpenPart part = header();
        part.bodyFrom = at;
        part.bodyLine = lines;
        part.understand();
        inHeader = false;
        skipping = false;
        byte @Nullable [] boundary = part.boundary;
        boolean deeper = open.size() < MOST_DEPTH && parts < MOST_PARTS;
        if (boundary != null && deeper) {
            boundaries++;
        } else if (part.holdsMessage() && deeper) {
            part.boundary = null;
            push(new OpenPart(part, true, "text", "plain"));
        } else {
            if (!deeper && (boundary != null || part.holdsMessage())) {
                part.leaveClosed();
            }
            part.boundary = null;
            preview.begin(part);
        }
    }

    private void push(OpenPart child) {
        child.headerFrom = at;
        child.headerLine = lines;
        parts++;
        open.push(child);
        inHeader = true;
    }

    // ---- bodies

    /** Nothing can end it but the end of the message. */
    private int plainBody(byte[] bytes, int from, int end) {
        preview.take(bytes, from, end);
        int found = 0;
        for (int i = from; i < end; i++) {
            found += bytes[i] == '\n' ? 1 : 0;
        }
        lines += found;
        at += end - from;
        return end;
    }

    private int partedBody(byte[] bytes, int from, int end) {
        int i = from;
        while (!skipping && i < end && bytes[i] != '\n' && lineLength < BOUNDARY_LINE) {
            if (lineLength < 2 && bytes[i] != '-') {
                skipping = true;
            } else {
                line[lineLength++] = bytes[i++];
            }
        }
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        if (i == end) {
            preview.take(bytes, from, end);
            at += end - from;
            last = bytes[end - 1];
            return end;
        }
        preview.take(bytes, from, i + 1);
        at += i + 1 - from;
        lines++;
        int lineEnd = (i > from ? bytes[i - 1] : last) == '\r' ? 2 : 1;
        if (!skipping && lineLength > 0) {
            bodyLine(1);
        }
        nextLine(lineEnd);
        return i + 1;
    }

    private void nextLine(int lineEnd) {
        lineEndBefore = lineEnd;
        lineFrom = at;
        lineLength = 0;
        skipping = false;
        last = '\n';
    }

    /** A body's line that begins with dashes is whole; {@code lineEnds} is 0 for the last. */
    private void bodyLine(int lineEnds) {
        int length = lineLength;
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        boundary(length, lineEnds);
    }

    /**
     * If the line is the boundary of a part around, ends what is inside and begins what comes next.
     * The whole line does not have to match, only its beginning; the longest boundary that does is
     * meant, the innermost if several are the same. So does Dovecot.
     */
    private boolean boundary(int length, int lineEnds) {
        if (length < 3 || line[0] != '-' || line[1] != '-') {
            return false;
        }
        @Nullable OpenPart meant = null;
        int longest = 0;
        for (OpenPart part : open) {
            byte @Nullable [] boundary = part.boundary;
            if (boundary != null && boundary.length > longest && begins(boundary, length)) {
                meant = part;
                longest = boundary.length;
                if (longest == length - 2) {
                    break; // there can be no better one
                }
            }
        }
        if (meant == null) {
            return false;
        }
        boolean closing =
                length >= longest + 4 && line[longest + 2] == '-' && line[longest + 3] == '-';
        if (!closing && parts >= MOST_PARTS) {
            return false;
        }
        closing |= lineEnds == 0; // the message ends here: nothing begins any more
        endWithin(meant, lines - lineEnds);
        if (closing) {
            meant.boundary = null;
            boundaries--;
            inHeader = false;
        } else {
            boolean digest = meant.is("multipart", "digest"); // RFC 2046 §5.1.5
            String type = digest ? "message" : "text";
            push(new OpenPart(meant, false, type, digest ? "rfc822" : "plain"));
        }
        return true;
    }

    private boolean begins(byte[] boundary, int length) {
        return length - 2 >= boundary.length
                && Arrays.equals(line, 2, 2 + boundary.length, boundary, 0, boundary.length);
    }

    /** Ends the parts inside {@code meant}: before this line, and before the line end before it. */
    private void endWithin(OpenPart meant, long linesBefore) {
        boolean headerWithoutEnd = inHeader; // then the line end before belongs to the header
        int notOurs = headerWithoutEnd ? 0 : lineEndBefore;
        preview.end(lineEndBefore + at - lineFrom);
        long end = lineFrom - notOurs;
        while (open.element() != meant) {
            OpenPart inside = open.pop();
            if (inHeader) { // the innermost only
                inHeader = false;
                inside.endField();
                inside.bodyFrom = lineFrom;
                inside.bodyLine = linesBefore;
                inside.understand();
            }
            boundaries -= inside.boundary == null ? 0 : 1;
            end = Math.max(end, inside.bodyFrom); // its header's empty line is of those around, too
            close(inside, end, end < lineFrom ? linesBefore - 1 : linesBefore);
        }
    }

    private static void close(OpenPart part, long end, long lines) {
        part.end = Math.max(end, part.bodyFrom);
        part.bodyLines = Math.max(0, lines - part.bodyLine);
    }
}
