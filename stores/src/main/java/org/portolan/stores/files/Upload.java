package org.portolan.stores.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A file that is coming in from one end to the other. {@link #commit} returns when all of it and
 * its name are on disk, and closing without a commit leaves what the setting says. One thread uses
 * it.
 */
public final class Upload implements AutoCloseable {
    private static final int LEAST_ROOM = 32 * 1024;

    /** Where the bytes go. */
    interface Target {
        void write(ByteBuffer bytes, long at) throws FileProblem, SystemCalls.Failed, IOException;

        /** Makes {@code size} bytes durable and visible. */
        Node commit(long size) throws FileProblem, SystemCalls.Failed, IOException;

        /** Ends it, after a commit or without one. */
        void close() throws IOException;

        long from();
    }

    private final FileTree tree;
    private final Place place;
    private final Target target;
    private final long from;
    private @Nullable ByteBuffer filling;
    private @Nullable ByteBuffer spare;
    private @Nullable CompletableFuture<Boolean> writing;
    private long handedOver;
    private boolean over;
    private Optional<FileProblem> problem = Optional.empty();

    Upload(FileTree tree, Place place, Target target) {
        this.tree = tree;
        this.place = place;
        this.target = target;
        this.from = target.from();
        this.handedOver = from;
    }

    /** Where the first byte goes. */
    public long from() {
        return from;
    }

    /** Where the next byte goes. */
    public long position() {
        ByteBuffer bytes = filling;
        return handedOver + (bytes == null ? 0 : bytes.position());
    }

    /**
     * Takes all of {@code bytes}.
     *
     * @throws FileProblem FULL or OVER_QUOTA, maybe of what was taken before
     */
    public void write(ByteBuffer bytes) throws FileProblem {
        while (bytes.hasRemaining()) {
            ByteBuffer into = filling();
            int count = Math.min(into.remaining(), bytes.remaining());
            into.put(into.position(), bytes, bytes.position(), count);
            into.position(into.position() + count);
            bytes.position(bytes.position() + count);
            if (!into.hasRemaining()) {
                handOver();
            }
        }
    }

    /**
     * The buffer that fills next, outside of the heap, with room for 32 KiB at least: what is put
     * into it at its position is taken as if by {@link #write}.
     */
    public ByteBuffer room() throws FileProblem {
        ByteBuffer into = filling();
        if (into.remaining() < LEAST_ROOM) {
            handOver();
            into = filling();
        }
        return into;
    }

    /** Takes {@code count} of {@code bytes}. */
    public void write(byte[] bytes, int offset, int count) throws FileProblem {
        write(ByteBuffer.wrap(bytes, offset, count));
    }

    private ByteBuffer filling() throws FileProblem {
        problem();
        ByteBuffer bytes = filling;
        if (bytes == null) {
            boolean first = handedOver == from;
            bytes = first ? tree.buffers().takeSmall() : tree.buffers().takeLarge();
            filling = bytes;
        }
        return bytes;
    }

    private void problem() throws FileProblem {
        if (over) {
            throw new IllegalStateException("this upload is over");
        }
        if (problem.isPresent()) {
            throw problem.get();
        }
    }

    /**
     * Lets a full buffer be written: by this thread itself if it may wait for the disk, because
     * handing over would cost more than it saves, else while the next one fills.
     */
    private void handOver() throws FileProblem {
        ByteBuffer full = filling;
        if (full == null || full.position() == 0) {
            return;
        }
        awaitWritten();
        long at = handedOver;
        handedOver += full.position();
        full.flip();
        DiskThreads.Work<Boolean> work =
                () -> {
                    target.write(full, at);
                    full.clear();
                    return true;
                };
        if (Thread.currentThread().isVirtual()) {
            filling = large(spare);
            spare = full;
            writing = tree.disk().begin(place, work);
        } else {
            filling = null;
            writeNow(work);
            filling = large(full);
        }
    }

    /** A buffer to go on with: a small one has been filled once, so large ones are worth it. */
    private @Nullable ByteBuffer large(@Nullable ByteBuffer idle) {
        if (idle == null || !Buffers.isSmall(idle)) {
            return idle;
        }
        tree.buffers().giveBack(idle);
        return null;
    }

    private void writeNow(DiskThreads.Work<Boolean> work) throws FileProblem {
        try {
            tree.disk().call(place, work);
        } catch (FileProblem e) {
            problem = Optional.of(e);
            throw e;
        }
    }

    private void awaitWritten() throws FileProblem {
        CompletableFuture<Boolean> before = writing;
        if (before == null) {
            return;
        }
        writing = null;
        try {
            DiskThreads.wait(before);
        } catch (FileProblem e) {
            problem = Optional.of(e);
            throw e;
        }
    }

    /**
     * Makes the file whole: on disk, visible, its name on disk.
     *
     * @return what it is now
     */
    public Node commit() throws FileProblem {
        problem();
        awaitWritten();
        long size = position();
        long at = handedOver;
        ByteBuffer rest = filling;
        Node node =
                tree.disk()
                        .call(
                                place,
                                () -> {
                                    if (rest != null) {
                                        target.write(rest.flip(), at);
                                    }
                                    Node made = target.commit(size);
                                    target.close();
                                    return made;
                                });
        over = true;
        giveBack();
        return node;
    }

    private void giveBack() {
        ByteBuffer one = filling;
        ByteBuffer two = spare;
        filling = null;
        spare = null;
        tree.buffers().giveBack(one);
        tree.buffers().giveBack(two);
    }

    /** Ends an upload that was not committed; one that was is over already. */
    @Override
    public void close() throws FileProblem {
        if (over) {
            return;
        }
        over = true;
        try {
            awaitWritten();
        } catch (FileProblem saidBefore) { // by a write or commit, or nobody waits for it
            problem = Optional.of(saidBefore);
        }
        ByteBuffer rest = problem.isEmpty() ? filling : null;
        long at = handedOver;
        tree.disk()
                .call(
                        place,
                        () -> {
                            try {
                                if (rest != null && target instanceof InPlace) {
                                    target.write(rest.flip(), at); // can be resumed
                                }
                            } finally {
                                target.close();
                            }
                            return true;
                        });
        giveBack();
    }
}
