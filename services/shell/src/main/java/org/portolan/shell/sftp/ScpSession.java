package org.portolan.shell.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.files.Attributes;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.Listing;
import org.portolan.stores.files.Node;
import org.portolan.stores.files.OpenFile;
import org.portolan.stores.files.Opening;
import org.portolan.stores.files.TreePath;
import org.portolan.stores.files.Upload;
import org.portolan.stores.files.View;
import org.portolan.wire.Refusal;

/**
 * The other end of {@code scp -O}: the protocol of rcp, of which there is no standard.
 *
 * <pre>
 *   C0644 12345 name      a file; its bytes and a zero follow     T1 0 2 0    times of what follows
 *   D0755 0 name          into a folder that is called so         E           out of it again
 * </pre>
 *
 * Each line, and each file, is answered with a zero, or with a one and a sentence. A file is
 * answered when it is on disk.
 */
public final class ScpSession {
    private static final int LONGEST_LINE = 8192;
    private static final int DEEPEST = 64;
    private static final int CHUNK = 128 * 1024;

    private final View view;
    private final InputStream in;
    private final Outgoing out;
    private int failures;

    public ScpSession(View view, InputStream in, OutputStream out) {
        this.view = view;
        this.in = in;
        this.out = Outgoing.to(out);
    }

    /**
     * What the client had run here.
     *
     * @param receives {@code -t}: files come; else {@code -f}: they are sent
     * @param recursive {@code -r}: folders, too
     * @param times {@code -p}: with their times and modes
     * @param folder {@code -d}: what they come into must be a folder
     * @param paths from where, or whereto
     */
    public record Wanted(
            boolean receives,
            boolean recursive,
            boolean times,
            boolean folder,
            List<String> paths) {
        /** Reads {@code scp -p -t /home}; empty if it is no such command. */
        public static Optional<Wanted> of(List<String> words) {
            if (words.isEmpty() || !words.getFirst().equals("scp")) {
                return Optional.empty();
            }
            StringBuilder options = new StringBuilder();
            int at = 1;
            while (at < words.size() && words.get(at).matches("-[a-z]+")) {
                options.append(words.get(at));
                at++;
            }
            if (at < words.size() && words.get(at).equals("--")) { // before a name like -x
                at++;
            }
            String given = options.toString();
            boolean receives = given.indexOf('t') >= 0;
            boolean sends = given.indexOf('f') >= 0;
            List<String> paths = words.subList(at, words.size());
            return receives == sends || paths.isEmpty() || (receives && paths.size() > 1)
                    ? Optional.empty()
                    : Optional.of(
                            new Wanted(
                                    receives,
                                    given.indexOf('r') >= 0,
                                    given.indexOf('p') >= 0,
                                    given.indexOf('d') >= 0,
                                    List.copyOf(paths)));
        }
    }

    /** Sends or receives; returns the exit status. */
    public int run(Wanted wanted) throws IOException {
        if (wanted.receives()) {
            receive(wanted);
        } else {
            expectZero();
            for (String path : wanted.paths()) {
                try {
                    send(view.start().resolve(path), wanted, 0);
                } catch (FileProblem e) {
                    complain(path, e);
                }
            }
        }
        out.flush();
        return failures == 0 ? 0 : 1;
    }

    // ---- receiving

    private void receive(Wanted wanted) throws IOException {
        TreePath target;
        boolean folder;
        try {
            target = view.start().resolve(wanted.paths().getFirst());
            folder = isFolder(target);
        } catch (FileProblem e) {
            complain(wanted.paths().getFirst(), e);
            return;
        }
        if (wanted.folder() && !folder) {
            complain(target + ": it is not a folder");
            return;
        }
        agree();
        receiveInto(target, folder, wanted, 0);
    }

    private boolean isFolder(TreePath path) throws FileProblem {
        try {
            return view.stat(path).isFolder();
        } catch (FileProblem e) {
            if (e.kind() == FileProblem.Kind.MISSING) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Takes entries until the folder or the input ends.
     *
     * @param named whether each goes into {@code target} by its own name, or is to be called so
     */
    private void receiveInto(TreePath target, boolean named, Wanted wanted, int depth)
            throws IOException {
        ScpLine.@Nullable Times times = null;
        for (ScpLine line = next(); !(line instanceof ScpLine.End); line = next()) {
            switch (line) {
                case ScpLine.Times given -> {
                    times = given;
                    agree();
                }
                case ScpLine.Trouble _ -> failures++;
                case ScpLine.Folder folder -> {
                    TreePath path = named ? target.child(folder.name()) : target;
                    folder(path, attributes(folder.mode(), times, wanted), wanted, depth);
                    times = null;
                }
                case ScpLine.File file -> {
                    TreePath path = named ? target.child(file.name()) : target;
                    try {
                        file(path, file.size(), attributes(file.mode(), times, wanted));
                    } catch (FileProblem e) {
                        complain(path.toString(), e);
                    }
                    times = null;
                }
                case ScpLine.End _ -> throw new IllegalStateException("it would have ended");
            }
        }
        if (depth > 0) {
            agree();
        }
    }

    /** The next line; the end of what comes ends folders, too. */
    private ScpLine next() throws IOException {
        @Nullable String line = line();
        try {
            return line == null ? new ScpLine.End() : ScpLine.parse(line);
        } catch (Refusal e) {
            throw new IOException(e.reply(), e);
        }
    }

    private void folder(TreePath path, Attributes attributes, Wanted wanted, int depth)
            throws IOException {
        if (!wanted.recursive() || depth == DEEPEST) {
            throw new IOException("no folder was expected");
        }
        try {
            if (!isFolder(path)) {
                view.makeFolder(path);
            }
            agree();
            receiveInto(path, true, wanted, depth + 1);
            if (!attributes.equals(Attributes.NONE)) {
                view.set(path, attributes);
            }
        } catch (FileProblem e) { // what is in it would come next
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Attributes attributes(int mode, ScpLine.@Nullable Times times, Wanted wanted) {
        Attributes attributes = wanted.times() ? Attributes.NONE.mode(mode) : Attributes.NONE;
        return times == null
                ? attributes
                : attributes
                        .modified(Instant.ofEpochSecond(times.modified()))
                        .accessed(Instant.ofEpochSecond(times.accessed()));
    }

    private void file(TreePath path, long size, Attributes attributes)
            throws IOException, FileProblem {
        try (Upload upload = view.upload(path)) {
            agree();
            byte[] chunk = new byte[(int) Math.min(size, CHUNK)];
            @Nullable FileProblem problem = null;
            for (long left = size; left > 0; ) {
                int count = in.read(chunk, 0, (int) Math.min(left, chunk.length));
                if (count < 0) {
                    throw new IOException("it ends within a file");
                }
                left -= count;
                problem = problem == null ? write(upload, chunk, count) : problem;
            }
            expectZero();
            if (problem != null) {
                throw problem;
            }
            upload.commit();
            if (!attributes.equals(Attributes.NONE)) {
                view.set(path, attributes);
            }
        }
        agree();
    }

    /** The rest still comes when there is no room for it. */
    private static @Nullable FileProblem write(Upload upload, byte[] chunk, int count) {
        try {
            upload.write(chunk, 0, count);
            return null;
        } catch (FileProblem e) {
            return e;
        }
    }

    // ---- sending

    private void send(TreePath path, Wanted wanted, int depth) throws IOException, FileProblem {
        Node node = view.stat(path);
        if (node.isFolder()) {
            sendFolder(path, node, wanted, depth);
        } else if (node.isFile()) {
            sendFile(path, node, wanted);
        } else {
            complain(path + ": it is no file that is served");
        }
    }

    private void sendFolder(TreePath path, Node node, Wanted wanted, int depth)
            throws IOException, FileProblem {
        if (!wanted.recursive() || depth == DEEPEST) {
            complain(path + ": it is a folder");
            return;
        }
        sendTimes(node, wanted);
        say("D%04o 0 %s\n".formatted(node.mode(), path.name()));
        if (!expectZero()) {
            return;
        }
        try (Listing listing = view.list(path)) {
            for (List<Node> page = listing.page(); !page.isEmpty(); page = listing.page()) {
                for (Node inner : page) {
                    try {
                        send(path.child(inner.name()), wanted, depth + 1);
                    } catch (FileProblem e) {
                        complain(path.child(inner.name()).toString(), e);
                    }
                }
            }
        }
        say("E\n");
        expectZero();
    }

    private void sendFile(TreePath path, Node node, Wanted wanted) throws IOException, FileProblem {
        OpenFile file = view.open(path, Opening.READ);
        try {
            sendTimes(node, wanted);
            long size = file.size();
            say("C%04o %d %s\n".formatted(node.mode(), size, path.name()));
            if (!expectZero()) {
                return;
            }
            for (long at = 0; at < size; ) {
                int wish = (int) Math.min(size - at, CHUNK);
                if (Outgoing.fill(out.room(wish), file, at) < wish) { // the length was promised
                    throw new IOException(path + " became shorter while it was sent");
                }
                out.say(wish);
                at += wish;
            }
            out.write(0);
            out.flush();
            expectZero();
        } finally {
            file.close();
        }
    }

    private void sendTimes(Node node, Wanted wanted) throws IOException {
        if (wanted.times()) {
            long modified = node.modified().getEpochSecond();
            long accessed = node.accessed().getEpochSecond();
            say("T%d 0 %d 0\n".formatted(modified, accessed));
            expectZero();
        }
    }

    // ---- lines and answers

    private void say(String line) throws IOException {
        out.write(TreePath.bytes(line));
        out.flush();
    }

    private void agree() throws IOException {
        out.write(0);
        out.flush();
    }

    private void complain(String what, FileProblem problem) throws IOException {
        String words = String.valueOf(problem.getMessage());
        complain(words.contains(what) ? words : what + ": " + words);
    }

    /** A one says that it went wrong, and that it goes on. */
    private void complain(String words) throws IOException {
        failures++;
        byte[] line = words.replaceAll("\\p{Cntrl}", "?").getBytes(UTF_8);
        out.write(1);
        out.write("scp: ".getBytes(UTF_8));
        out.write(line);
        out.write('\n');
        out.flush();
    }

    /** Whether the client agrees; if not, it goes on with the next. */
    private boolean expectZero() throws IOException {
        int answer = in.read();
        if (answer == 0) {
            return true;
        }
        if (answer == 1) {
            line();
            failures++;
            return false;
        }
        throw new IOException(answer < 0 ? "the client is gone" : "the client gave up");
    }

    /** A line without its end; null at the end of input. */
    private @Nullable String line() throws IOException {
        byte[] bytes = new byte[LONGEST_LINE];
        int count = 0;
        int octet = in.read();
        if (octet < 0) {
            return null;
        }
        while (octet != '\n') {
            if (octet < 0 || count == bytes.length) {
                throw new IOException("a line of scp has no end");
            }
            bytes[count++] = (byte) octet;
            octet = in.read();
        }
        return TreePath.text(java.util.Arrays.copyOf(bytes, count));
    }
}
