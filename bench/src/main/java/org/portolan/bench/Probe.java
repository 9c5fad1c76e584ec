package org.portolan.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** One question by datagram, to see whether it is answered. */
final class Probe {
    // A server that is not there, or busy, may answer the next one.
    private static final int PATIENCE_MILLIS = 200;
    private static final int LONGEST = 4096;
    private static final int TYPE_SOA = 6;
    private static final int CLASS_IN = 1;
    private static final int HEADER = 12;
    private static final byte[] NTP_REQUEST = ByteBuffer.allocate(48).put((byte) 0x23).array();

    private static final byte[] TFTP_REQUEST = "\0\1none\0octet\0".getBytes(US_ASCII);

    private Probe() {}

    /** Whether anything comes back from a DNS server, a refusal perhaps. */
    static boolean dns(int port) {
        return ask(port, question("")).hasRemaining();
    }

    /** Whether an NTP server replies. */
    static boolean ntp(int port) {
        return ask(port, NTP_REQUEST).hasRemaining();
    }

    /** Whether a TFTP server says, from whatever port (RFC 1350 §4), that there is no such file. */
    static boolean tftp(int port) {
        return ask(port, TFTP_REQUEST, false).hasRemaining();
    }

    /** The serial of a zone's SOA record (RFC 1035 §3.3.13), if the server has the zone. */
    static OptionalLong serial(int port, String zone) {
        ByteBuffer reply = ask(port, question(zone));
        if (reply.remaining() < HEADER || reply.getShort(6) == 0) {
            return OptionalLong.empty();
        }
        reply.position(HEADER);
        skipName(reply);
        reply.position(reply.position() + 4);
        skipName(reply);
        reply.position(reply.position() + 10);
        skipName(reply);
        skipName(reply);
        return OptionalLong.of(Integer.toUnsignedLong(reply.getInt()));
    }

    /** To the end of its labels, or of the pointer that ends them. */
    private static void skipName(ByteBuffer message) {
        int length = message.get() & 0xff;
        while (length != 0 && length < 0xc0) {
            message.position(message.position() + length);
            length = message.get() & 0xff;
        }
        if (length != 0) {
            message.get();
        }
    }

    private static byte[] question(String zone) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.write(new byte[] {4, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0});
            for (String label : zone.split("\\.", 0)) {
                if (!label.isEmpty()) {
                    out.writeByte(label.length());
                    out.write(label.getBytes(US_ASCII));
                }
            }
            out.writeByte(0);
            out.writeShort(TYPE_SOA);
            out.writeShort(CLASS_IN);
        } catch (IOException e) {
            throw new IllegalStateException("an array in memory takes all", e);
        }
        return bytes.toByteArray();
    }

    /** The reply; nothing remains in it when there is none. */
    private static ByteBuffer ask(int port, byte[] request) {
        return ask(port, request, true);
    }

    private static ByteBuffer ask(int port, byte[] request, boolean fromThere) {
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            var there = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            if (fromThere) {
                socket.connect(there);
            }
            socket.send(new DatagramPacket(request, request.length, there));
            var reply = new DatagramPacket(new byte[LONGEST], LONGEST);
            socket.receive(reply);
            return ByteBuffer.wrap(reply.getData(), 0, reply.getLength());
        } catch (IOException e) {
            // Nobody there yet, or too slow: the caller asks again.
            return ByteBuffer.allocate(0);
        }
    }
}
