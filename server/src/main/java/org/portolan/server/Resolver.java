package org.portolan.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.DatagramLine;
import org.portolan.kernel.Door;
import org.portolan.kernel.Limits;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Service;

/**
 * Asks the configured resolvers, one after the other, each twice, until one has an answer. Every
 * question has a socket, a port and a number of its own, by chance; what does not answer it is not
 * looked at. Who asks what somebody else is asking already waits for the same answer.
 */
final class Resolver implements Service {
    /** How many questions may be under way; kept below what one address may have of us. */
    private static final int MOST_AT_ONCE = 100;

    private static final int ROUNDS = 2;
    private static final int MOST_ALIASES = 8;

    /** How many datagrams that answer something else are read past for one question. */
    private static final int MOST_STRAYS = 100;

    private static final long MOST_MILLIS = 20_000;

    private final Ports ports;
    private final Clock clock;
    private final SystemResolvers system;
    private final ReplyCache cache;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore room = new Semaphore(MOST_AT_ONCE, true);
    private final ConcurrentHashMap<ResolverQuestion, CompletableFuture<ResolverReply>> pending =
            new ConcurrentHashMap<>();
    private volatile ResolverSettings settings;

    Resolver(ResolverSettings settings, SystemResolvers system, Ports ports, Clock clock) {
        this.settings = settings;
        this.system = system;
        this.ports = ports;
        this.clock = clock;
        this.cache = new ReplyCache(clock);
    }

    /** What is kept of former servers is forgotten. */
    void configure(ResolverSettings wanted) {
        if (!wanted.equals(settings)) {
            settings = wanted;
            cache.clear();
        }
    }

    @Override
    public String name() {
        return "resolver";
    }

    @Override
    public List<Door> doors() {
        return List.of();
    }

    @Override
    public Limits limits() {
        Duration wait = settings.timeout();
        return new Limits(
                Limits.USUAL.lineBytes(), Limits.USUAL.refusals(), wait, wait, wait, wait, wait);
    }

    /** The answer, its aliases followed; never {@code ALIAS} or {@code TRUNCATED}. */
    ResolverReply lookUp(ResolverQuestion question) {
        ResolverReply reply = ask(question);
        for (int i = 0; i < MOST_ALIASES && reply.outcome() == ResolverReply.Outcome.ALIAS; i++) {
            ResolverReply target = ask(new ResolverQuestion(reply.name(), question.type()));
            reply = target.keptFor(reply.seconds(), reply.secure());
        }
        return reply.outcome() == ResolverReply.Outcome.ALIAS
                ? ResolverReply.failed("aliases without end")
                : reply;
    }

    private ResolverReply ask(ResolverQuestion question) {
        Optional<ResolverReply> kept = cache.find(question);
        if (kept.isPresent()) {
            return kept.get();
        }
        CompletableFuture<ResolverReply> ours = new CompletableFuture<>();
        CompletableFuture<ResolverReply> theirs = pending.putIfAbsent(question, ours);
        if (theirs != null) {
            return await(theirs);
        }
        ResolverReply reply = ResolverReply.failed("the look-up broke off");
        try {
            reply = askWithinLimits(question);
            cache.keep(question, reply);
            return reply;
        } finally {
            pending.remove(question, ours);
            ours.complete(reply);
        }
    }

    private static ResolverReply await(CompletableFuture<ResolverReply> theirs) {
        try {
            return theirs.get(MOST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return ResolverReply.failed("no resolver answers in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ResolverReply.failed("the look-up was interrupted");
        }
    }

    private ResolverReply askWithinLimits(ResolverQuestion question) {
        try {
            if (!room.tryAcquire(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                return ResolverReply.failed("too many look-ups at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ResolverReply.failed("the look-up was interrupted");
        }
        try {
            return askAll(question);
        } finally {
            room.release();
        }
    }

    private ResolverReply askAll(ResolverQuestion question) {
        List<InetSocketAddress> servers =
                settings.servers().isEmpty() ? system.servers() : settings.servers();
        ResolverReply last = ResolverReply.failed("there is no resolver to ask");
        long end = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS);
        for (int round = 0; round < ROUNDS; round++) {
            for (InetSocketAddress server : servers) {
                if (clock.nanos() - end >= 0) {
                    return last;
                }
                last = askOne(server, question);
                if (last.outcome() != ResolverReply.Outcome.FAILED) {
                    return believed(server, last);
                }
            }
        }
        return last;
    }

    /** That signatures were checked counts only where nobody on the way can have said it. */
    private static ResolverReply believed(InetSocketAddress server, ResolverReply reply) {
        return reply.keptFor(reply.seconds(), server.getAddress().isLoopbackAddress());
    }

    private ResolverReply askOne(InetSocketAddress server, ResolverQuestion question) {
        try {
            ResolverReply reply = byDatagram(server, question);
            return reply.outcome() == ResolverReply.Outcome.TRUNCATED
                    ? byStream(server, question)
                    : reply;
        } catch (IOException e) {
            return ResolverReply.failed(shown(server) + " does not answer");
        }
    }

    private ResolverReply byDatagram(InetSocketAddress server, ResolverQuestion question)
            throws IOException {
        int id = random.nextInt(0x1_0000);
        byte[] message = question.message(id);
        byte[] answer = new byte[ResolverQuestion.LONGEST_DATAGRAM];
        long end = clock.nanos() + settings.timeout().toNanos();
        try (DatagramLine line = ports.openDatagram(this, server)) {
            line.send(message, message.length);
            for (int strays = 0; strays < MOST_STRAYS; strays++) {
                Duration left = Duration.ofNanos(end - clock.nanos());
                int length = left.isPositive() ? line.receive(answer, left) : -1;
                if (length < 0) {
                    return ResolverReply.failed(shown(server) + " does not answer in time");
                }
                if (ResolverReply.answers(answer, length, question, id)) {
                    return ResolverReply.read(answer, length, question);
                }
            }
        }
        return ResolverReply.failed(shown(server) + " answers what was not asked");
    }

    private ResolverReply byStream(InetSocketAddress server, ResolverQuestion question)
            throws IOException {
        int id = random.nextInt(0x1_0000);
        byte[] message = question.message(id);
        Connection line = ports.dial(this, server, Optional.empty());
        try {
            line.write(new byte[] {(byte) (message.length >> 8), (byte) message.length}, 0, 2);
            line.write(message, 0, message.length);
            byte[] length = line.readBytes(2);
            byte[] answer = line.readBytes(((length[0] & 0xff) << 8) | (length[1] & 0xff));
            if (!ResolverReply.answers(answer, answer.length, question, id)) {
                return ResolverReply.failed(shown(server) + " answers what was not asked");
            }
            ResolverReply reply = ResolverReply.read(answer, answer.length, question);
            return reply.outcome() == ResolverReply.Outcome.TRUNCATED
                    ? ResolverReply.failed(shown(server) + " cuts its answers off")
                    : reply;
        } finally {
            ports.hangUp(line);
        }
    }

    private static String shown(InetSocketAddress server) {
        InetAddress address = server.getAddress();
        return "the resolver " + address.getHostAddress();
    }
}
