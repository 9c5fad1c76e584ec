package org.portolan.kernel;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Admission} says of those to whom one rule applies. It counts how often it was
 * said, and keeps what each of them has of the {@link Allowance}.
 */
public final class Verdict {
    public static final Verdict ADMITTED = new Verdict(true, Allowance.UNLIMITED);
    public static final Verdict REFUSED = new Verdict(false, Allowance.UNLIMITED);

    /** More addresses than this are looked through for some that can be forgotten. */
    private static final int MANY = 10_000;

    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    private final boolean admitted;
    private final Allowance allowance;
    private final boolean proxy;
    private final Map<InetAddress, Share> shares = new ConcurrentHashMap<>();
    private final AtomicLong swept = new AtomicLong(Long.MIN_VALUE / 2);
    private final LongAdder times = new LongAdder();
    private final LongAdder over = new LongAdder();

    public Verdict(boolean admitted, Allowance allowance) {
        this(admitted, allowance, false);
    }

    private Verdict(boolean admitted, Allowance allowance, boolean proxy) {
        this.admitted = admitted;
        this.allowance = allowance;
        this.proxy = proxy;
    }

    /** Of proxies: they come in, and say first of all in a header for whom they speak. */
    public static Verdict ofProxies() {
        return new Verdict(true, Allowance.UNLIMITED, true);
    }

    public boolean admitted() {
        return admitted;
    }

    boolean proxy() {
        return proxy;
    }

    public Allowance allowance() {
        return allowance;
    }

    /** How many connections and datagrams it was said of. */
    public long times() {
        return times.sum();
    }

    /** How many of those were refused because they had their allowance already. */
    public long over() {
        return over.sum();
    }

    /** How many addresses have something of the allowance, or had within a minute. */
    int remembered() {
        return shares.size();
    }

    void said() {
        times.increment();
    }

    void saidOver() {
        over.increment();
    }

    /** What one address has. Guarded by itself. */
    static final class Share {
        private final Pace pace;
        private int connections;
        private long minuteBegan;
        private int inMinute;

        private Share(long bytesPerSecond, long now) {
            pace = new Pace(bytesPerSecond);
            minuteBegan = now;
        }

        private synchronized boolean take(Allowance most, long now) {
            if (now - minuteBegan >= MINUTE) {
                minuteBegan = now;
                inMinute = 0;
            }
            boolean room = most.connections() == 0 || connections < most.connections();
            boolean soon = most.newPerMinute() == 0 || inMinute < most.newPerMinute();
            if (room && soon) {
                connections++;
                inMinute++;
            }
            return room && soon;
        }

        private synchronized void giveBack() {
            connections--;
        }

        private synchronized boolean forgettable(long now) {
            return connections == 0 && now - minuteBegan >= MINUTE;
        }
    }

    /**
     * Counts a connection of {@code peer} in.
     *
     * @return null if that is more than the allowance
     */
    @Nullable Visit enter(InetAddress peer, long now) {
        said();
        if (allowance.equals(Allowance.UNLIMITED)) {
            return new Visit(this, Pace.UNLIMITED, () -> {});
        }
        long before = swept.get();
        if (shares.size() > MANY && now - before > SECOND && swept.compareAndSet(before, now)) {
            shares.values().removeIf(share -> share.forgettable(now));
        }
        Share share =
                shares.computeIfAbsent(
                        owner(peer), p -> new Share(allowance.bytesPerSecond(), now));
        if (!share.take(allowance, now)) {
            saidOver();
            return null;
        }
        return new Visit(this, share.pace, share::giveBack);
    }

    /** Who has one IPv6 address has a /64 of them. */
    private static InetAddress owner(InetAddress peer) {
        return peer instanceof Inet6Address ? new Peer(peer, 0).network() : peer;
    }

    /**
     * A connection that is counted in.
     *
     * @param verdict by which it came in
     * @param pace how fast it may go
     * @param end to be run once, when it is over
     */
    record Visit(Verdict verdict, Pace pace, Runnable end) {
        /** Of connections that nobody judges: they are local, or ours. */
        static final Visit UNJUDGED = new Visit(ADMITTED, Pace.UNLIMITED, () -> {});
    }
}
