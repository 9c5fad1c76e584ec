package org.portolan.names.dns;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What it takes to answer by TCP: a responder and its room. A conversation has one while it
 * answers and gives it back before it waits, so that thousands of silent peers need none.
 */
final class Desk {
    /** What has no place for data to be changed asks for no more than this. */
    static final int LONGEST_REQUEST = 4096;

    /** So many bytes are sent before the next question is answered. */
    static final int SENT_TOGETHER = 16 * 1024;

    private static final int LONGEST_MESSAGE = 0xffff;

    /** Those that nobody uses at the moment. */
    static final class Shelf {
        private final ConcurrentLinkedQueue<Desk> free = new ConcurrentLinkedQueue<>();
        private final DnsSettings settings;
        private final byte[] secret;

        Shelf(DnsSettings settings, byte[] secret) {
            this.settings = settings;
            this.secret = secret;
        }

        Desk take() {
            Desk desk = free.poll();
            return desk != null ? desk : new Desk(new Responder(settings, secret));
        }

        void giveBack(Desk desk) {
            desk.written = 0;
            free.add(desk);
        }
    }

    final Responder responder;
    final byte[] request = new byte[LONGEST_REQUEST];
    final byte[] answer = new byte[LONGEST_MESSAGE];
    private final byte[] output = new byte[SENT_TOGETHER + 2 + LONGEST_MESSAGE];
    int written;

    private Desk(Responder responder) {
        this.responder = responder;
    }

    /** Puts an answer behind those that wait to be sent, after its length (RFC 1035 §4.2.2). */
    void put(int length) {
        Bytes.putTwo(output, written, length);
        System.arraycopy(answer, 0, output, written + 2, length);
        written += 2 + length;
    }

    /** A copy of what waits to be sent, so that who writes it needs no desk. */
    byte[] output() {
        return Arrays.copyOf(output, written);
    }
}
