package org.portolan.stores.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;

/** Text from bytes in the character sets of mail; nothing makes it fail. */
public final class Charsets {
    private Charsets() {}

    /** The charset called {@code name}, if this machine knows it. */
    public static Optional<Charset> named(String name) {
        String usual = name.strip().toLowerCase(Locale.ROOT);
        return switch (usual) {
            case "utf-8", "utf8" -> Optional.of(UTF_8);
            case "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "cp1252" ->
                    Optional.of(windows(usual));
            default -> known(usual);
        };
    }

    /** What calls itself Latin 1 is what Windows calls so, as browsers have it. */
    private static Charset windows(String usual) {
        return usual.endsWith("ascii") ? US_ASCII : known("windows-1252").orElse(ISO_8859_1);
    }

    private static Optional<Charset> known(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        } catch (IllegalArgumentException empty) {
            return Optional.empty();
        }
    }

    /** {@code bytes} as text: by its charset, else as UTF-8 if it is that, else as Latin 1. */
    public static String decode(byte[] bytes, String charset) {
        Optional<Charset> known = charset.isEmpty() ? Optional.empty() : named(charset);
        if (known.isPresent() && !known.get().equals(US_ASCII)) {
            return new String(bytes, known.get());
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) { // it is not, then
            return new String(bytes, known("windows-1252").orElse(ISO_8859_1));
        }
    }
}
