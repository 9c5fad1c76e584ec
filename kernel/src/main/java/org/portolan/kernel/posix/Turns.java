package org.portolan.kernel.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose turn it is on a processor: whoever asks for short turns goes before whoever may go on for
 * longer (Linux 6.12 and later; elsewhere all wait alike).
 */
public final class Turns {
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    /** A tenth of a processor while others want it all, and all of it while nobody does. */
    private static final int COURTEOUS = 10;

    private static final int USUAL = 0;

    /** The shortest turn that Linux gives. */
    private static final long TURN_NANOS = 100_000;

    // struct sched_attr: size, policy (0, the usual), flags, niceness, priority, slice, and more
    private static final int ATTRIBUTES_BYTES = 48;
    private static final int NICENESS_AT = 16;
    private static final int SLICE_AT = 24;
    private static final long THIS_THREAD = 0;

    private Turns() {}

    /** The same work, done by a thread that computes for long and lets others go first. */
    public static Runnable courteous(Runnable work) {
        return inTurns(work, COURTEOUS);
    }

    /** The same work, done by a thread that has little to do at a time and is waited for. */
    public static Runnable prompt(Runnable work) {
        return inTurns(work, USUAL);
    }

    private static Runnable inTurns(Runnable work, int niceness) {
        return () -> {
            number().ifPresent(call -> ask(call, niceness));
            work.run();
        };
    }

    private static void ask(long call, int niceness) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
            attributes.set(JAVA_INT, 0, ATTRIBUTES_BYTES);
            attributes.set(JAVA_INT, NICENESS_AT, niceness);
            attributes.set(JAVA_LONG, SLICE_AT, TURN_NANOS);
            long done = (long) Calls.SYSCALL.invokeExact(call, THIS_THREAD, attributes, 0L);
            if (done != 0) {
                LOG.debug("the system does not let a thread choose its turns");
            }
        } catch (Throwable e) {
            throw new AssertionError("a call of the C library", e);
        }
    }

    /**
     * The number of sched_setattr(2), for which the C library may have no name; on another kind of
     * machine it is that of another call.
     */
    private static OptionalLong number() {
        if (!Posix.supported()) {
            return OptionalLong.empty();
        }
        return switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
            case "amd64" -> OptionalLong.of(314);
            case "aarch64" -> OptionalLong.of(274);
            default -> OptionalLong.empty();
        };
    }

    /** Linked where it is first called. */
    private static final class Calls {
        static final MethodHandle SYSCALL =
                Linker.nativeLinker()
                        .downcallHandle(
                                Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                                FunctionDescriptor.of(
                                        JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG),
                                Linker.Option.firstVariadicArg(1));
    }
}
