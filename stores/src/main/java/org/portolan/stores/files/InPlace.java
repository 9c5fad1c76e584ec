package org.portolan.stores.files;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An upload into the file itself: visible as it comes, and what breaks off stays. */
record InPlace(FileTree tree, OpenFile file, Place place, long from) implements Upload.Target {
    @Override
    public void write(ByteBuffer bytes, long at)
            throws FileProblem, SystemCalls.Failed, IOException {
        file.writeNow(bytes, at);
    }

    @Override
    public Node commit(long size) throws FileProblem, SystemCalls.Failed, IOException {
        if (file.channel().size() > size) {
            file.truncateNow(size);
        }
        file.syncNow();
        return tree.node(place, file.id());
    }

    @Override
    public void close() throws IOException {
        file.closeNow();
    }
}
