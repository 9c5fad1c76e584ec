package org.portolan.watch.ntp;

/**
 * The server that the clock was compared with and found to tell the truth.
 *
 * @param name as the administrator wrote it
 * @param leap what it says of this month's last minute
 * @param rootDelay through it to the primary source and back, in nanoseconds
 * @param rootDispersion the bound of all other errors at {@code at}, this clock's offset among
 *     them
 * @param referenceId what a server that follows it gives as its reference
 * @param offset of all that agree, together: how far they are ahead of this clock
 * @param at when it was heard, in nanoseconds since 1970
 */
record Following(
        String name,
        int leap,
        int stratum,
        long rootDelay,
        long rootDispersion,
        int referenceId,
        long offset,
        long at) {}
