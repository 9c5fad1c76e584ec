package org.portolan.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * DEFLATE (RFC 1951) in both directions over another layer.
 *
 * <p>A little that is sent can become a lot. Each read makes no more of it than the reader has room
 * for, so that all limits on lines and bodies count what comes out.
 */
final class DeflateLayer implements Layer {
    private static final int RESTING_SIZE = 512;
    private static final int PIECE = 8 * 1024;
    private static final int LEVEL = 4; // near the fastest; text still shrinks to a third

    private final Layer under;
    private final Inflater inflater = new Inflater(true);
    private final Deflater deflater = new Deflater(LEVEL, true);
    private ByteBuffer packed = ByteBuffer.allocate(RESTING_SIZE).limit(0);

    DeflateLayer(Layer under) {
        this.under = under;
        inflater.setInput(packed);
    }

    @Override
    public ByteBuffer read(ByteBuffer into, long due, Hangup.Reason late) throws IOException {
        try {
            while (inflater.inflate(into) == 0) {
                if (inflater.finished() || inflater.needsDictionary()) {
                    throw new Hangup(Hangup.Reason.PEER_GONE); // a stream that has an end
                }
                if (inflater.needsInput()) {
                    fill(due, late);
                }
            }
        } catch (DataFormatException e) {
            throw new Hangup(Hangup.Reason.PEER_GONE, e); // what follows makes no sense either
        }
        return into;
    }

    @Override
    public boolean receive(ByteBuffer into, long due) throws IOException {
        read(into, due, Hangup.Reason.TOO_SLOW);
        return true; // a stream that ends is broken off
    }

    private void fill(long due, Hangup.Reason late) throws IOException {
        if (packed.limit() == packed.capacity() && packed.capacity() < PIECE) {
            packed = ByteBuffer.allocate(PIECE);
        }
        packed = under.read(packed.clear(), due, late).flip();
        inflater.setInput(packed);
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        deflater.setInput(from);
        ByteBuffer out = ByteBuffer.allocate(Math.min(PIECE, from.remaining() + 64));
        boolean more = true;
        while (more) {
            deflater.deflate(out, Deflater.SYNC_FLUSH);
            more = !out.hasRemaining();
            under.write(out.flip());
            out.clear();
        }
    }

    @Override
    public void goodbye(ByteBuffer last) throws IOException {
        if (last.hasRemaining()) {
            write(last);
        }
        under.goodbye(ByteBuffer.allocate(0));
    }

    @Override
    public void rest() {
        if (!packed.hasRemaining() && packed.capacity() > RESTING_SIZE) {
            packed = ByteBuffer.allocate(RESTING_SIZE).limit(0);
            inflater.setInput(packed);
        }
        under.rest();
    }

    @Override
    public void release() {
        inflater.end();
        deflater.end();
        under.release();
    }
}
