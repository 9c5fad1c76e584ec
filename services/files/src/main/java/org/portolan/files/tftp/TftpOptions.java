package org.portolan.files.tftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

/**
 * What a client asks for beside the file (RFC 2347), or what it is granted. An option that has no
 * valid value counts as one that is not known, and is left out of the answer.
 *
 * @param blockSize bytes of data in a packet (RFC 2348); -1 if not asked
 * @param timeout seconds until a packet is sent again (RFC 2349); -1 if not asked
 * @param size bytes of the file (RFC 2349), 0 where it is asked; -1 if not asked
 * @param window packets sent before an answer is awaited (RFC 7440); -1 if not asked
 */
record TftpOptions(int blockSize, int timeout, long size, int window) {
    static final TftpOptions NONE = new TftpOptions(-1, -1, -1, -1);

    static final int USUAL_BLOCK = 512;

    /** RFC 2348. */
    static final int SMALLEST_BLOCK = 8;

    static final int LARGEST_BLOCK = 65_464;

    /** A client that asks for more waits longer than it would if the server did not know. */
    static final int LONGEST_TIMEOUT = 30;

    /** What lies in memory for one transfer, however large its blocks are. */
    static final int MOST_IN_WINDOW = 256 * 1024;

    private static final int LARGEST_WINDOW = 64;

    /** The same, and the option {@code name} asked for; the first of two of one name counts. */
    TftpOptions with(String name, String value) {
        long number = number(value);
        return switch (name) {
            case "BLKSIZE" ->
                    blockSize < 0 && number >= SMALLEST_BLOCK && number <= 65_535
                            ? new TftpOptions((int) number, timeout, size, window)
                            : this;
            case "TIMEOUT" ->
                    timeout < 0 && number >= 1 && number <= 255
                            ? new TftpOptions(blockSize, (int) number, size, window)
                            : this;
            case "TSIZE" ->
                    size < 0 && number >= 0
                            ? new TftpOptions(blockSize, timeout, number, window)
                            : this;
            case "WINDOWSIZE" ->
                    window < 0 && number >= 1 && number <= 65_535
                            ? new TftpOptions(blockSize, timeout, size, (int) number)
                            : this;
            default -> this;
        };
    }

    private static long number(String value) {
        boolean digits =
                !value.isEmpty()
                        && value.length() <= 18
                        && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Long.parseLong(value) : -1;
    }

    /**
     * What of it is granted: smaller blocks and windows may be, other times may not (RFC 2348,
     * 2349, 7440).
     *
     * @param largestBlock what this site's networks carry
     * @param known the size of the file to be read; of one to be written what the client said; -1
     *     where nobody knows
     */
    TftpOptions granted(int largestBlock, long known) {
        int block = blockSize < 0 ? -1 : Math.min(blockSize, largestBlock);
        int room = MOST_IN_WINDOW / (block < 0 ? USUAL_BLOCK : block);
        return new TftpOptions(
                block,
                timeout > LONGEST_TIMEOUT ? -1 : timeout,
                size < 0 ? -1 : known,
                window < 0 ? -1 : Math.min(Math.min(window, LARGEST_WINDOW), room));
    }

    boolean none() {
        return equals(NONE);
    }

    int block() {
        return blockSize < 0 ? USUAL_BLOCK : blockSize;
    }

    int packets() {
        return Math.max(1, window);
    }

    /** The OACK packet. */
    byte[] packet() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        out.write(0);
        out.write(TftpMessage.OACK);
        put(out, "blksize", blockSize);
        put(out, "timeout", timeout);
        put(out, "tsize", size);
        put(out, "windowsize", window);
        return out.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, String name, long value) {
        if (value >= 0) {
            out.writeBytes((name + "\0" + value + "\0").getBytes(ISO_8859_1));
        }
    }
}
