package org.portolan.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Clear text. */
record ClearLayer(RawSocket socket) implements Layer {
    @Override
    public ByteBuffer read(ByteBuffer into, long due, Hangup.Reason late) throws IOException {
        socket.read(into, due, late);
        return into;
    }

    @Override
    public boolean receive(ByteBuffer into, long due) throws IOException {
        return socket.readOrEnd(into, due, Hangup.Reason.TOO_SLOW) >= 0;
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        socket.write(from);
    }

    @Override
    public void goodbye(ByteBuffer last) throws IOException {
        socket.write(last);
    }

    @Override
    public void rest() {}
}
