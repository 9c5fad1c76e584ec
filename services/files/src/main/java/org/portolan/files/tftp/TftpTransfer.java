package org.portolan.files.tftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.portolan.kernel.DatagramLine;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Peer;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Ports.PortRange;
import org.portolan.kernel.Service;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.files.OpenFile;
import org.portolan.stores.files.Opening;
import org.portolan.stores.files.TreePath;
import org.portolan.stores.files.Upload;
import org.portolan.stores.files.View;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One transfer, from a port of its own (RFC 1350 §4), in a thread of its own. */
final class TftpTransfer {
    /** What a transfer needs of the site. */
    record Site(Service service, Ports ports, FileTree tree) {}

    private static final Logger LOG = LoggerFactory.getLogger("portolan.tftp");

    /** RFC 1350 §4: who sends to a transfer that is not theirs hears so, and it goes on. */
    private static final byte[] TO_STRANGERS =
            TftpMessage.problem(TftpProblem.UNKNOWN_TRANSFER, "that transfer is not yours");

    private final Site site;
    private final TftpSettings settings;
    private final InetAddress asked;
    private final InetSocketAddress client;
    private final View view;

    /**
     * @param asked our address that was asked, from which it goes on
     */
    TftpTransfer(Site site, TftpSettings settings, InetAddress asked, InetSocketAddress client) {
        this.site = site;
        this.settings = settings;
        this.asked = asked;
        this.client = client;
        this.view = site.tree.strangersView("tftp", TftpService.conversation(Peer.at(client)));
    }

    void run(TftpMessage.Request wanted) {
        try (DatagramLine line =
                site.ports.openDatagram(
                        site.service, PortRange.ANY, Optional.of(asked), client, TO_STRANGERS)) {
            try {
                if (wanted.write()) {
                    receive(line, wanted);
                } else {
                    send(line, wanted);
                }
            } catch (FileProblem e) {
                ended(line, wanted, problem(e));
            } catch (TftpProblem e) {
                ended(line, wanted, e);
            }
        } catch (Hangup e) {
            LOG.info("a transfer with {} ended: {}", client, e.reason().words());
        } catch (IOException e) { // the network said no; there is nobody to tell
            LOG.info("a transfer with {} ended: {}", client, String.valueOf(e.getMessage()));
        }
    }

    private void ended(DatagramLine line, TftpMessage.Request wanted, TftpProblem problem)
            throws IOException {
        LOG.info("no {} for {}: {}", wanted.write() ? "upload" : "file", client, problem.words());
        if (!problem.saidByClient()) {
            byte[] packet = problem.packet();
            line.send(packet, packet.length);
        }
    }

    // ---- a file for the client

    private void send(DatagramLine line, TftpMessage.Request wanted)
            throws IOException, TftpProblem, FileProblem {
        try (OpenFile file = view.open(publicPath(wanted.file()), Opening.READ)) {
            long size = file.size();
            file.checkRead(0, size);
            // RFC 2349: in netascii nobody knows the size before the end
            TftpOptions granted =
                    wanted.asked().granted(settings.block(), wanted.netascii() ? -1 : size);
            Source source = new Source(file.channel(), wanted.netascii(), granted.block());
            new Sending(line, granted, source).run();
        }
    }

    /** Clients begin at what is public, some with a slash; a drive or a backslash means nothing. */
    private TreePath publicPath(String raw) throws FileProblem {
        TreePath path = TreePath.of(TreePath.text(raw.getBytes(ISO_8859_1)));
        TreePath below = view.publicFolder();
        for (String name : path.names()) {
            below = below.child(name);
        }
        return below;
    }

    // ---- a file of the client's

    private void receive(DatagramLine line, TftpMessage.Request wanted)
            throws IOException, TftpProblem, FileProblem {
        if (!settings.uploads()) {
            throw new TftpProblem(TftpProblem.ACCESS_VIOLATION, "nothing is taken here");
        }
        long announced = wanted.asked().size();
        if (announced > settings.largest().bytes()) {
            throw tooLarge();
        }
        TreePath path = dropPath(wanted.file());
        TftpOptions granted = wanted.asked().granted(settings.block(), announced);
        try (Upload upload = view.upload(path)) {
            Receiving receiving = new Receiving(line, granted, wanted.netascii(), sink(upload));
            receiving.run(new byte[TftpMessage.HEAD + granted.block() + 1]);
        }
    }

    private TreePath dropPath(String raw) throws FileProblem, TftpProblem {
        TreePath path = TreePath.of(TreePath.text(raw.getBytes(ISO_8859_1)));
        if (path.names().size() != 1) {
            throw new TftpProblem(TftpProblem.ACCESS_VIOLATION, "a name without folders is taken");
        }
        return view.dropFolder().child(path.name());
    }

    private Receiving.Sink sink(Upload upload) {
        return new Receiving.Sink() {
            @Override
            public void write(ByteBuffer bytes) throws TftpProblem {
                if (upload.position() + bytes.remaining() > settings.largest().bytes()) {
                    throw tooLarge();
                }
                try {
                    upload.write(bytes);
                } catch (FileProblem e) {
                    throw problem(e);
                }
            }

            @Override
            public void complete() throws TftpProblem {
                try {
                    upload.commit();
                } catch (FileProblem e) {
                    throw problem(e);
                }
            }
        };
    }

    private TftpProblem tooLarge() {
        return new TftpProblem(
                TftpProblem.DISK_FULL, "no file larger than " + settings.largest() + " is taken");
    }

    /** RFC 1350 §5: what the file tree would not do. */
    private static TftpProblem problem(FileProblem problem) {
        return switch (problem.kind()) {
            case MISSING, NOT_A_FOLDER ->
                    new TftpProblem(TftpProblem.NOT_FOUND, "there is no such file");
            case EXISTS -> new TftpProblem(TftpProblem.EXISTS, "there is a file of that name");
            case DENIED, IS_A_FOLDER, BAD_NAME, NOT_SERVED, ELSEWHERE, UNSUPPORTED ->
                    new TftpProblem(TftpProblem.ACCESS_VIOLATION, "that is not served");
            case FULL, OVER_QUOTA -> new TftpProblem(TftpProblem.DISK_FULL, "there is no room");
            case IN_USE, LOCKED, DELETE_PENDING ->
                    new TftpProblem(TftpProblem.NOT_DEFINED, "somebody else has it open");
            case NOT_EMPTY, BAD_RANGE, BROKEN -> {
                LOG.error("the file tree failed", problem);
                yield new TftpProblem(TftpProblem.NOT_DEFINED, "something is wrong here");
            }
        };
    }
}
