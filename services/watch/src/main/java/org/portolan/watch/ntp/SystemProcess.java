package org.portolan.watch.ntp;

/** What the clock of this machine is worth just now, for those who answer with it. */
@FunctionalInterface
interface SystemProcess {
    /**
     * The latest of what is known; never waits.
     *
     * @param now wall time in nanoseconds since 1970
     */
    SystemVariables at(long now);
}
