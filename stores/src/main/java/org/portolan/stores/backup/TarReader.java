package org.portolan.stores.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads what {@link TarWriter} wrote, and refuses anything else that a tar archive may hold. */
final class TarReader {
    /** One file of the archive, whose content is read from the reader next, or one folder. */
    record Entry(String path, long size, Instant modified, int mode, boolean folder) {}

    /** A path and a size, and not a gigabyte that somebody claims. */
    private static final int MOST_PAX_BYTES = 64 * 1024;

    private final InputStream in;
    private long left;
    private int padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** The next file, after whatever is left of the one before; empty at the end. */
    Optional<Entry> next() throws IOException {
        in.skipNBytes(left + padding);
        left = 0;
        padding = 0;
        byte[] block = block();
        if (isEmpty(block)) {
            return Optional.empty();
        }
        Map<String, String> pax = Map.of();
        if (type(block) == 'x') {
            pax = records(block);
            block = block();
        }
        boolean folder = type(block) == '5';
        if (type(block) != '0' && !folder) {
            throw new IOException("it holds something else than files: " + name(block));
        }
        String path = pax.getOrDefault("path", name(block));
        long size = pax.containsKey("size") ? number(pax.get("size"), 10) : size(block);
        if (folder && (size != 0 || !path.endsWith("/"))) {
            throw new IOException("it holds a folder that is none: " + path);
        }
        left = size;
        padding = (int) (-size & (TarWriter.BLOCK - 1));
        Instant modified =
                pax.containsKey("mtime")
                        ? instant(pax.get("mtime"))
                        : Instant.ofEpochSecond(octal(block, 136, 12));
        int mode = (int) octal(block, 100, 8) & 0_777;
        return Optional.of(new Entry(path, size, modified, mode, folder));
    }

    /** Reads of the present file's content; -1 at its end. */
    int read(byte[] into) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = in.read(into, 0, (int) Math.min(into.length, left));
        if (count < 0) {
            throw new EOFException("it ends in the midst of a file");
        }
        left -= count;
        return count;
    }

    private byte[] block() throws IOException {
        byte[] block = in.readNBytes(TarWriter.BLOCK);
        if (block.length < TarWriter.BLOCK) {
            throw new EOFException("it ends too soon");
        }
        if (!isEmpty(block) && octal(block, 148, 8) != TarWriter.checksum(block)) {
            throw new IOException("it is no tar archive, or damaged");
        }
        return block;
    }

    private static boolean isEmpty(byte[] block) {
        return Arrays.equals(block, new byte[TarWriter.BLOCK]);
    }

    private static char type(byte[] block) {
        return (char) block[156];
    }

    private static String name(byte[] block) {
        int end = 0;
        while (end < TarWriter.NAME && block[end] != 0) {
            end++;
        }
        return new String(block, 0, end, UTF_8);
    }

    private static long size(byte[] block) throws IOException {
        return octal(block, 124, 12);
    }

    private static long octal(byte[] block, int at, int width) throws IOException {
        String digits = new String(block, at, width, US_ASCII).replace('\0', ' ').strip();
        return number(digits, 8);
    }

    private static Instant instant(String seconds) throws IOException {
        if (seconds.length() <= 40 && seconds.matches("-?[0-9]+(\\.[0-9]+)?")) {
            BigDecimal time = new BigDecimal(seconds);
            BigDecimal whole = time.setScale(0, RoundingMode.FLOOR);
            if (whole.abs().longValue() < TarWriter.LARGEST_OCTAL) {
                long nanos = time.subtract(whole).movePointRight(9).longValue();
                return Instant.ofEpochSecond(whole.longValue(), nanos);
            }
        }
        throw new IOException("it has a time that is none");
    }

    private static long number(String digits, int radix) throws IOException {
        try {
            long number = Long.parseLong(digits, radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IOException("it is no tar archive, or damaged", e);
        }
        throw new IOException("it claims a size below nought");
    }

    private Map<String, String> records(byte[] block) throws IOException {
        long size = size(block);
        if (size > MOST_PAX_BYTES) {
            throw new IOException("it claims a name of " + size + " bytes");
        }
        byte[] bytes = in.readNBytes((int) size);
        in.skipNBytes(-size & (TarWriter.BLOCK - 1));
        Map<String, String> records = new HashMap<>();
        for (int at = 0; at < bytes.length; ) {
            int blank = at;
            while (blank < bytes.length && bytes[blank] != ' ') {
                blank++;
            }
            long length = number(new String(bytes, at, blank - at, US_ASCII), 10);
            if (length <= blank - at + 1 || length > bytes.length - at) {
                throw new IOException("it has a pax header that is damaged");
            }
            int end = at + (int) length;
            String record = new String(bytes, blank + 1, end - blank - 2, UTF_8);
            int equals = record.indexOf('=');
            if (equals < 0) {
                throw new IOException("it has a pax header that is damaged");
            }
            records.put(record.substring(0, equals), record.substring(equals + 1));
            at = end;
        }
        return records;
    }
}
