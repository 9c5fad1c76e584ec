package org.portolan.stores.files;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Buffers outside of the heap, used again, because making one costs more than filling it. */
final class Buffers {
    private static final int KEPT = 32;

    private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    ByteBuffer take() {
        ByteBuffer known = idle.poll();
        if (known == null) {
            return Upload.newBuffer();
        }
        count.decrementAndGet();
        return known.clear();
    }

    void giveBack(@Nullable ByteBuffer buffer) {
        if (buffer != null && count.get() < KEPT) {
            count.incrementAndGet();
            idle.add(buffer);
        }
    }
}
