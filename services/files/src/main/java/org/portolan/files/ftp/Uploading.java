package org.portolan.files.ftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.Upload;
import org.portolan.wire.Refusal;

/** STOR, STOU and APPE: 226 is said when the file and its name are on disk. */
final class Uploading implements Transfer.Work {
    private static final int CHUNK = 64 * 1024;

    /** What is thrown away of an upload that has failed. */
    private static final long MOST_DISCARDED = 64L << 20;

    private final Upload upload;
    private final boolean ascii;
    private final boolean closure;
    private final String reply;

    /**
     * @param closure whether TLS has to say that the data ends; else the connection's end will do
     * @param reply what is said of success
     */
    Uploading(Upload upload, boolean ascii, boolean closure, String reply) {
        this.upload = upload;
        this.ascii = ascii;
        this.closure = closure;
        this.reply = reply;
    }

    @Override
    public boolean isShort() {
        return false;
    }

    @Override
    public String move(Connection data) throws IOException, Refusal, FileProblem {
        try {
            if (ascii) {
                receiveLines(data);
            } else {
                receive(data);
            }
        } catch (FileProblem e) {
            discard(data);
            throw e;
        } catch (Hangup e) {
            boolean ended = e.reason() == Hangup.Reason.PEER_GONE && e.getCause() == null;
            if (data.tls().isEmpty() || !ended) {
                throw e;
            }
            if (closure) {
                throw FtpReply.cutShort();
            }
        }
        upload.commit();
        return reply;
    }

    private void receive(Connection data) throws IOException, FileProblem {
        while (data.receive(upload.room()) >= 0) {
            // The file has it already.
        }
    }

    /** Some clients, as curl, do not read why they may not send the rest unless they sent it. */
    private static void discard(Connection data) {
        ByteBuffer arrived = ByteBuffer.allocate(CHUNK);
        try {
            for (long left = MOST_DISCARDED; left > 0; left -= arrived.position()) {
                if (data.receive(arrived.clear()) < 0) {
                    return;
                }
            }
        } catch (IOException gone) {
            return; // what is said is why the upload failed
        }
    }

    private void receiveLines(Connection data) throws IOException, FileProblem {
        LineEnds ends = new LineEnds();
        ByteBuffer arrived = ByteBuffer.allocate(CHUNK);
        byte[] lines = new byte[CHUNK + 1];
        while (data.receive(arrived.clear()) >= 0) {
            int count = ends.inward(arrived.array(), 0, arrived.position(), lines);
            upload.write(lines, 0, count);
        }
        if (ends.endsWithCr()) {
            upload.write(new byte[] {'\r'}, 0, 1);
        }
    }

    @Override
    public void close() throws FileProblem {
        upload.close();
    }
}
