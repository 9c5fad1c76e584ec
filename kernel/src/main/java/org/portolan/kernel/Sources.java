package org.portolan.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who sent datagrams to one receiver lately: the verdict of the admission, the count against the
 * limit, and what the table of sockets shows.
 *
 * <p>The receiver's thread alone changes it; others look at it, and may see a count that is a
 * moment old. It never grows: who was not heard of for the longest time makes room, among those few
 * who share a place.
 */
final class Sources {
    private static final int PLACES = 1024;
    private static final int SHARING = 4;
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long MAPPED = 0xffff_0000_0000L; // ::ffff:192.0.2.1
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** One address. */
    static final class Source {
        private final long high;
        private final long low;
        private final boolean ipv4;
        private long windowBegan;
        private int inWindow;
        private @Nullable Admission judge;
        private Verdict verdict = Verdict.REFUSED;
        private long minuteBegan;
        private int inMinute;
        private long bytesInSecond;
        int port;
        long lastSeen; // wall nanoseconds
        long in;
        long out;
        long bytesIn;
        long bytesOut;

        private Source(long high, long low, boolean ipv4, long now) {
            this.high = high;
            this.low = low;
            this.ipv4 = ipv4;
            this.windowBegan = now;
            this.minuteBegan = now;
        }

        InetAddress address() {
            ByteBuffer bytes = ByteBuffer.allocate(16).putLong(high).putLong(low);
            byte[] all = bytes.array();
            try {
                return InetAddress.getByAddress(
                        ipv4 ? java.util.Arrays.copyOfRange(all, 12, 16) : all);
            } catch (UnknownHostException impossible) {
                throw new AssertionError(impossible); // it has 4 bytes or 16
            }
        }

        /** Asks the admission once, and again when there is another. */
        @SuppressWarnings("ReferenceEquality") // another one is another, whatever it says
        Verdict verdict(Admission now, Service service, Port port) {
            if (judge != now) {
                verdict = now.judge(service.name(), port, "udp", address());
                judge = now;
            }
            return verdict;
        }

        /** Counts one of so many bytes in; false if that is more than {@code said} allows. */
        @SuppressWarnings("ReferenceEquality") // the usual case, told quickly
        boolean withinAllowance(Verdict said, int bytes, long now) {
            Allowance most = said.allowance();
            if (most == Allowance.UNLIMITED) {
                return true;
            }
            if (now - minuteBegan >= MINUTE) {
                minuteBegan = now;
                inMinute = 0;
            }
            bytesInSecond += bytes;
            boolean within =
                    (most.newPerMinute() == 0 || ++inMinute <= most.newPerMinute())
                            && (most.bytesPerSecond() == 0
                                    || bytesInSecond <= most.bytesPerSecond());
            if (!within) {
                said.saidOver();
            }
            return within;
        }

        /** Counts one in; false if that is more than {@code most} within a second. */
        boolean withinLimit(int most, long now) {
            if (now - windowBegan >= SECOND) {
                windowBegan = now;
                inWindow = 0;
                bytesInSecond = 0;
            }
            return ++inWindow <= most || loopback();
        }

        private boolean loopback() {
            return ipv4 ? (low >>> 24 & 0xff) == 127 : high == 0 && low == 1;
        }
    }

    private final @Nullable Source[] places = new Source[PLACES * SHARING];
    private final long seed = new SecureRandom().nextLong() | 1; // nobody shall aim at a place

    /** The entry of who sent {@code datagram}, new if need be. */
    Source of(Datagram datagram, long now) {
        byte[] address = datagram.address();
        boolean ipv4 = address.length == 4;
        long high = ipv4 ? 0 : (long) LONG.get(address, 0);
        long low =
                ipv4
                        ? MAPPED | Integer.toUnsignedLong((int) INT.get(address, 0))
                        : (long) LONG.get(address, 8);
        int place = place(high, low);
        int oldest = place;
        for (int i = place; i < place + SHARING; i++) {
            Source source = places[i];
            if (source == null) {
                oldest = i;
                break;
            }
            if (source.low == low && source.high == high && source.ipv4 == ipv4) {
                return source;
            }
            Source eldest = places[oldest];
            if (eldest != null && source.lastSeen < eldest.lastSeen) {
                oldest = i;
            }
        }
        Source made = new Source(high, low, ipv4, now);
        places[oldest] = made;
        return made;
    }

    private int place(long high, long low) {
        long mixed = (high * 0x9e3779b97f4a7c15L ^ low) * seed;
        mixed ^= mixed >>> 32;
        mixed *= seed;
        return (int) (mixed >>> 54) * SHARING;
    }

    /** Everybody who is in it. */
    List<Source> list() {
        List<Source> all = new ArrayList<>();
        for (Source source : places) {
            if (source != null) {
                all.add(source);
            }
        }
        return all;
    }
}
