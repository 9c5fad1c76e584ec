package org.portolan.files.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file as it goes out: read ahead a little, and with the line ends that the mode wants. */
final class Source {
    private static final int AHEAD = 8 * 1024;

    private final FileChannel file;
    private final boolean netascii;
    private final ByteBuffer ahead;
    private final byte[] encoded;
    private ByteBuffer ready = ByteBuffer.allocate(0);
    private long next;
    private boolean ended;

    Source(FileChannel file, boolean netascii, int block) {
        this.file = file;
        this.netascii = netascii;
        this.ahead = ByteBuffer.allocate(Math.max(AHEAD, block));
        this.encoded = netascii ? new byte[2 * ahead.capacity()] : new byte[0];
    }

    /** Fills {@code into} from {@code at} on; less than {@code count} only at the end. */
    int read(byte[] into, int at, int count) throws IOException {
        int have = 0;
        while (have < count && more()) {
            int step = Math.min(ready.remaining(), count - have);
            ready.get(into, at + have, step);
            have += step;
        }
        return have;
    }

    private boolean more() throws IOException {
        while (!ready.hasRemaining() && !ended) {
            int got = file.read(ahead.clear(), next);
            if (got < 0) {
                ended = true;
                ready = ByteBuffer.allocate(0); // what it showed was room to read into
            } else {
                next += got;
                ready =
                        netascii
                                ? ByteBuffer.wrap(
                                        encoded, 0, Netascii.encode(ahead.array(), got, encoded))
                                : ahead.flip();
            }
        }
        return ready.hasRemaining();
    }
}
