package org.portolan.stores;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that compute for long and let others go first. */
final class Courtesy {
    private static final Logger LOG = LoggerFactory.getLogger(Courtesy.class);

    /** A tenth of a processor while others want it all, and all of it while nobody does. */
    private static final int NICENESS = 10;

    private static final int PRIO_PROCESS = 0;
    private static final int THIS_THREAD = 0; // of Linux: POSIX would have it be the process

    private Courtesy() {}

    /** The same work, done by a thread that is nice where the system knows of such. */
    static Runnable courteous(Runnable work) {
        return () -> {
            if (System.getProperty("os.name").equals("Linux")) {
                letOthersGoFirst();
            }
            work.run();
        };
    }

    private static void letOthersGoFirst() {
        try {
            if ((int) Calls.SETPRIORITY.invokeExact(PRIO_PROCESS, THIS_THREAD, NICENESS) != 0) {
                LOG.debug("the system does not let a thread be nice");
            }
        } catch (Throwable e) {
            throw new AssertionError("a call of the C library", e);
        }
    }

    /** Linked where it is first called, on Linux. */
    private static final class Calls {
        static final MethodHandle SETPRIORITY =
                Linker.nativeLinker()
                        .downcallHandle(
                                Linker.nativeLinker().defaultLookup().findOrThrow("setpriority"),
                                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    }
}
