package org.portolan.names.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Ports;
import org.portolan.stores.zones.Zone;
import org.portolan.stores.zones.ZoneTable;

/**
 * Questions by TCP, each after its length (RFC 1035 §4.2.2): as many as the peer likes, without
 * waiting for answers (RFC 7766 §6.2.1.1). All that came together is answered together. A whole
 * zone is written by another thread, so that the questions behind it need not wait.
 */
final class DnsSession {
    private static final int LENGTH = 2;

    private final Connection client;
    private final Supplier<ZoneTable> zones;
    private final Desk.Shelf desks;
    private final Clock clock;
    private final Transfers transfers;
    private final byte[] address;

    DnsSession(
            Connection client,
            Supplier<ZoneTable> zones,
            Desk.Shelf desks,
            Ports ports,
            Clock clock) {
        this.client = client;
        this.zones = zones;
        this.desks = desks;
        this.clock = clock;
        this.transfers = new Transfers(client, ports);
        InetAddress from = client.peer().address();
        this.address = from.getAddress();
    }

    void converse() throws IOException {
        try {
            while (true) {
                client.awaitCommand();
                ByteBuffer arrived = client.arrived();
                if (!answerWhole(arrived)) {
                    return;
                }
                if (arrived.hasRemaining() && !answerOne()) {
                    return;
                }
            }
        } catch (Hangup e) {
            if (!isUsualEnd(e.reason())) {
                throw e;
            }
        } finally {
            transfers.await(); // who asked for a zone may ask nothing more, and wait for it
        }
    }

    /** Nobody says goodbye in this protocol. */
    private static boolean isUsualEnd(Hangup.Reason reason) {
        return reason == Hangup.Reason.PEER_GONE || reason == Hangup.Reason.IDLE;
    }

    /** Answers the requests that are there to their last byte; false if one is too long. */
    private boolean answerWhole(ByteBuffer arrived) throws IOException {
        int length = nextLength(arrived);
        while (length >= 0 && length <= arrived.remaining() - LENGTH) {
            if (length > Desk.LONGEST_REQUEST) {
                return false;
            }
            write(someAnswers(arrived));
            length = nextLength(arrived);
        }
        return true;
    }

    /** The desk is given back before anything is written, which a peer can make last. */
    private byte[] someAnswers(ByteBuffer arrived) {
        Desk desk = desks.take();
        try {
            ZoneTable served = zones.get();
            int now = now();
            int length = nextLength(arrived);
            while (length >= 0
                    && length <= Math.min(Desk.LONGEST_REQUEST, arrived.remaining() - LENGTH)
                    && desk.written < Desk.SENT_TOGETHER) {
                int from = arrived.arrayOffset() + arrived.position();
                client.traceBody(arrived.array(), from, LENGTH + length);
                arrived.position(arrived.position() + LENGTH);
                arrived.get(desk.request, 0, length);
                answer(desk, length, served, now);
                length = nextLength(arrived);
            }
            return desk.output();
        } finally {
            desks.giveBack(desk);
        }
    }

    private static int nextLength(ByteBuffer arrived) {
        return arrived.remaining() < LENGTH ? -1 : arrived.getShort(arrived.position()) & 0xffff;
    }

    /** Answers a request of which a part has come; false if it is too long. */
    private boolean answerOne() throws IOException {
        byte[] prefix = client.readBytes(LENGTH);
        int length = Bytes.two(prefix, 0);
        if (length > Desk.LONGEST_REQUEST) {
            return false;
        }
        byte[] request = client.readBytes(length); // may wait for long, without a desk
        client.traceBody(prefix, 0, LENGTH);
        client.traceBody(request, 0, length);
        Desk desk = desks.take();
        byte[] output;
        try {
            System.arraycopy(request, 0, desk.request, 0, length);
            answer(desk, length, zones.get(), now());
            output = desk.output();
        } finally {
            desks.giveBack(desk);
        }
        write(output);
        return true;
    }

    private int now() {
        return (int) clock.instant().getEpochSecond();
    }

    private void answer(Desk desk, int length, ZoneTable served, int now) {
        Responder responder = desk.responder;
        int answered =
                responder.respond(desk.request, length, address, now, true, served, desk.answer);
        @Nullable Zone whole = responder.transfer();
        if (whole != null) {
            transfers.begin(whole, Arrays.copyOf(desk.request, length));
        } else if (answered > 0) {
            desk.put(answered);
        }
    }

    private void write(byte[] output) throws IOException {
        if (output.length > 0) {
            client.write(output, 0, output.length);
        }
    }
}
