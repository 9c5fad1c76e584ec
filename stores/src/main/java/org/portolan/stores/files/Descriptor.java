package org.portolan.stores.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/** A file or folder that is held open by its number. */
final class Descriptor implements AutoCloseable {
    private int number;

    Descriptor(int number) {
        this.number = number;
    }

    int number() {
        if (number < 0) {
            throw new IllegalStateException("closed");
        }
        return number;
    }

    Found look() throws SystemCalls.Failed {
        return SystemCalls.statx(number(), "");
    }

    /** Opens the same file anew: no name is looked up, so no other file can be meant. */
    FileChannel channel(Set<? extends OpenOption> options) throws IOException {
        return FileChannel.open(Path.of(SystemCalls.reopened(number())), options);
    }

    /** The same folder, open for reading its names and for syncing them. */
    Descriptor readable() throws SystemCalls.Failed {
        int flags = SystemCalls.O_RDONLY | SystemCalls.O_DIRECTORY;
        return new Descriptor(SystemCalls.openat(number(), ".", flags, 0));
    }

    @Override
    public void close() {
        if (number >= 0) {
            SystemCalls.close(number);
            number = -1;
        }
    }
}
