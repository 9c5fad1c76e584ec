package org.portolan.shell.sftp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.kernel.Clock;
import org.portolan.shell.sftp.SftpRequest.Attrs;
import org.portolan.stores.files.Access;
import org.portolan.stores.files.Attributes;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.Listing;
import org.portolan.stores.files.Node;
import org.portolan.stores.files.OpenFile;
import org.portolan.stores.files.Opening;
import org.portolan.stores.files.Room;
import org.portolan.stores.files.TreePath;
import org.portolan.stores.files.View;
import org.portolan.wire.Refusal;

/**
 * One SFTP conversation: a packet in, what it asks of the file tree, a packet out, in the order in
 * which they came. A client that has sent several is answered with one write.
 */
public final class SftpSession implements AutoCloseable {
    /** How many files and folders one conversation may have open. */
    static final int MOST_HANDLES = 512;

    private static final int MOST_DATA = 256 * 1024;
    private static final int MOST_NAMES = 100;
    private static final String NO_HANDLE = "there is no such handle";
    private static final String MOST = "so many files are open already; close one";

    private final View view;
    private final InputStream in;
    private final Outgoing out;
    private final Clock clock;
    private final Owners owners;
    private final Map<Integer, Open> handles = new HashMap<>();
    private int nextHandle;
    private byte[] packet = new byte[1024]; // the request; grows to the longest that came

    /**
     * @param account who asks
     */
    public SftpSession(View view, String account, InputStream in, OutputStream out, Clock clock) {
        this.view = view;
        this.in = in;
        this.out = Outgoing.to(out);
        this.clock = clock;
        this.owners = new Owners(account);
    }

    /** What a handle stands for. */
    private sealed interface Open {
        void close() throws FileProblem;
    }

    /** A file; {@code appends} if writes go to its end wherever they say. */
    private static final class File implements Open {
        private final OpenFile file;
        private final boolean appends;
        private boolean written;

        private File(OpenFile file, boolean appends) {
            this.file = file;
            this.appends = appends;
        }

        /** What was written is on disk before anybody hears that the file is closed. */
        @Override
        public void close() throws FileProblem {
            try {
                if (written || file.made()) {
                    file.sync();
                }
            } finally {
                file.close();
            }
        }
    }

    /** A folder, and what of a page of it was not told yet. */
    private static final class Folder implements Open {
        private final Listing listing;
        private List<Node> page = List.of();

        private Folder(Listing listing) {
            this.listing = listing;
        }

        @Override
        public void close() {
            listing.close();
        }
    }

    /**
     * Answers until the client has said its last.
     *
     * @throws IOException when it is gone, or sends what is no SFTP
     */
    public void converse() throws IOException {
        int length = next();
        if (length < 5 || packet[0] != SftpRequest.INIT) {
            throw new IOException("an SFTP client begins with its version");
        }
        write(SftpReply.version());
        for (length = next(); length > 0; length = next()) {
            answer(length);
        }
        out.flush();
    }

    /** Reads a packet; returns its length without that of the length, 0 at the end. */
    private int next() throws IOException {
        if (in.available() == 0) {
            out.flush();
        }
        byte[] head = in.readNBytes(4);
        if (head.length == 0) {
            return 0;
        }
        if (head.length < 4) {
            throw new EOFException("it ends within a packet");
        }
        int length = ByteBuffer.wrap(head).getInt();
        if (length < 1 || length > SftpRequest.LONGEST) {
            throw new IOException("a packet of " + Integer.toUnsignedLong(length) + " bytes");
        }
        if (packet.length < length) {
            packet = new byte[Math.min(SftpRequest.LONGEST, Integer.highestOneBit(length) * 2)];
        }
        if (in.readNBytes(packet, 0, length) < length) {
            throw new EOFException("it ends within a packet");
        }
        return length;
    }

    private void answer(int length) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(packet, 0, length);
        int type = request.get() & 0xff;
        if (length < 5) {
            throw new IOException("a packet without a number");
        }
        int id = request.getInt();
        ByteBuffer reply;
        try {
            SftpRequest wanted = SftpRequest.parse(type, request);
            if (wanted instanceof SftpRequest.Read read) {
                read(id, read);
                return;
            }
            reply = reply(id, wanted);
        } catch (Refusal e) {
            boolean understood = e.reply().equals(NO_HANDLE) || e.reply().equals(MOST);
            int code = understood ? SftpReply.FAILURE : SftpReply.BAD_MESSAGE;
            reply = SftpReply.status(id, code, e.reply());
        } catch (FileProblem e) {
            reply = SftpReply.problem(id, e);
        }
        write(reply);
    }

    private void write(ByteBuffer reply) throws IOException {
        out.write(reply.array(), reply.arrayOffset() + reply.position(), reply.remaining());
    }

    private ByteBuffer reply(int id, SftpRequest request) throws FileProblem, Refusal {
        return switch (request) {
            case SftpRequest.Read _ -> throw new IllegalStateException("it is answered elsewhere");
            case SftpRequest.Write write -> write(id, write);
            case SftpRequest.Open open -> open(id, open);
            case SftpRequest.Close close -> close(id, close.handle());
            case SftpRequest.Stat stat -> {
                TreePath path = path(stat.path());
                Node node = stat.followsLinks() ? view.stat(path) : view.lstat(path);
                yield SftpReply.attrs(id, node, owners);
            }
            case SftpRequest.HandleStat stat ->
                    SftpReply.attrs(id, file(stat.handle()).file.node(), owners);
            case SftpRequest.SetStat set -> {
                view.set(path(set.path()), attributes(set.attrs()));
                yield SftpReply.done(id);
            }
            case SftpRequest.SetHandleStat set -> {
                file(set.handle()).file.set(attributes(set.attrs()));
                yield SftpReply.done(id);
            }
            case SftpRequest.OpenFolder folder -> {
                checkRoom();
                yield SftpReply.handle(id, keep(new Folder(view.list(path(folder.path())))));
            }
            case SftpRequest.ReadFolder folder -> readFolder(id, folder.handle());
            case SftpRequest.Limits() -> SftpReply.limits(id, MOST_HANDLES);
            case SftpRequest.RealPath real -> SftpReply.name(id, path(real.path()).toString());
            case SftpRequest.ExpandPath expand -> SftpReply.name(id, expanded(expand.path()));
            case SftpRequest.HomeFolder() -> SftpReply.name(id, view.start().toString());
            case SftpRequest.ReadLink link -> SftpReply.name(id, view.readLink(path(link.path())));
            case SftpRequest.Names names ->
                    SftpReply.names(id, names.users(), names.groups(), owners);
            case SftpRequest.FileSystem wanted -> fileSystem(id, path(wanted.path()));
            case SftpRequest.HandleFileSystem wanted -> {
                open(wanted.handle());
                yield fileSystem(id, view.start());
            }
            case SftpRequest.Copy copy -> copy(id, copy);
            case SftpRequest.Sync sync -> {
                file(sync.handle()).file.sync();
                yield SftpReply.done(id);
            }
            case SftpRequest.Remove _,
                    SftpRequest.MakeFolder _,
                    SftpRequest.RemoveFolder _,
                    SftpRequest.Rename _,
                    SftpRequest.Symlink _,
                    SftpRequest.Hardlink _ -> {
                change(request);
                yield SftpReply.done(id);
            }
            case SftpRequest.Unknown unknown ->
                    SftpReply.status(
                            id, SftpReply.UNSUPPORTED, "type " + unknown.type() + " is not known");
        };
    }

    /** What changes names. */
    private void change(SftpRequest request) throws FileProblem {
        switch (request) {
            case SftpRequest.Remove remove -> view.remove(path(remove.path()));
            case SftpRequest.MakeFolder folder -> view.makeFolder(path(folder.path()));
            case SftpRequest.RemoveFolder folder -> view.removeFolder(path(folder.path()));
            case SftpRequest.Rename rename ->
                    view.rename(path(rename.from()), path(rename.to()), rename.replaces());
            case SftpRequest.Symlink link ->
                    view.symlink(TreePath.text(link.target()), path(link.path()));
            case SftpRequest.Hardlink link -> view.link(path(link.existing()), path(link.path()));
            default -> throw new IllegalStateException("changes no name: " + request);
        }
    }

    // ---- files

    private ByteBuffer open(int id, SftpRequest.Open wanted) throws FileProblem, Refusal {
        checkRoom();
        int flags = wanted.flags();
        boolean appends = (flags & SftpRequest.Open.APPEND) != 0;
        boolean writes = appends || (flags & SftpRequest.Open.WRITE) != 0;
        EnumSet<Access> access = EnumSet.noneOf(Access.class);
        if (!writes || (flags & SftpRequest.Open.READ) != 0) {
            access.add(Access.READ);
        }
        if (writes) {
            access.add(Access.WRITE);
        }
        Opening opening = new Opening(access, Access.ALL, disposition(flags));
        OpenFile file = view.open(path(wanted.path()), opening);
        File kept = new File(file, appends);
        try {
            if (file.made() && wanted.attrs().mode().isPresent()) {
                file.set(Attributes.NONE.mode(wanted.attrs().mode().getAsInt()));
            }
        } catch (FileProblem e) {
            file.close();
            throw e;
        }
        return SftpReply.handle(id, keep(kept));
    }

    private static Opening.Disposition disposition(int flags) {
        boolean creates = (flags & SftpRequest.Open.CREATE) != 0;
        boolean empties = (flags & SftpRequest.Open.TRUNCATE) != 0;
        if (creates && (flags & SftpRequest.Open.EXCLUSIVE) != 0) {
            return Opening.Disposition.NEW;
        }
        if (creates) {
            return empties ? Opening.Disposition.EMPTIED_OR_NEW : Opening.Disposition.ANY;
        }
        return empties ? Opening.Disposition.EMPTIED : Opening.Disposition.EXISTING;
    }

    /** Reads into the reply itself, and says it. */
    private void read(int id, SftpRequest.Read read) throws FileProblem, Refusal, IOException {
        OpenFile file = file(read.handle()).file;
        int wish = Math.min(read.length(), MOST_DATA);
        int length = Math.clamp(file.size() - read.from(), 0, wish);
        ByteBuffer[] room = out.room(SftpReply.DATA_AT + length);
        ByteBuffer head = room[0].slice(0, SftpReply.DATA_AT);
        room[0].position(SftpReply.DATA_AT);
        int count = Outgoing.fill(room, file, read.from());
        if (count == 0 && wish > 0) {
            write(SftpReply.status(id, SftpReply.EOF, ""));
        } else {
            SftpReply.data(id, head, count);
            out.say(SftpReply.DATA_AT + count);
        }
    }

    private ByteBuffer write(int id, SftpRequest.Write write) throws FileProblem, Refusal {
        File open = file(write.handle());
        open.written = true;
        if (open.appends) {
            open.file.append(write.data());
        } else {
            open.file.write(write.data(), write.at());
        }
        return SftpReply.done(id);
    }

    /** Copies within the site; a range that is not all there is copied as far as it goes. */
    private ByteBuffer copy(int id, SftpRequest.Copy copy) throws FileProblem, Refusal {
        File from = file(copy.from());
        File to = file(copy.to());
        if (copy.from() == copy.to()) {
            throw new Refusal("a file is not copied onto itself");
        }
        to.written = true;
        ByteBuffer chunk = ByteBuffer.allocate(MOST_DATA);
        long left = copy.length() == 0 ? Long.MAX_VALUE : copy.length();
        long at = 0;
        while (left > 0) {
            chunk.clear().limit((int) Math.min(left, chunk.capacity()));
            int count = from.file.read(chunk, copy.fromOffset() + at);
            if (count <= 0) {
                break;
            }
            to.file.write(chunk.flip(), copy.toOffset() + at);
            at += count;
            left -= count;
        }
        return SftpReply.done(id);
    }

    private ByteBuffer close(int id, int handle) throws FileProblem, Refusal {
        Open open = handles.remove(handle);
        if (open == null) {
            throw new Refusal(NO_HANDLE);
        }
        open.close();
        return SftpReply.done(id);
    }

    private ByteBuffer readFolder(int id, int handle) throws FileProblem, Refusal {
        if (!(open(handle) instanceof Folder folder)) {
            throw new Refusal(NO_HANDLE);
        }
        if (folder.page.isEmpty()) {
            folder.page = folder.listing.page();
        }
        if (folder.page.isEmpty()) {
            return SftpReply.status(id, SftpReply.EOF, "");
        }
        List<Node> page = folder.page;
        List<Node> told = page.subList(0, Math.min(MOST_NAMES, page.size()));
        folder.page = new ArrayList<>(page.subList(told.size(), page.size()));
        return SftpReply.names(id, told, owners, clock.instant());
    }

    private ByteBuffer fileSystem(int id, TreePath path) throws FileProblem {
        Room room = view.room(path);
        return SftpReply.fileSystem(id, room.total(), room.free());
    }

    // ---- names and handles

    private TreePath path(byte[] name) throws FileProblem {
        return view.start().resolve(TreePath.text(name));
    }

    /** {@code ~} is where one begins; there is nobody else's. */
    private String expanded(byte[] name) throws FileProblem {
        String text = TreePath.text(name);
        if (text.equals("~") || text.startsWith("~/")) {
            text = view.start() + text.substring(1);
        }
        return view.start().resolve(text).toString();
    }

    private static Attributes attributes(Attrs attrs) {
        return new Attributes(
                attrs.accessed().isPresent()
                        ? Optional.of(Instant.ofEpochSecond(attrs.accessed().getAsLong()))
                        : Optional.empty(),
                attrs.modified().isPresent()
                        ? Optional.of(Instant.ofEpochSecond(attrs.modified().getAsLong()))
                        : Optional.empty(),
                attrs.mode(),
                attrs.size());
    }

    /** So that nothing is opened, or emptied, that there is no handle for. */
    private void checkRoom() throws Refusal {
        if (handles.size() >= MOST_HANDLES) {
            throw new Refusal(MOST);
        }
    }

    private int keep(Open open) {
        int handle = nextHandle++;
        handles.put(handle, open);
        return handle;
    }

    private Open open(int handle) throws Refusal {
        Open open = handles.get(handle);
        if (open == null) {
            throw new Refusal(NO_HANDLE);
        }
        return open;
    }

    private File file(int handle) throws Refusal {
        if (open(handle) instanceof File file) {
            return file;
        }
        throw new Refusal(NO_HANDLE);
    }

    /** Lets go of what the client left open; half an upload stays as far as it came. */
    @Override
    public void close() {
        for (Open open : handles.values()) {
            try {
                open.close();
            } catch (FileProblem e) {
                // the client is gone, and was told of no success
            }
        }
        handles.clear();
    }
}
