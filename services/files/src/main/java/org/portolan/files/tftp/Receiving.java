package org.portolan.files.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.portolan.kernel.DatagramLine;

/**
 * A file on its way from a client (RFC 1350 §2, RFC 7440). The last packet is answered when the
 * file is on disk; a client that did not hear it asks again, and is answered for a while after.
 */
final class Receiving {
    /** What is done with what comes. */
    interface Sink {
        /** Adds {@code bytes} to the file. */
        void write(ByteBuffer bytes) throws TftpProblem;

        /** All has come; returns when it is on disk. */
        void complete() throws TftpProblem;
    }

    /** How long to stay for a client that did not hear the last answer (RFC 1350 §6). */
    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    private final DatagramLine line;
    private final TftpOptions granted;
    private final Sink sink;
    private final Netascii netascii = new Netascii();
    private final boolean translates;
    private final Patience patience;
    private final byte[] decoded;
    private byte[] answer;
    private long received; // blocks
    private int sinceAnswer;
    private boolean missing; // a packet of the window was lost, and the client knows
    private long bytes;

    Receiving(DatagramLine line, TftpOptions granted, boolean translates, Sink sink) {
        this.line = line;
        this.granted = granted;
        this.translates = translates;
        this.sink = sink;
        this.patience = new Patience(granted.timeout());
        this.decoded = translates ? new byte[granted.block() + 1] : new byte[0];
        this.answer = granted.none() ? TftpMessage.ack(0) : granted.packet();
    }

    /** Returns when all of it is on disk, and the client most likely knows. */
    void run(byte[] arrived) throws IOException, TftpProblem {
        line.send(answer, answer.length);
        boolean more = true;
        while (more) {
            int length = line.receive(arrived, patience.now());
            if (length < 0) {
                if (!patience.mayTryAgain()) {
                    throw new TftpProblem(TftpProblem.NOT_DEFINED, "nothing came any more");
                }
                if (received > 0) {
                    answerWith(received);
                } else {
                    answer();
                }
            } else {
                more = take(TftpMessage.parse(arrived, length), arrived);
            }
        }
        sink.complete();
        answerWith(received);
        stay(arrived);
    }

    long bytes() {
        return bytes;
    }

    /** Whether more is to come. */
    private boolean take(TftpMessage message, byte[] arrived) throws IOException, TftpProblem {
        return switch (message) {
            case TftpMessage.Data data -> data(data, arrived);
            case TftpMessage.Problem problem -> throw TftpProblem.byClient(problem.words());
            case TftpMessage.Request _ -> true; // sent twice
            case TftpMessage.Ack _, TftpMessage.Other _ ->
                    throw new TftpProblem(TftpProblem.ILLEGAL, "DATA is awaited");
        };
    }

    private boolean data(TftpMessage.Data data, byte[] arrived) throws IOException, TftpProblem {
        int step = (data.block() - (int) (received & 0xffff)) & 0xffff;
        if (step != 1) {
            outOfTurn(step);
            return true;
        }
        if (data.count() > granted.block()) {
            throw new TftpProblem(TftpProblem.ILLEGAL, "the block is larger than was agreed");
        }
        write(arrived, data.count());
        received++;
        missing = false;
        patience.progress(data.count());
        boolean more = data.count() == granted.block();
        if (++sinceAnswer == granted.packets() && more) {
            answerWith(received);
        }
        return more;
    }

    /**
     * What came before was not heard to be answered, and is answered again; what comes too early
     * tells that one was lost, once (RFC 7440 §4).
     */
    private void outOfTurn(int step) throws IOException {
        boolean before = step == 0 || step > 0xffff - granted.packets();
        if (before && granted.packets() == 1) {
            answer();
        } else if (!missing) {
            missing = true;
            answerWith(received);
        }
    }

    private void write(byte[] arrived, int count) throws TftpProblem {
        int from = TftpMessage.HEAD;
        ByteBuffer all =
                translates
                        ? ByteBuffer.wrap(
                                decoded, 0, netascii.decode(arrived, from, from + count, decoded))
                        : ByteBuffer.wrap(arrived, from, count);
        bytes += all.remaining();
        sink.write(all);
        if (count < granted.block() && netascii.endsWithCr()) {
            sink.write(ByteBuffer.wrap(new byte[] {'\r'}));
        }
    }

    private void answerWith(long block) throws IOException {
        sinceAnswer = 0;
        answer = TftpMessage.ack((int) (block & 0xffff));
        answer();
    }

    private void answer() throws IOException {
        line.send(answer, answer.length);
    }

    private void stay(byte[] arrived) throws IOException {
        for (int i = 0; i < granted.packets() + 8; i++) {
            int length = line.receive(arrived, AFTERWARDS);
            if (length < 0) {
                return;
            }
            if (length >= TftpMessage.HEAD && arrived[1] == TftpMessage.DATA) {
                answer();
            }
        }
    }
}
