package org.portolan.kernel;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for outgoing TLS records, held only while something is being sent, so that ten thousand
 * idle conversations hold none.
 */
final class PacketPool {
    /** Two records of the largest size (RFC 8446 §5.2), so that bulk data takes half the writes. */
    private static final int SIZE = 2 * 16_709;

    private final ArrayBlockingQueue<ByteBuffer> resting = new ArrayBlockingQueue<>(64);

    ByteBuffer take() {
        @Nullable ByteBuffer buffer = resting.poll();
        return buffer == null ? ByteBuffer.allocate(SIZE) : buffer.clear();
    }

    void giveBack(ByteBuffer buffer) {
        resting.offer(buffer);
    }
}
