package org.portolan.names.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.DatagramLine;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Service;
import org.portolan.stores.zones.RecordType;
import org.portolan.stores.zones.Zone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that is told when a zone changes (RFC 1996): one zone after the other, each until it
 * answers. One that answers nothing several times is not asked further until there is news.
 */
final class NotifiedServer {
    private static final Logger LOG = LoggerFactory.getLogger(NotifiedServer.class);

    /** RFC 1996 §3.6 wants it said again; each wait is twice as long as the one before. */
    private static final int TRIES = 5;

    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    private static final int NOTIFY_FLAGS = 0x2400; // opcode 4, authoritative (RFC 1996 §3.7)
    private static final int RESPONSE_FLAGS = 0xa000; // answer, opcode 4
    private static final int KIND = 0xf800; // answer or question, opcode
    private static final int LONGEST = 2048;

    private final Service service;
    private final InetSocketAddress server;
    private final ServedZones zones;
    private final Ports ports;
    private final SecureRandom random = new SecureRandom();
    private final Set<String> waiting = new LinkedHashSet<>();
    private boolean telling;

    NotifiedServer(Service service, InetSocketAddress server, ServedZones zones, Ports ports) {
        this.service = service;
        this.server = server;
        this.zones = zones;
        this.ports = ports;
    }

    /** Says soon that {@code zone} may have changed; once, however often this is called before. */
    synchronized void tell(String zone) {
        waiting.add(zone);
        if (!telling) {
            telling = true;
            ports.inBackground("notify-" + server.getAddress().getHostAddress(), this::tellAll);
        }
    }

    synchronized void forget() {
        waiting.clear();
    }

    private synchronized @Nullable String next() {
        var first = waiting.iterator();
        if (!first.hasNext()) {
            telling = false;
            return null;
        }
        String zone = first.next();
        first.remove();
        return zone;
    }

    private void tellAll() {
        try {
            for (String zone = next(); zone != null; zone = next()) {
                if (!told(zone)) {
                    LOG.warn("{} does not answer that it was told of {}", server, zone);
                    forget();
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot tell {} of changes: {}", server, String.valueOf(e.getMessage()));
            giveUp();
        }
    }

    private synchronized void giveUp() {
        waiting.clear();
        telling = false;
    }

    private boolean told(String name) throws IOException {
        Zone zone = served(name);
        if (zone == null) { // gone meanwhile: there is nothing to fetch
            return true;
        }
        byte[] message = message(zone);
        byte[] answer = new byte[LONGEST];
        Duration wait = FIRST_WAIT;
        for (int tries = 0; tries < TRIES; tries++) {
            try (DatagramLine line = ports.openDatagram(service, server)) {
                line.send(message, message.length);
                int length = line.receive(answer, wait);
                if (length >= Request.HEAD && isAnswer(message, answer)) {
                    int code = answer[3] & 0xf;
                    LOG.info("told {} of {}, serial {}: {}", server, name, zone.serial(), code);
                    return true;
                }
            } catch (Hangup e) {
                if (e.reason() != Hangup.Reason.PEER_GONE) {
                    throw e; // the server stops
                }
                LOG.debug("nobody at {}", server);
            }
            wait = wait.multipliedBy(2);
        }
        return false;
    }

    private @Nullable Zone served(String name) {
        for (Zone zone : zones.table().zones()) {
            if (zone.name().equals(name)) {
                return zone;
            }
        }
        return null;
    }

    private static boolean isAnswer(byte[] message, byte[] answer) {
        return Bytes.two(answer, 0) == Bytes.two(message, 0)
                && (Bytes.two(answer, 2) & KIND) == RESPONSE_FLAGS;
    }

    /** The question is the zone's SOA, and so is the answer, as a hint (RFC 1996 §3.7). */
    private byte[] message(Zone zone) {
        byte[] apex = zone.apex();
        long soa = zone.soa();
        int record = Zone.offset(soa) + Zone.SET_HEAD;
        int size = zone.bytes(soa);
        int questionEnd = Request.HEAD + apex.length + 4;
        byte[] message = new byte[questionEnd + size];
        Bytes.putTwo(message, 0, random.nextInt());
        Bytes.putTwo(message, 2, NOTIFY_FLAGS);
        Bytes.putTwo(message, 4, 1);
        Bytes.putTwo(message, 6, 1);
        System.arraycopy(apex, 0, message, Request.HEAD, apex.length);
        Bytes.putTwo(message, questionEnd - 4, RecordType.SOA);
        Bytes.putTwo(message, questionEnd - 2, Request.CLASS_IN);
        System.arraycopy(zone.page(soa), record, message, questionEnd, size);
        return message;
    }
}
