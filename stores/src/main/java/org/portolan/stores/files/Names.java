package org.portolan.stores.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * Names of files as bytes and as text. Linux has bytes, everybody else text: bytes that are no
 * UTF-8 (names made elsewhere, or spellings that hope to be read twice, such as an overlong dot)
 * become U+DC80 to U+DCFF each, which no UTF-8 text holds, and become the same bytes again.
 */
final class Names {
    /** The longest name of a file, in bytes. */
    static final int LONGEST = 255;

    /** The longest path, in bytes; the system takes 4096 with the zero at its end. */
    static final int LONGEST_PATH = 4095;

    private static final char ESCAPED = 0xdc00;

    private Names() {}

    static String text(byte[] bytes) {
        for (byte octet : bytes) {
            if (octet < 0) {
                return decoded(bytes);
            }
        }
        return new String(bytes, UTF_8);
    }

    private static String decoded(byte[] bytes) {
        CharsetDecoder decoder =
                UTF_8.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        for (CoderResult result = decoder.decode(in, out, true);
                result.isError();
                result = decoder.decode(in, out, true)) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPED | (in.get() & 0xff)));
            }
            decoder.reset();
        }
        return out.flip().toString();
    }

    static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        if (isText(text)) {
            return bytes;
        }
        ByteBuffer out = ByteBuffer.allocate(text.length() * 3);
        for (int i = 0; i < text.length(); ) {
            int code = text.codePointAt(i);
            if (isEscaped(code)) {
                out.put((byte) code);
            } else {
                out.put(Character.toString(code).getBytes(UTF_8));
            }
            i += Character.charCount(code);
        }
        byte[] mixed = new byte[out.position()];
        out.flip().get(mixed);
        return mixed;
    }

    private static boolean isEscaped(int code) {
        return code >= ESCAPED + 0x80 && code <= ESCAPED + 0xff;
    }

    /** Whether it can be written as UTF-8. */
    static boolean isText(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < name.length()
                                && Character.isLowSurrogate(name.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
