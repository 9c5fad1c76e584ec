package org.portolan.shell.sftp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.OpenFile;

/**
 * What is said to a client: bytes that are copied, or room in what will be sent, which is filled
 * where it lies. What was said leaves with {@link #flush}, if not before.
 */
public abstract class Outgoing extends OutputStream {
    /** So much room at least lies in one piece, if it is asked for. */
    protected static final int UNBROKEN = 64;

    /**
     * Room for {@code most} bytes, in pieces, of which the first has {@link #UNBROKEN} bytes or
     * all. What is put there is said by {@link #say}; anything else that is said forgets it.
     */
    public abstract ByteBuffer[] room(int most) throws IOException;

    /** Says the first {@code count} bytes of the {@link #room} that was given last. */
    public abstract void say(int count) throws IOException;

    /** Reads {@code file} into {@code room}; less than there is room for only at the file's end. */
    static int fill(ByteBuffer[] room, OpenFile file, long from) throws FileProblem {
        int count = 0;
        for (ByteBuffer piece : room) {
            while (piece.hasRemaining()) {
                int step = file.read(piece, from + count);
                if (step <= 0) {
                    return count;
                }
                count += step;
            }
        }
        return count;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** Says it to {@code stream}; with a copy, unless that is such a one itself. */
    static Outgoing to(OutputStream stream) {
        if (stream instanceof Outgoing direct) {
            return direct;
        }
        return new Outgoing() {
            private byte[] room = new byte[0];

            @Override
            public ByteBuffer[] room(int most) {
                room = room.length < most ? new byte[most] : room;
                return new ByteBuffer[] {ByteBuffer.wrap(room, 0, most)};
            }

            @Override
            public void say(int count) throws IOException {
                stream.write(room, 0, count);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                stream.write(bytes, from, count);
            }

            @Override
            public void flush() throws IOException {
                stream.flush();
            }
        };
    }
}
