package org.portolan.stores.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.portolan.stores.Account;
import org.portolan.stores.Spaces;

/** A file tree for tests, with two accounts, and what is asked of it most in few words. */
final class Grove implements AutoCloseable {
    static final Account ADA = new Account(1, "ada");
    static final Account BOB = new Account(2, "bob");

    final Path data;
    final Spaces spaces;
    final FileTree tree;
    final Map<Long, Set<String>> groups = new ConcurrentHashMap<>();

    Grove(Path data, FileRules rules, boolean byStep) throws Exception {
        this.data = data;
        Files.createDirectories(data.resolve("stores"));
        spaces = new Spaces(data.resolve("stores"), InstantSource.system());
        tree =
                new FileTree(
                        data,
                        spaces,
                        account -> groups.getOrDefault(account.id(), Set.of()),
                        rules,
                        InstantSource.system(),
                        new Resolver(byStep),
                        false);
    }

    Grove(Path data) throws Exception {
        this(data, FileRules.USUAL, false);
    }

    View ada() {
        return tree.view(ADA, "ftp", "ftp-1");
    }

    View bob() {
        return tree.view(BOB, "smb", "smb-1");
    }

    View stranger() {
        return tree.strangersView("tftp", "tftp-1");
    }

    /** Where {@code path} lies on the disk. */
    Path at(String path) {
        return data.resolve("files").resolve(path);
    }

    /** What lies in a space's folder for uploads, if it has one. */
    List<Path> hidden(String space) throws IOException {
        Path folder = at(space).resolve(FileTree.HIDDEN);
        try (Stream<Path> uploads = Files.exists(folder) ? Files.list(folder) : Stream.of()) {
            return uploads.toList();
        }
    }

    static TreePath path(String text) throws FileProblem {
        return TreePath.of(text);
    }

    static Node put(View view, String path, String content) throws FileProblem {
        return put(view, path, content.getBytes(UTF_8));
    }

    static Node put(View view, String path, byte[] content) throws FileProblem {
        try (Upload upload = view.upload(path(path))) {
            upload.write(ByteBuffer.wrap(content));
            return upload.commit();
        }
    }

    static String get(View view, String path) throws FileProblem {
        try (OpenFile file = view.open(path(path), Opening.READ)) {
            ByteBuffer into = ByteBuffer.allocate((int) file.size());
            while (into.hasRemaining() && file.read(into, into.position()) >= 0) {
                continue;
            }
            return new String(into.array(), 0, into.position(), UTF_8);
        }
    }

    /** The names in a folder, in order. */
    static List<String> names(View view, String path) throws FileProblem {
        List<String> names = new ArrayList<>();
        try (Listing listing = view.list(path(path))) {
            for (List<Node> page = listing.page(); !page.isEmpty(); page = listing.page()) {
                page.forEach(node -> names.add(node.name()));
            }
        }
        names.sort(null);
        return names;
    }

    @Override
    public void close() {
        tree.close();
        spaces.close();
    }
}
