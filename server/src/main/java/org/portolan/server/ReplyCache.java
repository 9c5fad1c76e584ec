package org.portolan.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.portolan.kernel.Clock;
import org.xbill.DNS.Record;

/**
 * Answers for as long as they may be kept; of too many, those that were not asked for longest make
 * room. Large ones are not kept, so that strangers who make us ask cannot fill the memory.
 */
final class ReplyCache {
    private static final int MOST = 5_000;
    private static final int LARGEST = 4_096;

    /** A resolver that fails is not asked the same at once again (RFC 9520 §3.2). */
    private static final long FAILURE_SECONDS = 2;

    private record Kept(ResolverReply reply, long since, long seconds) {}

    private static final class Recent extends LinkedHashMap<ResolverQuestion, Kept> {
        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<ResolverQuestion, Kept> eldest) {
            return size() > MOST;
        }
    }

    private final Clock clock;
    private final Recent recent = new Recent();

    ReplyCache(Clock clock) {
        this.clock = clock;
    }

    /** The answer, with the time that is left of it. */
    synchronized Optional<ResolverReply> find(ResolverQuestion question) {
        Kept kept = recent.get(question);
        if (kept == null) {
            return Optional.empty();
        }
        long age = TimeUnit.NANOSECONDS.toSeconds(clock.nanos() - kept.since);
        if (age >= kept.seconds) {
            recent.remove(question);
            return Optional.empty();
        }
        return Optional.of(kept.reply.keptFor(kept.seconds - age, true));
    }

    synchronized void keep(ResolverQuestion question, ResolverReply reply) {
        boolean failed = reply.outcome() == ResolverReply.Outcome.FAILED;
        long seconds = failed ? FAILURE_SECONDS : reply.seconds();
        if (seconds > 0 && size(reply) <= LARGEST) {
            recent.put(question, new Kept(reply, clock.nanos(), seconds));
        }
    }

    synchronized void clear() {
        recent.clear();
    }

    private static int size(ResolverReply reply) {
        int size = 0;
        for (Record record : reply.records()) {
            size += record.toWireCanonical().length;
        }
        return size;
    }
}
