package org.portolan.stores.files;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Buffers outside of the heap, used again, because making one costs more than filling it: small
 * ones for what may be little, or slow, and large ones for what goes on.
 */
final class Buffers {
    private static final int SMALL = 64 * 1024;
    private static final int LARGE = 256 * 1024;

    private final Queue<ByteBuffer> small = new ArrayBlockingQueue<>(32);
    private final Queue<ByteBuffer> large = new ArrayBlockingQueue<>(8);

    ByteBuffer takeSmall() {
        return taken(small.poll(), SMALL);
    }

    ByteBuffer takeLarge() {
        return taken(large.poll(), LARGE);
    }

    private static ByteBuffer taken(@Nullable ByteBuffer known, int size) {
        return known == null ? ByteBuffer.allocateDirect(size) : known.clear();
    }

    void giveBack(@Nullable ByteBuffer buffer) {
        if (buffer != null) {
            (isSmall(buffer) ? small : large).offer(buffer); // where many rest already it is let go
        }
    }

    static boolean isSmall(ByteBuffer buffer) {
        return buffer.capacity() == SMALL;
    }
}
