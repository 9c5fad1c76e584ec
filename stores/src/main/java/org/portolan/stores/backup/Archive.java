package org.portolan.stores.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Reads an archive from its first byte to its last and compares it with its manifest. */
final class Archive {
    private static final int GZIP = 0x1f8b; // RFC 1952 §2.3.1
    private static final int CHUNK = 128 * 1024;
    private static final int MOST_PROBLEMS = 10;
    private static final int MOST_HEAD_BYTES = 16 * 1024;

    /** Where the files of an archive go. */
    interface Shelf {
        /** Where the content of {@code path} is to be written; closed when it is whole. */
        OutputStream place(String path) throws IOException;

        /** A folder that there is to be, even if nothing is in it; ends with no slash. */
        default void folder(String path) throws IOException {}

        /** What {@code path} was like when all of it has been written. */
        default void like(String path, TarReader.Entry entry) throws IOException {}
    }

    private final Shelf shelf;
    private final Path work;
    private final byte[] buffer = new byte[CHUNK];
    private final BodyList bodies = new BodyList();
    private final Set<Long> damaged = new HashSet<>();
    private final List<String> problems = new ArrayList<>();
    private long files;
    private long bytes;

    /**
     * Reads into {@code shelf}.
     *
     * @param work a folder for the list of what was read, until it is compared
     */
    Archive(Shelf shelf, Path work) {
        this.shelf = shelf;
        this.work = work;
    }

    BodyList bodies() {
        return bodies;
    }

    /** Bodies that were missing or of another size when the backup was taken. */
    Set<Long> damaged() {
        return damaged;
    }

    List<String> problems() {
        return problems;
    }

    long files() {
        return files;
    }

    long bytes() {
        return bytes;
    }

    /**
     * Reads all of it.
     *
     * @throws IOException if it is no backup, or breaks off; what differs is in {@link #problems}
     */
    Head read(InputStream compressed) throws IOException {
        TarReader tar = new TarReader(plain(compressed));
        TarReader.Entry first = first(tar);
        if (!first.path().equals(Backups.HEAD) || first.size() > MOST_HEAD_BYTES) {
            throw noBackup();
        }
        Head head = head(tar);
        Path found = work.resolve("found");
        try (Manifest list = new Manifest(found, head)) {
            for (Optional<TarReader.Entry> next = tar.next(); next.isPresent(); next = tar.next()) {
                TarReader.Entry entry = next.get();
                if (entry.path().equals(Backups.MANIFEST)) {
                    list.end();
                    compare(tar, found);
                    if (tar.next().isPresent()) {
                        throw new IOException("it goes on after its manifest");
                    }
                    Files.delete(found);
                    return head;
                }
                list.add(entry.path(), entry.size(), take(tar, entry));
            }
        }
        throw new IOException("it has no manifest, so it is not whole");
    }

    private static TarReader.Entry first(TarReader tar) throws IOException {
        try {
            return tar.next().orElseThrow(Archive::noBackup);
        } catch (IOException e) { // it is not even an archive
            throw new IOException("it is no backup of Portolan", e);
        }
    }

    private static IOException noBackup() {
        return new IOException("it is no backup of Portolan");
    }

    /** Compressed as it is written by us, or unpacked by somebody who wanted to look inside. */
    private static InputStream plain(InputStream in) throws IOException {
        BufferedInputStream looked = new BufferedInputStream(in, CHUNK);
        looked.mark(2);
        int magic = looked.read() << 8 | looked.read();
        looked.reset();
        return magic == GZIP
                ? new BufferedInputStream(new GZIPInputStream(looked, CHUNK), CHUNK)
                : looked;
    }

    private Head head(TarReader tar) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int count = tar.read(buffer); count >= 0; count = tar.read(buffer)) {
            text.write(buffer, 0, count);
        }
        InputStream bytesOfText = new ByteArrayInputStream(text.toByteArray());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(bytesOfText, UTF_8))) {
            return Head.of(lines.readAllLines());
        }
    }

    /** Puts a file where it belongs; returns the hash of it. */
    private String take(TarReader tar, TarReader.Entry entry) throws IOException {
        if (entry.folder()) {
            shelf.folder(safe(entry.path().substring(0, entry.path().length() - 1)));
            return Manifest.FOLDER;
        }
        MessageDigest hash = Backups.sha256();
        try (OutputStream out = shelf.place(safe(entry.path()))) {
            for (int count = tar.read(buffer); count >= 0; count = tar.read(buffer)) {
                hash.update(buffer, 0, count);
                out.write(buffer, 0, count);
            }
        }
        shelf.like(entry.path(), entry);
        files++;
        bytes += entry.size();
        long body = bodyNumber(entry.path());
        if (body >= 0) {
            bodies.add(body, entry.size());
        }
        return HexFormat.of().formatHex(hash.digest());
    }

    /** A path stays below the folder it is put into, whoever made the archive. */
    private static String safe(String path) throws IOException {
        for (String name : path.split("/", -1)) {
            boolean strange = name.isEmpty() || name.equals(".") || name.equals("..");
            if (strange || name.chars().anyMatch(Character::isISOControl)) {
                throw new IOException("it holds a file that no backup has: " + path);
            }
        }
        return path;
    }

    private static long bodyNumber(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return path.startsWith(Backups.BODIES) && name.matches("[0-9]{1,18}")
                ? Long.parseLong(name)
                : -1;
    }

    /** Both lists have the order of the archive, so that one pass over both is enough. */
    private void compare(TarReader tar, Path found) throws IOException {
        InputStream content =
                new InputStream() {
                    private final byte[] one = new byte[1];

                    @Override
                    public int read() throws IOException {
                        return tar.read(one) < 0 ? -1 : one[0] & 0xff;
                    }

                    @Override
                    public int read(byte[] into, int from, int count) throws IOException {
                        byte[] part = new byte[Math.min(count, CHUNK)];
                        int read = tar.read(part);
                        System.arraycopy(part, 0, into, from, Math.max(0, read));
                        return read;
                    }
                };
        try (BufferedReader said = new BufferedReader(new InputStreamReader(content, UTF_8));
                BufferedReader seen = Files.newBufferedReader(found, UTF_8)) {
            String mine = seen.readLine();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith("damaged ")) {
                    damaged.add(bodyNumber(line.substring("damaged ".length())));
                } else if (line.equals(mine)) {
                    mine = seen.readLine();
                } else {
                    differs(line, mine == null ? "nothing" : mine);
                    mine = mine == null ? null : seen.readLine();
                }
            }
            if (mine != null) {
                differs("nothing", mine);
            }
        }
    }

    private void differs(String said, String found) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add("the manifest says \"%s\", and there is \"%s\"".formatted(said, found));
        }
    }
}
