package org.portolan.stores.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;

/**
 * Writes a tar archive of ordinary files (POSIX.1-2001 "ustar" and "pax").
 *
 * <pre>
 *   0 name 100 | 100 mode 8 | 108 uid 8 | 116 gid 8 | 124 size 12 | 136 mtime 12 | 148 checksum 8
 *   156 type 1 | 157 link 100 | 257 "ustar" NUL "00" 8 | 265 owner 32 | 297 group 32 | ... 512
 * </pre>
 *
 * The content follows, filled up with zeros to whole blocks. What does not fit into its field (a
 * long name, one that is not ASCII, a size of 8 GiB) stands in a pax header before.
 */
final class TarWriter {
    static final int BLOCK = 512;
    static final int NAME = 100;
    static final long LARGEST_OCTAL = 0_77777777777L; // eleven digits

    private final OutputStream out;
    private long left;
    private int padding;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    /** How many bytes of an archive a file takes. */
    static long room(String path, long size, Instant modified) {
        boolean fits = fits(path, size, modified);
        long extra = fits ? 0 : BLOCK + filledUp(pax(path, size, modified).length);
        return extra + BLOCK + filledUp(size);
    }

    /** What {@link #finish} adds. */
    static long endRoom() {
        return 2L * BLOCK;
    }

    private static long filledUp(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    private static boolean fits(String path, long size, Instant modified) {
        return modified.getNano() == 0
                && modified.getEpochSecond() >= 0
                && modified.getEpochSecond() <= LARGEST_OCTAL
                && size <= LARGEST_OCTAL
                && path.length() <= NAME
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** Begins a file; exactly {@code size} bytes have to follow. */
    void begin(String path, long size, Instant modified) throws IOException {
        begin(path, size, modified, 0_600);
    }

    void begin(String path, long size, Instant modified, int mode) throws IOException {
        paxIfNeeded(path, size, modified);
        header(path, size, modified, mode, '0');
    }

    /** A folder, whose path ends with a slash. */
    void folder(String path, Instant modified, int mode) throws IOException {
        paxIfNeeded(path, 0, modified);
        header(path, 0, modified, mode, '5');
    }

    private void paxIfNeeded(String path, long size, Instant modified) throws IOException {
        if (left != 0) {
            throw new IllegalStateException("the file before lacks " + left + " bytes");
        }
        if (!fits(path, size, modified)) {
            byte[] records = pax(path, size, modified);
            header("PaxHeader", records.length, modified, 0_600, 'x');
            write(records, 0, records.length);
        }
    }

    void write(byte[] bytes, int from, int count) throws IOException {
        if (count > left) {
            throw new IllegalStateException("more bytes than were said");
        }
        out.write(bytes, from, count);
        left -= count;
        if (left == 0) {
            out.write(new byte[padding]);
            padding = 0;
        }
    }

    private void header(String path, long size, Instant modified, int mode, char type)
            throws IOException {
        byte[] block = new byte[BLOCK];
        byte[] name = path.getBytes(UTF_8);
        System.arraycopy(name, 0, block, 0, Math.min(name.length, NAME));
        octal(block, 100, 8, mode);
        octal(block, 108, 8, 0); // whoever restores owns it
        octal(block, 116, 8, 0);
        octal(block, 124, 12, size > LARGEST_OCTAL ? 0 : size);
        octal(block, 136, 12, Math.clamp(modified.getEpochSecond(), 0, LARGEST_OCTAL));
        block[156] = (byte) type;
        System.arraycopy("ustar\00000".getBytes(US_ASCII), 0, block, 257, 8);
        octal(block, 148, 7, checksum(block));
        block[155] = ' ';
        out.write(block);
        left = size;
        padding = (int) (filledUp(size) - size);
    }

    /** The sum of the header's bytes, those of the checksum taken as blanks. */
    static int checksum(byte[] block) {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
        }
        return sum;
    }

    /** Digits and a NUL at the end. */
    private static void octal(byte[] block, int at, int width, long value) {
        String digits = String.format(Locale.ROOT, "%0" + (width - 1) + "o", value);
        System.arraycopy(digits.getBytes(US_ASCII), 0, block, at, width - 1);
    }

    private static byte[] pax(String path, long size, Instant modified) {
        String records = record("path", path) + record("size", Long.toString(size));
        if (modified.getNano() != 0 || modified.getEpochSecond() < 0) {
            String seconds =
                    BigDecimal.valueOf(modified.getEpochSecond())
                            .add(BigDecimal.valueOf(modified.getNano(), 9))
                            .toPlainString();
            records += record("mtime", seconds);
        }
        return records.getBytes(UTF_8);
    }

    /** {@code LENGTH KEY=VALUE\n}, where the length counts its own digits. */
    private static String record(String key, String value) {
        int rest = (" " + key + "=" + value + "\n").getBytes(UTF_8).length;
        int length = rest + Integer.toString(rest).length();
        length = rest + Integer.toString(length).length();
        return length + " " + key + "=" + value + "\n";
    }

    /** Two empty blocks end an archive. */
    void finish() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }
}
