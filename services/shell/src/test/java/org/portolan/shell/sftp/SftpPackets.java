package org.portolan.shell.sftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.portolan.kernel.Clock;
import org.portolan.stores.files.View;

/** Packets of SFTP as a client makes them, and what a session answers. */
final class SftpPackets {
    private SftpPackets() {}

    /** Numbers of 4 and 8 bytes, texts with their length, bytes as they are. */
    static byte[] of(Object... parts) {
        ByteBuffer bytes = ByteBuffer.allocate(400_000);
        for (Object part : parts) {
            switch (part) {
                case Integer number -> bytes.putInt(number);
                case Long number -> bytes.putLong(number);
                case String text -> {
                    byte[] utf8 = text.getBytes(UTF_8);
                    bytes.putInt(utf8.length).put(utf8);
                }
                case byte[] raw -> bytes.put(raw);
                default -> throw new IllegalArgumentException(String.valueOf(part));
            }
        }
        byte[] whole = new byte[bytes.position()];
        bytes.flip().get(whole);
        return whole;
    }

    /** A packet with its length, type and id. */
    static byte[] packet(int type, int id, Object... parts) {
        byte[] body = of(parts);
        return of(5 + body.length, new byte[] {(byte) type}, id, body);
    }

    /**
     * What was answered.
     *
     * @param code of a status; -1 in another packet
     * @param rest behind the id, or the words of a status
     */
    record Reply(int type, int id, int code, byte[] rest) {
        String text() {
            return new String(rest, ISO_8859_1);
        }

        /** The handle in it. */
        int handle() {
            return ByteBuffer.wrap(rest).getInt(4);
        }

        /** The data in it. */
        byte[] data() {
            return java.util.Arrays.copyOfRange(rest, 4, rest.length);
        }
    }

    /** What a session answers to these packets, behind its version. */
    static List<Reply> answers(View view, byte[]... packets) throws IOException {
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        in.writeBytes(of(5, new byte[] {1}, 3));
        for (byte[] packet : packets) {
            in.writeBytes(packet);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SftpSession session =
                new SftpSession(
                        view,
                        "ada",
                        new ByteArrayInputStream(in.toByteArray()),
                        out,
                        Clock.SYSTEM)) {
            session.converse();
        }
        List<Reply> replies = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
        while (bytes.hasRemaining()) {
            ByteBuffer packet = bytes.slice(bytes.position() + 4, bytes.getInt(bytes.position()));
            bytes.position(bytes.position() + 4 + packet.capacity());
            int type = packet.get();
            int id = packet.getInt();
            int code = type == 101 ? packet.getInt() : -1;
            byte[] rest = new byte[packet.remaining()];
            packet.get(rest);
            replies.add(new Reply(type, id, code, rest));
        }
        return replies.subList(1, replies.size());
    }
}
