package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * Untagged responses on their way to the peer: gathered in one array, without a string where bytes
 * do, and handed on in large pieces.
 */
final class ImapOutput {
    /** Handed on when there is more than this, at the end of a response. */
    private static final int FULL = 24 * 1024;

    /** Of a file: more is sent as it lies there. */
    private static final int SMALL = 16 * 1024;

    private static final int RESTING_SIZE = 256;
    private static final byte[] NIL = {'N', 'I', 'L'};

    /** Where it goes: a connection, or an array in a test. */
    interface Sink {
        void write(byte[] bytes, int from, int count) throws IOException;

        void send(FileChannel file, long from, long count) throws IOException;
    }

    private final Sink sink;
    private byte[] bytes = new byte[RESTING_SIZE];
    private int used;

    ImapOutput(Sink sink) {
        this.sink = sink;
    }

    private void room(int count) {
        if (bytes.length - used < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + count));
        }
    }

    /** A character of one byte. */
    ImapOutput add(char c) {
        room(1);
        bytes[used++] = (byte) c;
        return this;
    }

    /** Text of one byte a character. */
    @SuppressWarnings("deprecation") // the one call that copies bytes without an encoder
    ImapOutput add(String text) {
        int length = text.length();
        room(length);
        text.getBytes(0, length, bytes, used);
        used += length;
        return this;
    }

    ImapOutput add(byte[] more) {
        return add(more, 0, more.length);
    }

    ImapOutput add(byte[] more, int from, int count) {
        room(count);
        System.arraycopy(more, from, bytes, used, count);
        used += count;
        return this;
    }

    ImapOutput add(long number) {
        room(20);
        if (number < 0) {
            return add(Long.toString(number));
        }
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        int at = used + digits;
        long rest = number;
        do {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        used += digits;
        return this;
    }

    ImapOutput nil() {
        return add(NIL);
    }

    /** nstring of bytes: NIL for null, quoted where it can be, else a literal. */
    ImapOutput string(byte[] value, int from, int count) {
        if (!quotable(value, from, count)) {
            add('{').add(count).add("}\r\n");
            return add(value, from, count);
        }
        room(2 * count + 2);
        bytes[used++] = '"';
        for (int i = from; i < from + count; i++) {
            byte b = value[i];
            if (b == '"' || b == '\\') {
                bytes[used++] = '\\';
            }
            bytes[used++] = b;
        }
        bytes[used++] = '"';
        return this;
    }

    /** A string whose bytes above 127 may stand in quotes: to those who take UTF-8. */
    ImapOutput text(String value) {
        boolean clean = value.length() <= 4096;
        for (int i = 0; i < value.length() && clean; i++) {
            char c = value.charAt(i);
            clean = c >= ' ' && c != 0x7f;
        }
        if (!clean || !utf8(value)) {
            return string(value);
        }
        add('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                add('\\');
            }
            add(c);
        }
        return add('"');
    }

    private static boolean utf8(String raw) {
        if (raw.chars().allMatch(c -> c < 0x80)) {
            return true;
        }
        try {
            var _ = UTF_8.newDecoder().decode(ByteBuffer.wrap(raw.getBytes(ISO_8859_1)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    ImapOutput string(String value) {
        byte[] raw = value.getBytes(ISO_8859_1);
        return string(raw, 0, raw.length);
    }

    private static boolean quotable(byte[] value, int from, int count) {
        if (count > 4096) {
            return false;
        }
        for (int i = from; i < from + count; i++) {
            if (value[i] < ' ' || value[i] == 0x7f) { // controls, and bytes above 126 too
                return false;
            }
        }
        return true;
    }

    /** As an atom where it is one, else in quotes; for what a label repeats. */
    static String astring(String value) {
        boolean atom =
                !value.isEmpty()
                        && value.chars().allMatch(c -> CommandText.isAstringChar((char) c));
        boolean clean = value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
        if (atom || !clean) {
            return atom ? value : "{" + value.length() + "}\r\n" + value;
        }
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** A name as its bytes are, in quotes: mailbox names of any charset that the client enabled. */
    ImapOutput quotedName(String raw) {
        boolean atom =
                !raw.isEmpty() && raw.chars().allMatch(c -> CommandText.isAstringChar((char) c));
        if (atom && !raw.equalsIgnoreCase("NIL")) {
            return add(raw);
        }
        add('"');
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '"' || c == '\\') {
                add('\\');
            }
            add(c);
        }
        return add('"');
    }

    /** Ends a response; hands on what is there if it has become much. */
    void line() throws IOException {
        add('\r').add('\n');
        if (used > FULL) {
            flush();
        }
    }

    /** A piece of a file that follows what is there; a small one is gathered with it. */
    void send(FileChannel file, long from, long count) throws IOException {
        if (count <= SMALL) {
            room((int) count);
            ByteBuffer rest = ByteBuffer.wrap(bytes, used, (int) count);
            while (rest.hasRemaining()) {
                if (file.read(rest, from + rest.position() - used) < 0) {
                    throw new EOFException("a message is shorter than it was");
                }
            }
            used += (int) count;
            return;
        }
        flush();
        sink.send(file, from, count);
    }

    /** Hands on all of it. */
    void flush() throws IOException {
        if (used > 0) {
            sink.write(bytes, 0, used);
            used = 0;
        }
    }

    /** Takes back what was added since {@code mark} of {@link #mark}. */
    void back(int mark) {
        used = mark;
    }

    int mark() {
        return used;
    }

    /** Gives back what a silent session does not need. */
    void rest() {
        if (used == 0 && bytes.length > RESTING_SIZE) {
            bytes = new byte[RESTING_SIZE];
        }
    }
}
