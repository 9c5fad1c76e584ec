package org.portolan.kernel.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * {@link HostClock} by the call {@code adjtimex}. Offsets and numbers are those of 64-bit Linux.
 *
 * <pre>
 * struct timex {
 *    0  unsigned modes      what to change; 0 only reads
 *    8  long offset         ns with STA_NANO, else µs
 *   16  long freq           ppm, times 65536
 *   24  long maxerror       µs
 *   32  long esterror       µs
 *   40  int status
 *   48  long constant
 *   56  long precision      µs: the clock's granularity of old, always 1
 *   64  long tolerance
 *   72  struct timeval time
 *   88  long tick
 *   96  … about a pulse per second
 *  160  int tai
 *  164  padding up to 208
 * }
 * </pre>
 */
final class AdjtimexClock implements HostClock {
    private static final int SIZE = 208;
    private static final int MODES = 0;
    private static final int OFFSET = 8;
    private static final int FREQUENCY = 16;
    private static final int MAX_ERROR = 24;
    private static final int ESTIMATED_ERROR = 32;
    private static final int STATUS = 40;
    private static final int CONSTANT = 48;
    private static final int SECONDS = 72;
    private static final int FRACTION = 80;
    private static final int TAI = 160;

    static final int ADJ_OFFSET = 0x0001;
    static final int ADJ_MAXERROR = 0x0004;
    static final int ADJ_ESTERROR = 0x0008;
    static final int ADJ_STATUS = 0x0010;
    static final int ADJ_TIMECONST = 0x0020;
    static final int ADJ_SETOFFSET = 0x0100;
    static final int ADJ_NANO = 0x2000;

    static final int STA_PLL = 0x0001;
    static final int STA_INS = 0x0010;
    static final int STA_DEL = 0x0020;
    static final int STA_UNSYNC = 0x0040;
    static final int STA_NANO = 0x2000;

    private static final double FREQUENCY_UNIT = 65536.0;
    private static final int MICROSECOND = 1000;
    private static final long SECOND = 1_000_000_000L;
    private static final int EPERM = 1;

    private final MethodHandle adjtimex;

    private AdjtimexClock(MethodHandle adjtimex) {
        this.adjtimex = adjtimex;
    }

    /** Nothing where this system is none of those that the class describes. */
    static Optional<HostClock> open() {
        if (!Posix.supported()) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("adjtimex")
                .map(
                        address ->
                                linker.downcallHandle(
                                        address,
                                        FunctionDescriptor.of(JAVA_INT, ADDRESS),
                                        Linker.Option.captureCallState("errno")))
                .map(AdjtimexClock::new);
    }

    @Override
    public State read() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timex = arena.allocate(SIZE, 8);
            call(arena, timex);
            return state(timex);
        } catch (IOException e) { // a sandbox that forbids even to ask
            return State.UNKNOWN;
        }
    }

    static State state(MemorySegment timex) {
        int status = timex.get(JAVA_INT, STATUS);
        int unit = (status & STA_NANO) == 0 ? MICROSECOND : 1;
        Leap leap =
                (status & STA_INS) != 0
                        ? Leap.INSERT
                        : (status & STA_DEL) != 0 ? Leap.DELETE : Leap.USUAL;
        return new State(
                true,
                (status & STA_UNSYNC) == 0,
                timex.get(JAVA_LONG, OFFSET) * unit,
                timex.get(JAVA_LONG, FREQUENCY) / FREQUENCY_UNIT,
                timex.get(JAVA_LONG, MAX_ERROR) * MICROSECOND,
                timex.get(JAVA_LONG, ESTIMATED_ERROR) * MICROSECOND,
                leap,
                timex.get(JAVA_INT, TAI));
    }

    @Override
    public void slew(Update update) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            call(arena, fill(arena.allocate(SIZE, 8), update));
        }
    }

    /** As ntpd tells the system's loop; time constants count whole seconds only with STA_NANO. */
    static MemorySegment fill(MemorySegment timex, Update update) {
        int leap =
                switch (update.leap()) {
                    case USUAL -> 0;
                    case INSERT -> STA_INS;
                    case DELETE -> STA_DEL;
                };
        timex.set(
                JAVA_INT,
                MODES,
                ADJ_OFFSET | ADJ_MAXERROR | ADJ_ESTERROR | ADJ_STATUS | ADJ_TIMECONST | ADJ_NANO);
        timex.set(JAVA_LONG, OFFSET, update.offset());
        timex.set(JAVA_LONG, MAX_ERROR, update.maxError().toNanos() / MICROSECOND);
        timex.set(JAVA_LONG, ESTIMATED_ERROR, update.estimatedError().toNanos() / MICROSECOND);
        timex.set(JAVA_INT, STATUS, STA_PLL | leap); // and no STA_UNSYNC
        timex.set(JAVA_LONG, CONSTANT, update.timeConstant());
        return timex;
    }

    @Override
    public void step(long nanos) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timex = arena.allocate(SIZE, 8);
            timex.set(JAVA_INT, MODES, ADJ_SETOFFSET | ADJ_NANO);
            timex.set(JAVA_LONG, SECONDS, Math.floorDiv(nanos, SECOND)); // the fraction never < 0
            timex.set(JAVA_LONG, FRACTION, Math.floorMod(nanos, SECOND));
            call(arena, timex);
        }
    }

    private void call(Arena arena, MemorySegment timex) throws IOException {
        MemorySegment error = arena.allocate(Posix.ERROR);
        int result;
        try {
            result = (int) adjtimex.invokeExact(error, timex);
        } catch (Throwable e) {
            throw new IOException("adjtimex cannot be called", e);
        }
        if (result < 0) { // 5, TIME_ERROR, only says that the clock is not kept
            int number = Posix.errno(error);
            throw new IOException(
                    number == EPERM
                            ? "this process may not set the clock: it lacks CAP_SYS_TIME"
                            : "adjtimex failed with error " + number);
        }
    }
}
