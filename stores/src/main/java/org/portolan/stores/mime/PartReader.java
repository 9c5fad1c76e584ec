package org.portolan.stores.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link PartWriter} wrote. */
final class PartReader {
    private final byte[] bytes;
    private int at;

    PartReader(byte[] bytes) {
        this.bytes = bytes;
    }

    ParsedMessage message() {
        if (number() != PartWriter.VERSION) {
            throw new IllegalArgumentException("written by another version");
        }
        int length = count();
        String preview = new String(bytes, at, length, UTF_8);
        at += length;
        return new ParsedMessage(part(), preview);
    }

    private Part part() {
        long headerFrom = number();
        long bodyFrom = headerFrom + number();
        long end = bodyFrom + number();
        return new Part(
                headerFrom,
                bodyFrom,
                end,
                number(),
                number(),
                word(),
                word(),
                parameters(),
                text(),
                text(),
                text(),
                text(),
                disposition(),
                words(),
                text(),
                number() == 0 ? null : envelope(),
                children());
    }

    private List<Part> children() {
        int count = count();
        if (count == 0) {
            return List.of();
        }
        List<Part> children = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            children.add(part());
        }
        return children;
    }

    private Envelope envelope() {
        return new Envelope(
                text(),
                text(),
                addresses(),
                addresses(),
                addresses(),
                addresses(),
                addresses(),
                addresses(),
                text(),
                text(),
                text());
    }

    private List<Address> addresses() {
        int count = count();
        if (count == 0) {
            return List.of();
        }
        List<Address> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(new Address(text(), text(), text(), text()));
        }
        return addresses;
    }

    private @Nullable Disposition disposition() {
        String type = text();
        return type == null ? null : new Disposition(type, parameters());
    }

    private List<Parameter> parameters() {
        int count = count();
        if (count == 0) {
            return List.of();
        }
        List<Parameter> parameters = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parameters.add(new Parameter(word(), word()));
        }
        return parameters;
    }

    private List<String> words() {
        int count = count();
        List<String> words = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            words.add(word());
        }
        return words;
    }

    private String word() {
        String text = text();
        if (text == null) {
            throw new IllegalArgumentException("a word is missing");
        }
        return text;
    }

    private @Nullable String text() {
        int length = count() - 1;
        if (length < 0) {
            return null;
        }
        String text = new String(bytes, at, length, ISO_8859_1);
        at += length;
        return text;
    }

    /** Of bytes or of members that follow: no more than there are bytes. */
    private int count() {
        long count = number();
        if (count < 0 || count > bytes.length - at + 1L) {
            throw new IllegalArgumentException("a count is too large");
        }
        return (int) count;
    }

    private long number() {
        long value = 0;
        for (int shift = 0; shift < 64 && at < bytes.length; shift += 7) {
            byte next = bytes[at++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("it breaks off");
    }
}
