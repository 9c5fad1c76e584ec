package org.portolan.kernel.posix;

import java.io.IOException;

/** {@link HostClock} without the call: nothing is known, and nothing can be changed. */
final class UnknownClock implements HostClock {
    @Override
    public State read() {
        return State.UNKNOWN;
    }

    @Override
    public void slew(Update update) throws IOException {
        throw new IOException("this system has no adjtimex");
    }

    @Override
    public void step(long nanos) throws IOException {
        throw new IOException("this system has no adjtimex");
    }
}
