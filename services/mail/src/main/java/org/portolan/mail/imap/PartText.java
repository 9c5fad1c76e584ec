package org.portolan.mail.imap;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.stores.mime.Encodings;
import org.portolan.stores.mime.Part;
import org.portolan.wire.Ascii;

/** The bytes of a message that a section of FETCH means (RFC 9051 §6.4.5.1). */
final class PartText {
    /** Headers and parts that have to be looked through are read whole, up to this. */
    private static final int MOST_IN_MEMORY = 64 << 20;

    private static final Set<String> DECODABLE =
            Set.of("7BIT", "8BIT", "BINARY", "BASE64", "QUOTED-PRINTABLE", "");

    /** A piece of the message's file. */
    record Stretch(long from, long count) {}

    private PartText() {}

    /**
     * The part that {@code path} names: of a multipart its children, of a message in a part those
     * of that message, and of anything else its one part is 1.
     */
    static Optional<Part> find(Part root, List<Integer> path) {
        Part at = root;
        for (int i = 0; i < path.size(); i++) {
            Optional<Part> message = i == 0 ? Optional.empty() : at.message();
            Part inside = message.orElse(at);
            int number = path.get(i);
            if (inside.is("multipart") && inside.children().isEmpty()) {
                if (number > 1) {
                    return Optional.empty();
                }
                at = inside.nothing(); // as BODYSTRUCTURE says
            } else if (inside.multipart()) {
                if (number > inside.children().size()) {
                    return Optional.empty();
                }
                at = inside.children().get(number - 1);
            } else if (number == 1 && (i == 0 || message.isPresent())) {
                at = inside; // RFC 9051 §6.4.5.1: every message has a part 1
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(at);
    }

    /** Where the section lies; empty for HEADER.FIELDS, which is gathered, and for none. */
    static Optional<Stretch> stretch(Part root, FetchItem.Section section) {
        Optional<Part> found = find(root, section.path());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Part part = found.get();
        boolean whole = section.path().isEmpty();
        return switch (section.text()) {
            case WHOLE ->
                    Optional.of(
                            whole
                                    ? new Stretch(0, part.end())
                                    : new Stretch(part.bodyFrom(), part.bodySize()));
            case MIME -> Optional.of(header(part));
            case HEADER -> message(part, whole).map(PartText::header);
            case TEXT -> message(part, whole).map(m -> new Stretch(m.bodyFrom(), m.bodySize()));
            case HEADER_FIELDS, HEADER_FIELDS_NOT -> Optional.empty();
        };
    }

    private static Optional<Part> message(Part part, boolean whole) {
        return whole ? Optional.of(part) : part.message();
    }

    private static Stretch header(Part part) {
        return new Stretch(part.headerFrom(), part.bodyFrom() - part.headerFrom());
    }

    /** The header of the message that a section with fields is about, or none. */
    static Optional<Stretch> headerOf(Part root, List<Integer> path) {
        return find(root, path)
                .flatMap(part -> message(part, path.isEmpty()))
                .map(PartText::header);
    }

    static byte[] read(FileChannel file, Stretch stretch) throws IOException {
        if (stretch.count() > MOST_IN_MEMORY) {
            throw new IOException("a part of " + stretch.count() + " bytes is too large to decode");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) stretch.count());
        while (bytes.hasRemaining()) {
            if (file.read(bytes, stretch.from() + bytes.position()) < 0) {
                throw new EOFException("a message is shorter than it was");
            }
        }
        return bytes.array();
    }

    /** Whether {@link #decoded} knows the part's transfer encoding. */
    static boolean decodable(Part part) {
        return DECODABLE.contains(Ascii.upper(Ascii.trim(encoding(part))));
    }

    private static String encoding(Part part) {
        return part.encoding() == null ? "7bit" : part.encoding();
    }

    /** The part without its transfer encoding (RFC 3516). */
    static byte[] decoded(FileChannel file, Part part) throws IOException {
        byte[] bytes = read(file, new Stretch(part.bodyFrom(), part.bodySize()));
        return Encodings.decode(bytes, encoding(part));
    }

    /**
     * The fields of {@code header} that are in {@code names}, or those that are not, in their
     * order, and the empty line (RFC 9051 §6.4.5.1). Gathers them at the beginning of the array.
     *
     * @return how many bytes they are
     */
    static int gather(byte[] header, List<String> names, boolean wanted) {
        int kept = 0;
        int at = 0;
        boolean keeping = false;
        while (at < header.length) {
            int end = at;
            while (end < header.length && header[end] != '\n') {
                end++;
            }
            end = Math.min(end + 1, header.length);
            boolean folded = header[at] == ' ' || header[at] == '\t';
            boolean blank = header[at] == '\n' || (header[at] == '\r' && end - at == 2);
            if (blank) {
                keeping = true;
            } else if (!folded) {
                keeping = isNamed(header, at, end, names) == wanted;
            }
            if (keeping) {
                System.arraycopy(header, at, header, kept, end - at);
                kept += end - at;
            }
            at = end;
        }
        return kept;
    }

    private static boolean isNamed(byte[] header, int from, int to, List<String> names) {
        int colon = from;
        while (colon < to && header[colon] != ':') {
            colon++;
        }
        if (colon == to) {
            return false; // no field
        }
        int end = colon;
        while (end > from && (header[end - 1] == ' ' || header[end - 1] == '\t')) {
            end--; // RFC 5322 §4.5: blanks before the colon are obsolete, and there
        }
        for (String name : names) {
            if (name.length() == end - from && same(header, from, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(byte[] header, int from, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (lower(header[from + i]) != lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
}
