package org.portolan.watch.ntp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.portolan.kernel.posix.HostClock;

/** A host's clock that is whatever the test says, and notes what is done to it. */
final class FakeHostClock implements HostClock {
    final List<Update> slewed = new ArrayList<>();
    final List<Long> stepped = new ArrayList<>();
    private volatile State state = State.UNKNOWN;
    private boolean forbidden;

    /** Nobody keeps it. */
    static FakeHostClock alone() {
        FakeHostClock clock = new FakeHostClock();
        clock.state = new State(true, false, 0, 0, 16_000_000_000L, 16_000_000_000L, Leap.USUAL, 0);
        return clock;
    }

    /** Somebody keeps it, to within so many nanoseconds. */
    static FakeHostClock kept(long maxError, Leap leap) {
        FakeHostClock clock = new FakeHostClock();
        clock.state = new State(true, true, 1000, -3.5, maxError, 20_000, leap, 37);
        return clock;
    }

    FakeHostClock forbidden() {
        forbidden = true;
        return this;
    }

    void become(FakeHostClock other) {
        state = other.state;
    }

    @Override
    public State read() {
        return state;
    }

    @Override
    public synchronized void slew(Update update) throws IOException {
        check();
        slewed.add(update);
    }

    @Override
    public synchronized void step(long nanos) throws IOException {
        check();
        stepped.add(nanos);
    }

    private void check() throws IOException {
        if (forbidden) {
            throw new IOException("it lacks CAP_SYS_TIME");
        }
    }
}
