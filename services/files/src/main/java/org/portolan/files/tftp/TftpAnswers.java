package org.portolan.files.tftp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.portolan.kernel.Answers;
import org.portolan.kernel.Datagram;
import org.portolan.kernel.Outbox;
import org.portolan.kernel.Peer;
import org.portolan.kernel.Ports;

/**
 * What comes to port 69: each request that makes sense becomes a {@link TftpTransfer} in a thread
 * of its own. A request that comes again while its transfer runs is the same one.
 */
final class TftpAnswers implements Answers {
    private final TftpSettings settings;
    private final Ports ports;
    private final TftpTransfer.Site site;
    private final Set<InetSocketAddress> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();

    TftpAnswers(TftpSettings settings, Ports ports, TftpTransfer.Site site) {
        this.settings = settings;
        this.ports = ports;
        this.site = site;
    }

    @Override
    public void answer(Datagram request, Outbox replies) {
        InetAddress asked = replies.asked();
        Peer peer = request.peer();
        if (peer.port() == 0 || isForMany(peer.address()) || isForMany(asked)) {
            return; // RFC 1123 §4.2.3.4: not to what is said to everybody, nor to everybody
        }
        TftpMessage.Request wanted;
        try {
            TftpMessage message = TftpMessage.parse(request.bytes(), request.length());
            if (!(message instanceof TftpMessage.Request read)) {
                return; // an ERROR is never answered, and nothing else begins a transfer
            }
            wanted = read;
        } catch (TftpProblem problem) {
            reply(problem, replies);
            return;
        }
        InetSocketAddress to = new InetSocketAddress(peer.address(), peer.port());
        if (!underWay.add(to)) {
            return;
        }
        if (count.incrementAndGet() > settings.transfers()) {
            end(to);
            reply(
                    new TftpProblem(TftpProblem.NOT_DEFINED, "too many transfers; try again later"),
                    replies);
            return;
        }
        ports.inBackground(
                "tftp-" + peer,
                () -> {
                    try {
                        new TftpTransfer(site, settings, asked, to).run(wanted);
                    } finally {
                        end(to);
                    }
                });
    }

    private void end(InetSocketAddress to) {
        count.decrementAndGet();
        underWay.remove(to);
    }

    private static boolean isForMany(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean broadcast = octets.length == 4 && (octets[0] & 0xff) >= 240; // and class E
        return address.isMulticastAddress() || address.isAnyLocalAddress() || broadcast;
    }

    private static void reply(TftpProblem problem, Outbox replies) {
        byte[] packet = problem.packet();
        int length = Math.min(packet.length, replies.room().length);
        System.arraycopy(packet, 0, replies.room(), 0, length);
        replies.reply(length);
    }
}
