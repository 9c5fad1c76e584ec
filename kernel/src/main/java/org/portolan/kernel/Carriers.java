package org.portolan.kernel;

/**
 * The platform threads that run virtual ones.
 *
 * <p>One more than there are processors: under full load each processor's carrier is busy with the
 * sockets of the poller in its own queue for good, and only a carrier without one looks at what
 * platform threads wake up, such as a conversation that waited for a commit (decision 16).
 */
final class Carriers {
    private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";

    private Carriers() {}

    /** Counts if no virtual thread has been started yet, and unless somebody has set a number. */
    static void keepOneToSpare() {
        if (System.getProperty(PARALLELISM) == null) {
            int processors = Runtime.getRuntime().availableProcessors();
            System.setProperty(PARALLELISM, Integer.toString(processors + 1));
        }
    }
}
