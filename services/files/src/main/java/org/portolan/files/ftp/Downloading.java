package org.portolan.files.ftp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.portolan.kernel.Connection;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.OpenFile;
import org.portolan.wire.Refusal;

/** RETR. */
final class Downloading implements Transfer.Work {
    private static final int CHUNK = 64 * 1024;

    /** What the smallest send buffer of a socket holds that the system gives out. */
    private static final int SHORT = 16 * 1024;

    private final OpenFile file;
    private final long from;
    private final long count;
    private final boolean ascii;

    Downloading(OpenFile file, long from, long count, boolean ascii) {
        this.file = file;
        this.from = from;
        this.count = count;
        this.ascii = ascii;
    }

    @Override
    public boolean isShort() {
        return (ascii ? 2 * count : count) <= SHORT;
    }

    @Override
    public String move(Connection data) throws IOException, Refusal, FileProblem {
        file.checkRead(from, count);
        try {
            if (ascii) {
                sendLines(data);
            } else {
                data.send(file.channel(), from, count);
            }
        } catch (EOFException e) {
            throw new Refusal("451 the file became shorter meanwhile");
        }
        return "226 " + count + " bytes sent";
    }

    private void sendLines(Connection data) throws IOException {
        LineEnds ends = new LineEnds();
        FileChannel channel = file.channel();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        byte[] lines = new byte[2 * CHUNK];
        long at = from;
        for (int got = channel.read(chunk, at); got >= 0; got = channel.read(chunk.clear(), at)) {
            at += got;
            data.write(lines, 0, ends.outward(chunk.array(), 0, got, lines));
        }
    }

    @Override
    public void close() throws FileProblem {
        file.close();
    }
}
