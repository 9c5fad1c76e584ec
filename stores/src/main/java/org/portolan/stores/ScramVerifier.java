package org.portolan.stores;

import java.nio.ByteBuffer;

/**
 * What a server keeps for SCRAM-SHA-256 (RFC 5802 §3, RFC 7677): enough to check a client's proof,
 * not enough to log in.
 *
 * @param salt 16 bytes
 * @param iterations of PBKDF2
 * @param storedKey H(ClientKey), 32 bytes
 * @param serverKey HMAC(SaltedPassword, "Server Key"), 32 bytes
 */
public record ScramVerifier(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    static final int SALT_BYTES = 16;
    static final int KEY_BYTES = 32;

    byte[] toBytes() {
        return ByteBuffer.allocate(SALT_BYTES + 4 + 2 * KEY_BYTES)
                .put(salt)
                .putInt(iterations)
                .put(storedKey)
                .put(serverKey)
                .array();
    }

    static ScramVerifier of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new ScramVerifier(
                take(in, SALT_BYTES), in.getInt(), take(in, KEY_BYTES), take(in, KEY_BYTES));
    }

    private static byte[] take(ByteBuffer in, int count) {
        byte[] part = new byte[count];
        in.get(part);
        return part;
    }
}
