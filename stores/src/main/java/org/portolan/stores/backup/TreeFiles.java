package org.portolan.stores.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** The files of the file tree, read as they are found. */
final class TreeFiles {
    static final String FOLDER = "files/";

    private static final String UPLOADS = ".portolan";
    private static final int CHUNK = 128 * 1024;

    /** Hears of files that could not be taken as they should be. */
    interface Damage {
        void note(String path) throws IOException;
    }

    private interface Visit {
        void folder(String path, Path folder) throws IOException;

        void file(String path, Path file, BasicFileAttributes attributes) throws IOException;
    }

    private final Path root;
    private final Optional<Set<String>> spaces;
    private final byte[] buffer = new byte[CHUNK];

    /**
     * Of the folder {@code root}.
     *
     * @param spaces the folders that are known in it; all if nothing is known
     */
    TreeFiles(Path root, Optional<Set<String>> spaces) {
        this.root = root;
        this.spaces = spaces;
    }

    private void walk(Visit visit) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        String path = root.relativize(folder).toString();
                        boolean top = path.isEmpty() || path.equals("homes");
                        if (!top && !path.equals("shared") && isLeftOut(path)) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        if (!path.isEmpty()) {
                            visit.folder(FOLDER + path + "/", folder);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        String path = root.relativize(file).toString();
                        if (attributes.isRegularFile() && !isLeftOut(path)) {
                            visit.file(FOLDER + path, file, attributes);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) { // gone since it was listed
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
    }

    private boolean isLeftOut(String path) {
        boolean strange = path.chars().anyMatch(c -> Character.isISOControl(c) || c == '\ufffd');
        String[] names = path.split("/", -1);
        boolean deep = names[0].equals("homes") || names[0].equals("shared");
        int top = deep ? 2 : 1;
        if (strange || names.length < top) {
            return true;
        }
        String space = deep ? names[0] + "/" + names[1] : names[0];
        boolean known = spaces.isEmpty() || spaces.get().contains(space);
        return !known || (names.length > top && names[top].equals(UPLOADS));
    }

    private static Instant modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    }

    private static int mode(Path file) throws IOException {
        Object mode = Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return ((Integer) mode) & 0_777;
    }

    /** How large all of it is in an archive. */
    long room() throws IOException {
        long[] sum = {0};
        walk(
                new Visit() {
                    @Override
                    public void folder(String path, Path folder) throws IOException {
                        sum[0] += TarWriter.room(path, 0, modified(folder));
                    }

                    @Override
                    public void file(String path, Path file, BasicFileAttributes attributes) {
                        Instant modified = attributes.lastModifiedTime().toInstant();
                        sum[0] += TarWriter.room(path, attributes.size(), modified);
                    }
                });
        return sum[0];
    }

    /** Puts all of it into an archive. */
    void put(TarWriter tar, Manifest manifest, Damage damage) throws IOException {
        walk(
                new Visit() {
                    @Override
                    public void folder(String path, Path folder) throws IOException {
                        tar.folder(path, modified(folder), mode(folder));
                        manifest.folder(path);
                    }

                    @Override
                    public void file(String path, Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Instant modified = attributes.lastModifiedTime().toInstant();
                        putFile(tar, manifest, damage, path, file, modified);
                    }
                });
    }

    private void putFile(
            TarWriter tar,
            Manifest manifest,
            Damage damage,
            String path,
            Path file,
            Instant modified)
            throws IOException {
        try (FileChannel channel =
                        FileChannel.open(
                                file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                InputStream in = Channels.newInputStream(channel)) {
            int mode = mode(file);
            long size = channel.size();
            tar.begin(path, size, modified, mode);
            manifest.add(path, size, pass(in, size, tar, () -> damage.note(path)));
        } catch (NoSuchFileException goneMeanwhile) {
            return;
        }
    }

    private interface Shrunk {
        void say() throws IOException;
    }

    /** Exactly as many bytes as were said, whatever becomes of the file; returns their hash. */
    private String pass(InputStream in, long size, TarWriter tar, Shrunk shrunk)
            throws IOException {
        MessageDigest hash = Backups.sha256();
        boolean whole = true;
        for (long left = size; left > 0; ) {
            int most = (int) Math.min(left, buffer.length);
            int count = whole ? in.read(buffer, 0, most) : most;
            if (count < 0) {
                whole = false;
                Arrays.fill(buffer, (byte) 0);
                continue;
            }
            hash.update(buffer, 0, count);
            tar.write(buffer, 0, count);
            left -= count;
        }
        if (!whole) {
            shrunk.say();
        }
        return HexFormat.of().formatHex(hash.digest());
    }
}
