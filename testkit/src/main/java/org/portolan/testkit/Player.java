package org.portolan.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.SocketFactory;

/**
 * Plays transcripts against a server over real sockets.
 *
 * <pre>{@code
 * Player.against(server).trusting(caPem).play(transcript, Pace.BYTE_BY_BYTE);
 * }</pre>
 *
 * <p>A player does not change: each method below answers with another one.
 *
 * @param server where client 1 connects, and whoever names no door
 * @param doors further places of the same site, by the names that transcripts use
 * @param trust whom to believe after a TLS action; without it the action fails
 * @param patience how long an answer may take before the dialogue fails
 * @param afterwards closed when a dialogue is over, however it ended
 */
public record Player(
        Place server,
        Map<String, Place> doors,
        Optional<Trust> trust,
        Duration patience,
        Optional<AutoCloseable> afterwards) {

    /**
     * Where a client can go.
     *
     * @param datagrams true for UDP, false for TCP
     */
    public record Place(InetSocketAddress at, boolean datagrams) {
        /** Another port of the same address and kind. */
        Place withPort(int number) {
            return new Place(new InetSocketAddress(at.getAddress(), number), datagrams);
        }
    }

    public Player {
        doors = Map.copyOf(doors);
    }

    /** A player whose clients connect here. */
    public static Player against(InetSocketAddress server) {
        return against(new Place(server, false));
    }

    /** A player whose clients send their datagrams here. */
    public static Player againstDatagrams(InetSocketAddress server) {
        return against(new Place(server, true));
    }

    private static Player against(Place server) {
        return new Player(server, Map.of(), Optional.empty(), RawClient.PATIENCE, Optional.empty());
    }

    /** Knows another door of the site, for {@code CONNECT name} and {@code # on: name}. */
    public Player door(String name, InetSocketAddress address) {
        return door(name, new Place(address, false));
    }

    /** Knows another door of the site, at which each line is a datagram. */
    public Player datagramDoor(String name, InetSocketAddress address) {
        return door(name, new Place(address, true));
    }

    private Player door(String name, Place place) {
        Map<String, Place> more = new HashMap<>(doors);
        more.put(name, place);
        return new Player(server, more, trust, patience, afterwards);
    }

    /** Believes the certificates of a PEM file and what they have signed. */
    public Player trusting(Path pem) {
        try {
            return trusting(Trust.in(pem));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Believes this certificate and what it has signed. */
    public Player trusting(X509Certificate root) {
        return trusting(Trust.in(root));
    }

    /** Believes as told. */
    public Player trusting(Trust trust) {
        return new Player(server, doors, Optional.of(trust), patience, afterwards);
    }

    /** Waits this long for each answer. */
    public Player patience(Duration patience) {
        return new Player(server, doors, trust, patience, afterwards);
    }

    /** Closes the server too when a dialogue is over: for a server that is made for each. */
    public Player closing(AutoCloseable server) {
        return new Player(this.server, doors, trust, patience, Optional.of(server));
    }

    /**
     * Plays a dialogue to its end.
     *
     * @throws Mismatch if the server does not keep to it
     */
    public void play(Transcript transcript, Pace pace) {
        play(transcript, pace, SocketFactory.getDefault());
    }

    void play(Transcript transcript, Pace pace, SocketFactory sockets) {
        try (Performance performance = new Performance(this, transcript, pace, sockets)) {
            performance.run();
        } finally {
            afterwards.ifPresent(Player::close);
        }
    }

    private static void close(AutoCloseable server) {
        try {
            server.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the server could not be closed", e);
        }
    }
}
