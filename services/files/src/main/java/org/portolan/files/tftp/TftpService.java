package org.portolan.files.tftp;

import java.util.List;
import org.portolan.kernel.Door;
import org.portolan.kernel.Door.DatagramDoor;
import org.portolan.kernel.Door.Reception;
import org.portolan.kernel.Peer;
import org.portolan.kernel.Port;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Service;
import org.portolan.stores.files.FileTree;

/** TFTP's door: port 69, where transfers begin. */
public final class TftpService implements Service {
    private static final Port TFTP = new Port(69, "tftp");

    /** A request with the longest path and all options. */
    private static final int LONGEST_REQUEST = 4_352;

    private final List<Door> doors;

    public TftpService(TftpSettings settings, FileTree tree, Ports ports) {
        TftpTransfer.Site site = new TftpTransfer.Site(this, ports, tree);
        this.doors =
                List.of(
                        new DatagramDoor(
                                TFTP,
                                Reception.upTo(LONGEST_REQUEST).withOneSocket(),
                                new TftpAnswers(settings, ports, site),
                                "curl -sS tftp://{host}:{port}/name"));
    }

    /** What stands for a conversation with {@code peer} where files are held. */
    public static String conversation(Peer peer) {
        return "tftp-" + peer;
    }

    @Override
    public String name() {
        return "tftp";
    }

    @Override
    public List<Door> doors() {
        return doors;
    }
}
