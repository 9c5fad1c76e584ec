package org.portolan.files.ftp;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Ports;
import org.portolan.stores.files.FileProblem;
import org.portolan.wire.Refusal;

/**
 * One transfer. It runs in a thread of its own, so that the conversation can listen for ABOR and
 * STAT meanwhile, and says its own last word when all is done; unless it is over before anybody
 * could say ABOR.
 */
final class Transfer {
    /** What is done with the data connection. */
    interface Work {
        /** Returns the reply when the last byte is where it belongs. */
        String move(Connection data) throws IOException, Refusal, FileProblem;

        /** Whether a socket that was just opened takes all of it without waiting for its peer. */
        boolean isShort();

        /** Lets go of what was opened, whether it was moved or not. */
        void close() throws FileProblem;
    }

    private final Connection client;
    private final Ports ports;
    private final DataChannel channel;
    private final String name;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Optional<Connection> data = Optional.empty();
    private volatile boolean aborted;

    /**
     * @param name what is transferred, as a status shows it
     */
    Transfer(Connection client, Ports ports, DataChannel channel, String name) {
        this.client = client;
        this.ports = ports;
        this.channel = channel;
        this.name = name;
    }

    /**
     * Begins. What is short and has its connection already is over when this returns, its last word
     * about to be said; with everything else the conversation goes on at once.
     */
    void begin(Work work) throws IOException {
        Optional<Connection> arrived = work.isShort() ? arrived() : Optional.empty();
        if (arrived.isPresent()) {
            client.writeLine(outcome(work, arrived::get));
            over.countDown();
        } else {
            client.busy();
            ports.inBackground(client.service(), client.id() + "-data", () -> run(work));
        }
    }

    private Optional<Connection> arrived() {
        try {
            return channel.arrived();
        } catch (IOException e) { // whoever waits for it will see the same, and say so
            client.log().debug("no data connection yet: {}", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void run(Work work) {
        String reply = FtpReply.temporary().reply();
        try {
            reply = outcome(work, channel::open);
        } finally {
            client.idle();
            say(reply);
            over.countDown();
        }
    }

    /** Where the data connection comes from. */
    private interface Opening {
        Connection open() throws IOException, Refusal;
    }

    private String outcome(Work work, Opening opening) {
        try {
            return moved(work, opening);
        } catch (Refusal e) {
            return (aborted ? FtpReply.endedByPeer() : e).reply();
        } catch (FileProblem e) {
            return FtpReply.of(client, e).reply();
        } catch (IOException e) {
            client.log().info("a transfer ended early: {}", String.valueOf(e.getMessage()));
            return (aborted ? FtpReply.endedByPeer() : FtpReply.brokenOff()).reply();
        } catch (RuntimeException e) { // ours: this transfer ends, and the conversation goes on
            client.log().error("a transfer broke", e);
            return FtpReply.temporary().reply();
        }
    }

    private String moved(Work work, Opening opening) throws IOException, Refusal, FileProblem {
        try {
            Connection connection = opening.open();
            data = Optional.of(connection);
            if (aborted) {
                ports.cutOff(connection);
            }
            try {
                return work.move(connection);
            } finally {
                ports.hangUp(connection);
            }
        } finally {
            work.close();
        }
    }

    private void say(String reply) {
        try {
            client.writeLine(reply);
            client.flush();
        } catch (IOException gone) {
            client.log().info("gone before the transfer's last word");
        }
    }

    /** Whether it is still going on. */
    boolean underWay() {
        return over.getCount() > 0;
    }

    /** Ends it early; whoever waits in it wakes. */
    void abort() {
        if (underWay()) {
            aborted = true;
            channel.cutOff();
            data.ifPresent(ports::cutOff);
        }
    }

    /** Waits until its last word is said. */
    void await() throws IOException {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** {@code RETR a.txt: 1234 bytes so far}. */
    String status() {
        long moved = data.map(d -> d.bytesIn() + d.bytesOut()).orElse(0L);
        return name + ": " + moved + " bytes so far";
    }
}
