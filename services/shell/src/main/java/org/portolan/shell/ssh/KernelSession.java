package org.portolan.shell.ssh;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Ports.Listening;

/**
 * A connection of the kernel's, as the SSH library sees a socket.
 *
 * <p>What is to be sent is queued, and a thread sends it that lives as long as there is something:
 * so whoever speaks need not wait for the socket, what several packets hold leaves together, and a
 * peer that waits for us to read before it reads is not waited for in turn. What a {@link
 * ChannelOutput} says, its own thread sends: it may wait, since another one reads.
 */
final class KernelSession extends AbstractCloseable implements IoSession {
    /** More than this is not queued: who would add to it waits. */
    private static final int MOST_QUEUED = 4 << 20;

    /** Who says much sends, once this much is queued. */
    private static final int WELL_FILLED = 64 * 1024;

    /** Less than two large packets: copying those costs more than a second write. */
    private static final int MOST_AT_ONCE = 64 * 1024;

    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final Connection connection;
    private final InetSocketAddress local;
    private final Ports ports;
    private final IoHandler handler;
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
    private final Map<InetSocketAddress, Listening> listening = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Write> queue = new ArrayDeque<>(); // guarded by lock
    private long queued; // guarded by lock
    private boolean sending; // guarded by lock
    private boolean broken; // guarded by lock
    private final AtomicInteger moving = new AtomicInteger();

    KernelSession(Connection connection, Ports ports, IoHandler handler) throws IOException {
        super("");
        this.connection = connection;
        this.local = connection.local();
        this.ports = ports;
        this.handler = handler;
    }

    /** Bytes that wait to be sent. */
    private static final class Write extends AbstractIoWriteFuture {
        private final byte[] bytes;
        private final int from;
        private final int count;
        private final Buffer buffer;

        private Write(Buffer buffer) {
            super("", null);
            this.buffer = buffer;
            bytes = buffer.array();
            from = buffer.rpos();
            count = buffer.available();
        }

        private void sent() {
            setValue(true);
            if (buffer instanceof ChannelOutput.Packet packet) {
                packet.sent();
            }
        }
    }

    Connection connection() {
        return connection;
    }

    /** Ports that were opened for the peer, which last no longer than its session. */
    Map<InetSocketAddress, Listening> listening() {
        return listening;
    }

    /** Whether files come or go in one of its channels. */
    boolean movesFiles() {
        return moving.get() > 0;
    }

    void beginMoving() {
        moving.incrementAndGet();
    }

    void endMoving() {
        moving.decrementAndGet();
    }

    @Override
    public IoWriteFuture writeBuffer(Buffer buffer) throws IOException {
        Write write = new Write(buffer);
        lock.lock();
        try {
            while (queued > MOST_QUEUED && !broken) {
                changed.awaitUninterruptibly(); // not for ever: the socket's write has a deadline
            }
            if (broken || isClosed()) {
                write.setValue(new ClosedChannelException());
                return write;
            }
            queue.add(write);
            queued += write.count;
            if (!sending && !sentByMaker(buffer)) {
                sending = true;
                ports.inBackground(connection.id() + "-sender", this::sendAll);
            }
        } finally {
            lock.unlock();
        }
        return write;
    }

    /** Whether whoever says this sends it, too; what waited for new keys is said by another. */
    private static boolean sentByMaker(Buffer buffer) {
        return buffer instanceof ChannelOutput.Packet packet && packet.madeHere();
    }

    /** Sends what was said, unless somebody does already. */
    void sendNow() {
        lock.lock();
        try {
            if (sending || queue.isEmpty()) {
                return;
            }
            sending = true;
        } finally {
            lock.unlock();
        }
        sendAll();
    }

    /** The same, but only if it is much; waits if it is much and somebody else sends it. */
    void sendMuch() throws IOException {
        lock.lock();
        try {
            if (queued < WELL_FILLED) {
                return;
            }
            while (sending && queued > WELL_FILLED && !broken) {
                changed.awaitUninterruptibly();
            }
            if (broken) {
                throw new ClosedChannelException();
            }
        } finally {
            lock.unlock();
        }
        sendNow();
    }

    private void sendAll() {
        List<Write> batch = new ArrayList<>();
        while (take(batch)) {
            try {
                connection.send(together(batch));
                batch.forEach(Write::sent);
            } catch (IOException e) {
                breakOff(batch, e);
            }
        }
    }

    /** Small packets in one piece; a large one as it is. */
    private static ByteBuffer together(List<Write> batch) {
        Write first = batch.getFirst();
        if (batch.size() == 1) {
            return ByteBuffer.wrap(first.bytes, first.from, first.count);
        }
        int bytes = 0;
        for (Write write : batch) {
            bytes += write.count;
        }
        ByteBuffer together = ByteBuffer.allocate(bytes);
        for (Write write : batch) {
            together.put(write.bytes, write.from, write.count);
        }
        return together.flip();
    }

    /** Takes what fits into one write; false, and nobody sends, when there is nothing. */
    private boolean take(List<Write> batch) {
        lock.lock();
        try {
            batch.forEach(sent -> queued -= sent.count);
            batch.clear();
            long bytes = 0;
            while (!queue.isEmpty()
                    && (batch.isEmpty() || bytes + queue.getFirst().count <= MOST_AT_ONCE)) {
                Write next = queue.removeFirst();
                batch.add(next);
                bytes += next.count;
            }
            sending = !batch.isEmpty();
            changed.signalAll();
            return sending;
        } finally {
            lock.unlock();
        }
    }

    private void breakOff(List<Write> batch, IOException why) {
        List<Write> lost = new ArrayList<>(batch);
        lock.lock();
        try {
            broken = true;
            lost.addAll(queue);
            queue.clear();
            queued = 0;
            batch.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        lost.forEach(write -> write.setValue(why));
        connection.end(Hangup.Reason.PEER_GONE); // whoever reads need not wait for more
    }

    /** Waits until everything was sent, or cannot be. */
    void drain() {
        lock.lock();
        try {
            while (sending) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The thread that reads closes the socket, when it has heard of this. */
    @Override
    protected void doCloseImmediately() {
        connection.end(Hangup.Reason.PEER_GONE);
        super.doCloseImmediately();
        try {
            handler.sessionClosed(this);
        } catch (Exception e) {
            connection.log().warn("an SSH session did not close well: {}", String.valueOf(e));
        }
    }

    @Override
    public long getId() {
        return id;
    }

    @Override
    public @Nullable Object getAttribute(Object key) {
        return attributes.get(key);
    }

    @Override
    public @Nullable Object setAttribute(Object key, Object value) {
        return attributes.put(key, value);
    }

    @Override
    public @Nullable Object setAttributeIfAbsent(Object key, Object value) {
        return attributes.putIfAbsent(key, value);
    }

    @Override
    public @Nullable Object removeAttribute(Object key) {
        return attributes.remove(key);
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return new InetSocketAddress(connection.peer().address(), connection.peer().port());
    }

    @Override
    public SocketAddress getLocalAddress() {
        return local;
    }

    @Override
    public SocketAddress getAcceptanceAddress() {
        return local;
    }

    /** There is none: the kernel listens, and the conversation reads. */
    @Override
    public @Nullable IoService getService() {
        return null;
    }

    @Override
    public void shutdownOutputStream() {
        // the kernel does it, with care, when the conversation has ended
    }

    @Override
    public void suspendRead() {
        throw new UnsupportedOperationException("a window that is shut keeps the peer waiting");
    }

    @Override
    public void resumeRead() {
        throw new UnsupportedOperationException("reading is never suspended");
    }
}
