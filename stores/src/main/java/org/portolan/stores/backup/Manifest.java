package org.portolan.stores.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The list of an archive's files, in their order, kept in a file: there may be millions.
 *
 * <pre>
 *   file SIZE SHA256 PATH
 *   file 0 folder PATH/          a folder of the file tree
 *   damaged PATH                 a body that was missing, or of another size, before the backup
 *   end FILES BYTES
 * </pre>
 */
final class Manifest implements AutoCloseable {
    static final String FOLDER = "folder";

    private final Path file;
    private final BufferedWriter lines;
    private long files;
    private long bytes;

    Manifest(Path file, Head head) throws IOException {
        this.file = file;
        this.lines = Files.newBufferedWriter(file, UTF_8);
        lines.write(head.text());
    }

    void add(String path, long size, String sha256) throws IOException {
        lines.write("file " + size + " " + sha256 + " " + path + "\n");
        files++;
        bytes += size;
    }

    void folder(String path) throws IOException {
        add(path, 0, FOLDER);
    }

    void damaged(String path) throws IOException {
        lines.write(damagedLine(path) + "\n");
    }

    static String damagedLine(String path) {
        return "damaged " + path;
    }

    /** Nothing comes after this. */
    Path end() throws IOException {
        lines.write("end " + files + " " + bytes + "\n");
        lines.close();
        return file;
    }

    long files() {
        return files;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
