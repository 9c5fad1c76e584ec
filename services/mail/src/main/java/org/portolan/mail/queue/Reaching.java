package org.portolan.mail.queue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Service;

/**
 * Connects to the first of several addresses that answers, somewhat as RFC 8305 has it: when one
 * has not answered for a moment the next is tried beside it, and who comes second is hung up on.
 */
final class Reaching {
    /** RFC 8305 §5: the connection attempt delay. */
    private static final long HEAD_START_MILLIS = 250;

    private final Ports ports;
    private final Service service;
    private final Deque<InetSocketAddress> left;
    private final List<String> problems = new ArrayList<>(); // guarded by this
    private final Deque<Connection> reached = new ArrayDeque<>(); // guarded by this
    private int trying; // guarded by this
    private boolean closed; // guarded by this

    Reaching(Ports ports, Service service, List<InetSocketAddress> addresses) {
        this.ports = ports;
        this.service = service;
        this.left = new ArrayDeque<>(addresses);
    }

    /** The next address that answers; empty when there is none any more. */
    Optional<Connection> next() {
        synchronized (this) {
            while (true) {
                if (!reached.isEmpty()) {
                    return Optional.of(reached.poll());
                }
                if (left.isEmpty() && trying == 0) {
                    return Optional.empty();
                }
                if (!left.isEmpty()) {
                    begin(left.poll());
                }
                try {
                    wait(left.isEmpty() ? 0 : HEAD_START_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return Optional.empty();
                }
            }
        }
    }

    private void begin(InetSocketAddress to) {
        trying++;
        ports.inBackground("dial-" + to.getAddress().getHostAddress(), () -> dial(to));
    }

    private void dial(InetSocketAddress to) {
        Optional<Connection> connection = Optional.empty();
        String problem = "";
        try {
            connection = Optional.of(ports.dial(service, to, Optional.empty()));
        } catch (IOException | RuntimeException e) {
            problem = shown(to) + ": " + e.getMessage();
        }
        boolean late;
        synchronized (this) {
            trying--;
            late = closed;
            if (connection.isEmpty()) {
                problems.add(problem);
            } else if (!late) {
                reached.add(connection.get());
            }
            notifyAll();
        }
        if (late) {
            connection.ifPresent(ports::hangUp);
        }
    }

    static String shown(InetSocketAddress to) {
        String address = to.getAddress().getHostAddress();
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + to.getPort();
    }

    /** Why those did not answer that did not. */
    synchronized String problems() {
        return String.join("; ", problems);
    }

    /** Whoever answers from now on is not wanted any more. */
    void close() {
        List<Connection> late;
        synchronized (this) {
            closed = true;
            left.clear();
            late = List.copyOf(reached);
            reached.clear();
        }
        late.forEach(ports::hangUp);
    }
}
