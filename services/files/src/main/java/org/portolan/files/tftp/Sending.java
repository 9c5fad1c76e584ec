package org.portolan.files.tftp;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.DatagramLine;

/**
 * A file on its way to a client (RFC 1350 §2, RFC 7440): as many packets as the window holds, then
 * an answer is awaited. An answer that was given before moves nothing and sends nothing (RFC 1123
 * §4.2.3.1, the sorcerer's apprentice); in a window of several packets it means that the first was
 * lost, and is believed once.
 */
final class Sending implements DatagramLine.Dialogue {
    private final DatagramLine line;
    private final TftpOptions granted;
    private final Source source;
    private final Patience patience;
    private final int slot;
    private final byte[] options; // the packet that says which are granted
    private final byte[] window; // a packet's head and data for each place
    private final int[] lengths;
    private @Nullable TftpProblem problem; // that it ended with
    private boolean agreed; // upon the options, if there are any
    private int filled; // packets in the window
    private int first; // the place of the oldest
    private long acknowledged; // blocks
    private boolean last; // the window's newest packet is the file's last
    private boolean rolledBack;
    private long sentBytes;

    Sending(DatagramLine line, TftpOptions granted, Source source) {
        this.line = line;
        this.granted = granted;
        this.source = source;
        this.patience = new Patience(granted.timeout());
        this.options = granted.packet();
        this.slot = TftpMessage.HEAD + granted.block();
        this.window = new byte[slot * granted.packets()];
        this.lengths = new int[granted.packets()];
    }

    /** Returns when the client has all of it. */
    void run() throws IOException, TftpProblem {
        line.converse(this);
        if (problem != null) {
            throw problem;
        }
    }

    @Override
    public void begin() throws IOException {
        if (granted.none()) {
            goOn();
        } else {
            line.send(options, options.length);
        }
    }

    /** RFC 2347: the client has said that it agrees, or there is nothing to agree upon. */
    private void goOn() throws IOException {
        agreed = true;
        fill();
        send(0);
    }

    @Override
    public boolean heard(byte[] arrived, int length) throws IOException {
        return over(
                () -> {
                    switch (TftpMessage.parse(arrived, length)) {
                        case TftpMessage.Ack(int block) when agreed -> acknowledged(block);
                        case TftpMessage.Ack(int block) when block == 0 -> {
                            patience.progress(0);
                            goOn();
                        }
                        case TftpMessage message -> refuse(message);
                    }
                });
    }

    @Override
    public boolean silence() throws IOException {
        return over(
                () -> {
                    if (!patience.mayTryAgain()) {
                        throw new TftpProblem(TftpProblem.NOT_DEFINED, "no answer came");
                    }
                    if (agreed) {
                        sendAgain();
                    } else {
                        line.send(options, options.length);
                    }
                });
    }

    @Override
    public Duration patience() {
        return patience.now();
    }

    private interface Step {
        void take() throws IOException, TftpProblem;
    }

    private boolean over(Step step) throws IOException {
        try {
            step.take();
            return agreed && filled == 0;
        } catch (TftpProblem e) {
            problem = e;
            return true;
        }
    }

    long bytes() {
        return sentBytes;
    }

    private static void refuse(TftpMessage message) throws TftpProblem {
        switch (message) {
            case TftpMessage.Problem problem -> throw TftpProblem.byClient(problem.words());
            case TftpMessage.Ack _, TftpMessage.Request _ -> {} // a request may come twice
            case TftpMessage.Data _, TftpMessage.Other _ ->
                    throw new TftpProblem(TftpProblem.ILLEGAL, "an ACK is awaited");
        }
    }

    /** Reads as many packets as there is room for. */
    private void fill() throws IOException {
        while (filled < lengths.length && !last) {
            int place = (first + filled) % lengths.length;
            int at = place * slot;
            int count = source.read(window, at + TftpMessage.HEAD, granted.block());
            long block = acknowledged + filled + 1;
            TftpMessage.data((int) (block & 0xffff), window, at); // goes on with 0 after 65,535
            lengths[place] = TftpMessage.HEAD + count;
            filled++;
            last = count < granted.block();
        }
    }

    /** Sends the window from its {@code from}-th packet on. */
    private void send(int from) throws IOException {
        for (int i = from; i < filled; i++) {
            int place = (first + i) % lengths.length;
            line.send(window, place * slot, lengths[place]);
        }
    }

    private void acknowledged(int block) throws IOException, TftpProblem {
        int step = (block - (int) (acknowledged & 0xffff)) & 0xffff;
        if (step == 0 && lengths.length > 1 && !rolledBack) {
            rolledBack = true;
            sendAgain();
        }
        if (step == 0 || step > filled) {
            return; // said before, or not yet to be said
        }
        long bytes = 0;
        for (int i = 0; i < step; i++) {
            bytes += lengths[(first + i) % lengths.length];
        }
        int sent = filled - step;
        acknowledged += step;
        first = (first + step) % lengths.length;
        filled = sent;
        sentBytes += bytes - (long) step * TftpMessage.HEAD;
        rolledBack = false;
        patience.progress(bytes);
        fill();
        // RFC 7440 §4: what follows the block acknowledged begins a new window
        if (sent > 0 && !patience.maySendAgain((long) sent * slot)) {
            throw tooOften();
        }
        send(0);
    }

    private void sendAgain() throws IOException, TftpProblem {
        if (!patience.maySendAgain((long) filled * slot)) {
            throw tooOften();
        }
        send(0);
    }

    private static TftpProblem tooOften() {
        return new TftpProblem(TftpProblem.NOT_DEFINED, "too much had to be sent again");
    }
}
