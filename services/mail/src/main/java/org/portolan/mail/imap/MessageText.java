package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import org.portolan.mail.imap.PartText.Stretch;
import org.portolan.stores.mime.Charsets;
import org.portolan.stores.mime.EncodedWords;
import org.portolan.stores.mime.Encodings;
import org.portolan.stores.mime.Part;
import org.portolan.wire.Ascii;

/** A message that is searched: its headers decoded, its texts without their encodings. */
final class MessageText {
    /** Of a larger message only so much is searched. */
    private static final long MOST = 64 << 20;

    static final MessageText NONE = new MessageText(new byte[0], Optional.empty());

    private final byte[] message;
    private final Optional<Part> root;

    private MessageText(byte[] message, Optional<Part> root) {
        this.message = message;
        this.root = root;
    }

    static MessageText read(FileChannel file, Part root) throws IOException {
        byte[] bytes = PartText.read(file, new Stretch(0, Math.min(root.end(), MOST)));
        return new MessageText(bytes, Optional.of(root));
    }

    /** In a field called {@code name}; the empty text is in every one there is. */
    boolean inHeader(String name, TextSearch needle) {
        if (root.isEmpty()) {
            return false;
        }
        byte[] header = slice(root.get().headerFrom(), root.get().bodyFrom());
        int length = PartText.gather(header, List.of(name), true);
        String fields = unfolded(new String(header, 0, length, ISO_8859_1));
        for (String field : fields.split("\n", -1)) {
            int colon = field.indexOf(':');
            if (colon > 0 && needle.in(EncodedWords.decode(field.substring(colon + 1).strip()))) {
                return true;
            }
        }
        return false;
    }

    private static String unfolded(String header) {
        return header.replace("\r", "").replace("\n ", " ").replace("\n\t", " ");
    }

    boolean anywhere(TextSearch needle) {
        return root.isPresent()
                && (inHeaderOf(root.get(), needle) || inBodyOf(root.get(), needle, 0));
    }

    boolean inBody(TextSearch needle) {
        return root.isPresent() && inBodyOf(root.get(), needle, 0);
    }

    private boolean inHeaderOf(Part part, TextSearch needle) {
        byte[] header = slice(part.headerFrom(), part.bodyFrom());
        return needle.in(EncodedWords.decode(unfolded(new String(header, ISO_8859_1))));
    }

    /** Texts, and messages within; what is no text is not searched (RFC 9051 §6.4.4). */
    private boolean inBodyOf(Part part, TextSearch needle, int depth) {
        if (part.multipart()) {
            for (Part child : part.children()) {
                if (inHeaderOf(child, needle) || inBodyOf(child, needle, depth + 1)) {
                    return true;
                }
            }
            return false;
        }
        Optional<Part> inside = part.message();
        if (inside.isPresent()) {
            return inHeaderOf(inside.get(), needle) || inBodyOf(inside.get(), needle, depth + 1);
        }
        boolean text = part.is("text") || part.is("message") || part.is("multipart");
        return text && inText(part, needle);
    }

    private boolean inText(Part part, TextSearch needle) {
        String encoding = part.encoding() == null ? "" : Ascii.upper(part.encoding().strip());
        String charset = part.parameter("charset").orElse("");
        boolean encoded = encoding.equals("BASE64") || encoding.equals("QUOTED-PRINTABLE");
        if (!encoded && needle.ascii() && likeAscii(charset)) {
            return needle.in(
                    message,
                    (int) Math.min(part.bodyFrom(), message.length),
                    (int) Math.min(part.end(), message.length));
        }
        byte[] decoded = Encodings.decode(slice(part.bodyFrom(), part.end()), encoding);
        if (needle.ascii() && likeAscii(charset)) {
            return needle.in(decoded, 0, decoded.length);
        }
        return needle.in(Charsets.decode(decoded, charset));
    }

    /** Whether ASCII's bytes are ASCII's characters in it, and nothing else. */
    private static boolean likeAscii(String charset) {
        String name = Ascii.upper(charset);
        return name.isEmpty()
                || name.equals("US-ASCII")
                || name.equals("UTF-8")
                || name.startsWith("ISO-8859-")
                || name.startsWith("WINDOWS-125");
    }

    private byte[] slice(long from, long to) {
        int first = (int) Math.min(from, message.length);
        int behind = (int) Math.min(to, message.length);
        return java.util.Arrays.copyOfRange(message, first, Math.max(first, behind));
    }
}
