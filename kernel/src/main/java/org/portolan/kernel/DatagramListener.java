package org.portolan.kernel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.portolan.kernel.Door.DatagramDoor;
import org.portolan.kernel.posix.UdpSocket;

/** Waits at one datagram door, with as many receivers as it wants. */
final class DatagramListener implements OpenDoor {
    /** A burst that comes while the answers to another are worked out waits here. */
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

    private static final Duration A_WHILE = Duration.ofSeconds(2);

    /** Who answers; a reload may put another in its place while the door stays open. */
    record Answering(Service service, DatagramDoor door) {}

    private final Kernel kernel;
    private final InetSocketAddress wanted;
    private final List<Receiver> receivers = new ArrayList<>();
    private volatile Answering answering;

    DatagramListener(Kernel kernel, Service service, DatagramDoor door, InetSocketAddress wanted)
            throws IOException {
        this.kernel = kernel;
        this.wanted = wanted;
        this.answering = new Answering(service, door);
        List<UdpSocket> sockets = bind(door.reception());
        String name = "receive-" + service.name() + "-" + sockets.getFirst().at().getPort();
        int longest = door.reception().longest();
        for (UdpSocket socket : sockets) {
            String thread = name + "-" + (receivers.size() + 1);
            receivers.add(new Receiver(kernel, this, socket, longest, thread));
        }
        kernel.sockets().add(this);
    }

    private List<UdpSocket> bind(Door.Reception reception) throws IOException {
        boolean many = reception.onePerCore() && UdpSocket.canShare();
        int count = many ? Runtime.getRuntime().availableProcessors() : 1;
        UdpSocket.Options alone =
                new UdpSocket.Options(
                        reception.longest(), false, reception.stamped(), RECEIVE_BUFFER);
        List<UdpSocket> sockets = new ArrayList<>();
        if (count == 1) {
            sockets.add(UdpSocket.open(wanted, alone));
            return sockets;
        }
        // Sockets that share a port do not ask whose the others are: another process of this user
        // would get half of the peers. One that does not share proves that the port is free.
        InetSocketAddress at;
        try (UdpSocket proof = UdpSocket.open(wanted, alone)) {
            at = proof.at();
        }
        UdpSocket.Options together =
                new UdpSocket.Options(
                        reception.longest(), true, reception.stamped(), RECEIVE_BUFFER);
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(UdpSocket.open(at, together));
            }
            return sockets;
        } catch (IOException e) {
            sockets.forEach(UdpSocket::close);
            throw e;
        }
    }

    Answering answering() {
        return answering;
    }

    @Override
    public boolean is(Service service, Door door, SocketAddress address) {
        Answering now = answering;
        return wanted.equals(address)
                && door instanceof DatagramDoor other
                && now.door.port().equals(other.port())
                && now.door.reception().equals(other.reception())
                && now.service.name().equals(service.name());
    }

    @Override
    public void answerWith(Service service, Door door) {
        answering = new Answering(service, (DatagramDoor) door);
    }

    @Override
    public InetSocketAddress at() {
        return receivers.getFirst().socket().at();
    }

    /** Who was heard lately. */
    List<DatagramPeer> peers() {
        Answering now = answering;
        InetSocketAddress at = at();
        List<DatagramPeer> peers = new ArrayList<>();
        for (Receiver receiver : receivers) {
            for (Sources.Source source : receiver.sources().list()) {
                peers.add(DatagramPeer.of(now.service, now.door.port(), at, source));
            }
        }
        return peers;
    }

    /** How many datagrams the system dropped because nobody took them in time. */
    long overflown() {
        return receivers.stream().mapToLong(Receiver::overflown).sum();
    }

    @Override
    public void close() {
        kernel.sockets().remove(this);
        receivers.forEach(Receiver::wake);
        try {
            for (Receiver receiver : receivers) {
                if (!receiver.join(A_WHILE)) {
                    kernel.loggerOf(answering.service)
                            .warn("the door at {} takes long to close", wanted);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
