package org.portolan.watch.ntp;

/**
 * Time as NTP writes it, and as the rest of the house does: nanoseconds since 1970.
 *
 * <p>A timestamp (RFC 5905 §6) is 32 bits of seconds since 1900 and 32 bits of a fraction. The
 * seconds begin again in 2036, so a timestamp alone means nothing: only the difference of two does,
 * which is right as long as they lie less than 68 years apart. A short timestamp is 16 bits of
 * seconds and 16 bits of a fraction, for delays and dispersions.
 */
final class NtpTime {
    /** From 1900 to 1970. */
    private static final long SECONDS_BEFORE_1970 = 2_208_988_800L;

    private static final long SECOND = 1_000_000_000L;
    private static final long LOW = 0xffff_ffffL;

    /** RFC 5905 §7.2, PHI: how far a clock may stray that nobody corrects, in ns per second. */
    static final long DRIFT_PER_SECOND = 15_000;

    private NtpTime() {}

    /** The timestamp of a moment. */
    static long timestamp(long nanos) {
        long seconds = Math.floorDiv(nanos, SECOND);
        long rest = nanos - seconds * SECOND;
        return ((seconds + SECONDS_BEFORE_1970) << 32) | ((rest << 32) / SECOND);
    }

    /** How long after {@code earlier} the timestamp {@code later} is, in nanoseconds. */
    static long between(long earlier, long later) {
        long difference = later - earlier; // RFC 5905 §6: right beyond the end of an era too
        return (difference >> 32) * SECOND + (((difference & LOW) * SECOND) >>> 32);
    }

    /** The moment of a timestamp, of all that it can mean the one next to {@code near}. */
    static long nanos(long timestamp, long near) {
        return near + between(timestamp(near), timestamp);
    }

    /** A short timestamp that is no less than {@code nanos}, as bounds of errors must be. */
    static int shortTimestamp(long nanos) {
        if (nanos <= 0) {
            return 0;
        }
        long seconds = nanos / SECOND;
        if (seconds > 0xffff - 1) {
            return (int) LOW;
        }
        long rest = nanos - seconds * SECOND;
        return (int) (seconds << 16) + (int) (((rest << 16) + SECOND - 1) / SECOND);
    }

    /** The nanoseconds of a short timestamp. */
    static long nanosOfShort(int timestamp) {
        return ((timestamp & LOW) * SECOND) >>> 16;
    }

    /** The nanoseconds of a power of two, as precisions are told: −20 is a microsecond. */
    static long nanosOfPower(int exponent) {
        int bounded = Math.clamp(exponent, -30, 17);
        return bounded < 0 ? SECOND >> -bounded : SECOND << bounded;
    }

    /** The least power of two, in seconds, that is no less than {@code nanos}. */
    static int powerOf(long nanos) {
        int exponent = -30;
        while (exponent < 17 && nanosOfPower(exponent) < nanos) {
            exponent++;
        }
        return exponent;
    }

    /** By how much a bound of {@code nanos} ago has grown. */
    static long drift(long nanos) {
        return Math.max(0, nanos) / SECOND * DRIFT_PER_SECOND
                + Math.max(0, nanos) % SECOND * DRIFT_PER_SECOND / SECOND;
    }
}
