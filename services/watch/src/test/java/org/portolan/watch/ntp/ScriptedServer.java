package org.portolan.watch.ntp;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.portolan.kernel.Clock;

/** An NTP server on a free loopback port that answers as its script says. */
final class ScriptedServer implements AutoCloseable {
    /** What is said to a question. */
    interface Script {
        List<NtpMessage> answer(NtpMessage question);
    }

    final AtomicInteger asked = new AtomicInteger();
    final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private final DatagramSocket socket;
    private volatile Script script;

    ScriptedServer(Script script) throws IOException {
        this.script = script;
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(
                () -> {
                    while (!socket.isClosed()) {
                        try {
                            serve();
                        } catch (IOException _) {
                            // Closed by the test: it is over.
                            return;
                        }
                    }
                });
    }

    private void serve() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1024], 1024);
        socket.receive(packet);
        asked.incrementAndGet();
        ports.add(packet.getPort());
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        for (NtpMessage answer : script.answer(NtpMessage.of(bytes, bytes.length).orElseThrow())) {
            socket.send(new DatagramPacket(answer.bytes(), 48, packet.getSocketAddress()));
        }
    }

    /** A good server of stratum 2 whose clock is ahead by so many nanoseconds. */
    static Script ahead(long nanos) {
        return question -> List.of(time(question.transmit(), nanos));
    }

    static Script silent() {
        return _ -> List.of();
    }

    static Script kissing(String letters) {
        return question ->
                List.of(
                        new NtpMessage(
                                3,
                                4,
                                4,
                                0,
                                6,
                                0,
                                0,
                                0,
                                NtpMessage.letters(letters),
                                0,
                                question.transmit(),
                                0,
                                0));
    }

    static NtpMessage time(long origin, long ahead) {
        long now = NtpTime.timestamp(Clock.SYSTEM.wallNanos() + ahead);
        return new NtpMessage(0, 4, 4, 2, 6, -20, 66, 66, 1, now - (9L << 32), origin, now, now);
    }

    /** Answers otherwise from now on. */
    void become(Script other) {
        script = other;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void close() {
        socket.close();
    }
}
