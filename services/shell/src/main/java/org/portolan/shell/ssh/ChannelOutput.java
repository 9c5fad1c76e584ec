package org.portolan.shell.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.AbstractChannel;
import org.apache.sshd.common.channel.RemoteWindow;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;
import org.portolan.shell.sftp.Outgoing;

/**
 * What is said in a channel by one thread that says much. Its bytes are put where they are
 * encrypted and sent from, and the thread sends them itself: nobody has to be woken for it.
 */
final class ChannelOutput extends Outgoing {
    private static final int HEAD = 14; // of a packet: lengths, type, channel, length of the data
    private static final int TAIL = 255 + 64; // padding and MAC, at their longest
    private static final int LARGEST = 32 * 1024;
    private static final int KEPT = 10; // what a long reply takes, and two that are being sent

    private final AbstractChannel channel;
    private final RemoteWindow window;
    private final KernelSession socket;
    private final Duration patience;
    private final int capacity;
    private final Queue<Packet> idle = new ArrayBlockingQueue<>(KEPT);
    private final List<Packet> given = new ArrayList<>(); // as room
    private @Nullable Packet current; // is being filled
    private byte[] aside = new byte[0]; // room for a client that takes next to nothing at a time

    /**
     * @param channel one that is open
     */
    ChannelOutput(AbstractChannel channel, KernelSession socket) {
        this.channel = channel;
        this.window = channel.getRemoteWindow();
        this.socket = socket;
        this.patience = CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.getRequired(channel);
        this.capacity = (int) Math.min(window.getPacketSize(), LARGEST);
    }

    /** A packet with data in the making (RFC 4254 §5.2); used again when it was sent. */
    final class Packet extends ByteArrayBuffer {
        private int count;
        private Thread maker = Thread.currentThread();

        private Packet() {
            super(new byte[HEAD + capacity + TAIL], 0, 0, false);
        }

        private Packet begin() {
            count = 0;
            maker = Thread.currentThread();
            return this;
        }

        /** Whether this thread has made it. */
        boolean madeHere() {
            return Thread.currentThread().equals(maker);
        }

        private int left() {
            return capacity - count;
        }

        private ByteBuffer room(int most) {
            return ByteBuffer.wrap(array(), HEAD + count, Math.min(left(), most)).slice();
        }

        private Packet complete() {
            rpos(HEAD - 9);
            wpos(HEAD - 9);
            putByte(SshConstants.SSH_MSG_CHANNEL_DATA);
            putUInt(channel.getRecipient());
            putUInt(count);
            wpos(HEAD + count);
            return this;
        }

        /** Nobody needs it any more. */
        void sent() {
            idle.offer(this);
        }
    }

    private Packet fresh() {
        Packet known = idle.poll();
        return (known == null ? new Packet() : known).begin();
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        forget();
        int said = 0;
        while (said < count) {
            Packet packet = current == null ? fresh() : current;
            ByteBuffer room = packet.room(count - said);
            int step = room.remaining();
            room.put(bytes, from + said, step);
            packet.count += step;
            said += step;
            current = packet;
            sendIfFull();
        }
    }

    private void sendIfFull() throws IOException {
        if (current != null && current.left() == 0) {
            sendCurrent();
        }
    }

    private void sendCurrent() throws IOException {
        Packet packet = current;
        if (packet != null) {
            current = null;
            send(packet);
        }
    }

    @Override
    public ByteBuffer[] room(int most) throws IOException {
        forget();
        if (capacity < UNBROKEN) {
            aside = aside.length < most ? new byte[most] : aside;
            return new ByteBuffer[] {ByteBuffer.wrap(aside, 0, most)};
        }
        if (current != null && current.left() < Math.min(most, UNBROKEN)) {
            sendCurrent();
        }
        List<ByteBuffer> pieces = new ArrayList<>();
        int left = most;
        Packet packet = current == null ? fresh() : current;
        current = null;
        while (true) {
            given.add(packet);
            ByteBuffer piece = packet.room(left);
            pieces.add(piece);
            left -= piece.remaining();
            if (left == 0) {
                return pieces.toArray(ByteBuffer[]::new);
            }
            packet = fresh();
        }
    }

    @Override
    public void say(int count) throws IOException {
        if (capacity < UNBROKEN) {
            write(aside, 0, count);
            return;
        }
        int left = count;
        List<Packet> said = new ArrayList<>(given);
        given.clear();
        for (Packet packet : said) {
            int step = Math.min(left, packet.left());
            packet.count += step;
            left -= step;
            if (packet.count == 0) {
                packet.sent();
            } else {
                current = packet;
                sendIfFull();
            }
        }
    }

    /** Nobody has said what they asked room for. */
    private void forget() {
        for (Packet packet : given) {
            if (packet.count > 0) {
                current = packet;
            } else {
                packet.sent();
            }
        }
        given.clear();
    }

    /** Sends what was said before it is to be waited for. */
    @Override
    public void flush() throws IOException {
        forget();
        sendCurrent();
        socket.sendNow();
    }

    private void send(Packet packet) throws IOException {
        Packet whole = packet;
        for (long free = room(); free < whole.count; free = room()) {
            Packet rest = fresh();
            int first = (int) free;
            rest.room(LARGEST).put(whole.array(), HEAD + first, whole.count - first);
            rest.count = whole.count - first;
            whole.count = first;
            sendWhole(whole);
            whole = rest;
        }
        sendWhole(whole);
    }

    /** How much the client is ready for; something, after a while. */
    private long room() throws IOException {
        if (window.getSize() == 0) {
            socket.sendNow();
        }
        try {
            return window.waitForSpace(patience);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void sendWhole(Packet packet) throws IOException {
        try {
            window.waitAndConsume(packet.count, patience);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        channel.writePacket(packet.complete());
        socket.sendMuch();
    }

    private static IOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        IOException interrupted = new InterruptedIOException("interrupted while the client waits");
        interrupted.initCause(cause);
        return interrupted;
    }
}
