package org.portolan.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.DatagramListener.Answering;
import org.portolan.kernel.Sources.Source;
import org.portolan.kernel.posix.Turns;
import org.portolan.kernel.posix.UdpSocket;
import org.slf4j.Logger;

/** One socket of a datagram door, and the thread that takes in, has answered, and sends. */
final class Receiver implements Outbox {
    private static final Duration BREATH = Duration.ofMillis(50);

    private final Kernel kernel;
    private final DatagramListener door;
    private final UdpSocket socket;
    private final Logger logger;
    private final Datagram datagram;
    private final byte[] room;
    private final Sources sources = new Sources();
    private final DatagramCounts counts;
    private final Thread thread;
    private @Nullable Source source; // of the datagram that is being answered
    private @Nullable Trace trace;
    private int current; // its number in the batch
    private volatile long overflown;
    private boolean starved;

    Receiver(Kernel kernel, DatagramListener door, UdpSocket socket, int longest, String name) {
        this.kernel = kernel;
        this.door = door;
        this.socket = socket;
        Answering first = door.answering();
        this.logger = kernel.loggerOf(first.service());
        this.datagram = new Datagram(longest);
        this.room = new byte[longest];
        this.counts = kernel.metrics().datagrams(first.service(), first.door().port());
        // Native code would hold the carrier of a virtual thread while it waits.
        Runnable work = Turns.prompt(this::receiveAll);
        this.thread = Thread.ofPlatform().daemon().name(name).start(work);
    }

    UdpSocket socket() {
        return socket;
    }

    Sources sources() {
        return sources;
    }

    private void receiveAll() {
        try {
            int count = receive();
            while (count >= 0) {
                answerAll(count);
                count = receive();
            }
        } finally {
            socket.close();
            endTrace();
        }
    }

    /** What fails here is over soon, as a rule: the system is short of memory. */
    private int receive() {
        try {
            int count = socket.receive();
            starved = false;
            return count;
        } catch (IOException e) {
            return failed(e);
        }
    }

    private int failed(IOException e) {
        if (!starved) {
            logger.warn("cannot receive: {}", e.getMessage());
        }
        starved = true;
        try {
            Thread.sleep(BREATH);
            return 0;
        } catch (InterruptedException interrupted) {
            return -1;
        }
    }

    private void answerAll(int count) {
        Answering now = door.answering();
        chooseTrace(now);
        long wall = kernel.clock().wallNanos();
        long nanos = kernel.clock().nanos();
        for (current = 0; current < count; current++) {
            try {
                take(now, wall, nanos);
            } catch (RuntimeException | StackOverflowError e) { // ours; the next one is answered
                counts.broke();
                logger.error("a datagram from {} broke its answer", datagram.peer(), e);
            }
        }
        counts.unsent(socket.send());
        long lost = socket.overflown();
        counts.overflown(lost - overflown);
        overflown = lost;
        counts.publish();
    }

    private void take(Answering now, long wall, long nanos) {
        int length = socket.length(current);
        if (length > room.length) {
            counts.tooLong();
            return;
        }
        socket.copyAddress(current, datagram.addressOf(socket.ipv4(current) ? 4 : 16));
        socket.copy(current, datagram.bytes());
        long stamp = socket.arrived(current);
        int port = socket.port(current);
        datagram.filled(length, port, socket.scope(current), stamp == 0 ? wall : stamp);
        Source from = sources.of(datagram, nanos);
        from.port = port;
        from.lastSeen = wall;
        from.in++;
        from.bytesIn += length;
        counts.in(length);
        Verdict verdict = from.verdict(kernel.admission(), now.service(), now.door().port());
        verdict.said();
        if (!verdict.admitted()) {
            counts.notAdmitted();
        } else if (!from.withinLimit(kernel.settings().datagramsPerPeer(), nanos)
                || !from.withinAllowance(verdict, length, nanos)) {
            counts.limited();
        } else {
            source = from;
            answer(now);
        }
    }

    private void answer(Answering now) {
        Trace shown = trace;
        if (shown != null) {
            shown.peer(datagram.peer().toString());
            shown.bytes("C<", datagram.bytes(), datagram.length());
        }
        now.door().answers().answer(datagram, this);
    }

    @Override
    public byte[] room() {
        return room;
    }

    @Override
    public void reply(int length) {
        socket.reply(current, room, length);
        counts.out(length);
        Source to = source;
        if (to != null) {
            to.out++;
            to.bytesOut += length;
        }
        Trace shown = trace;
        if (shown != null) {
            shown.bytes("S>", room, length);
        }
    }

    @Override
    public InetAddress asked() {
        return socket.asked(current);
    }

    @Override
    public Later later() {
        UdpSocket.WayBack way = socket.wayBack(current);
        Trace shown = trace;
        String peer = shown == null ? "" : datagram.peer().toString();
        return bytes -> {
            counts.later(bytes.length, way.reply(bytes));
            if (shown != null) {
                shown.peer(peer);
                shown.bytes("S>", bytes, bytes.length);
            }
        };
    }

    private void chooseTrace(Answering now) {
        boolean wanted = kernel.traces(now.service());
        if (wanted && trace == null) {
            trace = kernel.traceOf(now.service(), now.door().port());
        } else if (!wanted) {
            endTrace();
        }
    }

    private void endTrace() {
        Trace ended = trace;
        trace = null;
        if (ended != null) {
            ended.close();
        }
    }

    long overflown() {
        return overflown;
    }

    void wake() {
        socket.wake();
    }

    boolean join(Duration atMost) throws InterruptedException {
        return thread.join(atMost);
    }
}
