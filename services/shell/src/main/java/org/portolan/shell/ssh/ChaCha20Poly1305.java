package org.portolan.shell.ssh;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * {@code chacha20-poly1305@openssh.com}, as OpenSSH's PROTOCOL.chacha20poly1305 has it: the length
 * of a packet is encrypted with a key of its own, and the tag covers what is encrypted.
 *
 * <p>In place of the library's, which does in Java what the JDK's ChaCha20 does with the
 * processor's own vectors.
 */
final class ChaCha20Poly1305 implements Cipher {
    private static final int KEY_BYTES = 32;
    private static final int BLOCK_BYTES = 64;
    private static final int LENGTH_BYTES = 4;
    private static final byte[] ZEROS = new byte[BLOCK_BYTES];

    private final Poly1305 mac = new Poly1305();
    private final javax.crypto.Cipher header;
    private final javax.crypto.Cipher body;
    private final byte[] first = new byte[BLOCK_BYTES]; // of the key stream: the tag's key
    private final byte[] tag = new byte[Poly1305.TAG_BYTES];
    private @Nullable SecretKey headerKey;
    private @Nullable SecretKey bodyKey;
    private boolean encrypts;
    private int firstSequence;
    private int sequence;

    ChaCha20Poly1305() throws GeneralSecurityException {
        header = javax.crypto.Cipher.getInstance("ChaCha20");
        body = javax.crypto.Cipher.getInstance("ChaCha20");
    }

    /** Makes them for the library. */
    static final class Named implements NamedFactory<Cipher> {
        @Override
        public String getName() {
            return "chacha20-poly1305@openssh.com";
        }

        @Override
        public Cipher create() {
            try {
                return new ChaCha20Poly1305();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK has ChaCha20", e);
            }
        }
    }

    /**
     * Begins.
     *
     * @param key that of the body, then that of the lengths
     * @param iv the number of the next packet, in eight bytes
     */
    @Override
    public void init(Mode mode, byte[] key, byte[] iv) throws GeneralSecurityException {
        encrypts = mode == Mode.Encrypt;
        bodyKey = new SecretKeySpec(key, 0, KEY_BYTES, "ChaCha20");
        headerKey = new SecretKeySpec(key, KEY_BYTES, KEY_BYTES, "ChaCha20");
        firstSequence = (int) ByteBuffer.wrap(iv).getLong();
        sequence = firstSequence;
        beginPacket();
    }

    private void beginPacket() throws GeneralSecurityException {
        // the JDK's nonce of 96 bits begins with what is the counter's upper half here
        byte[] nonce = ByteBuffer.allocate(12).putInt(8, sequence).array();
        var from = new ChaCha20ParameterSpec(nonce, 0);
        header.init(javax.crypto.Cipher.DECRYPT_MODE, headerKey, from); // either is the same
        body.init(javax.crypto.Cipher.DECRYPT_MODE, bodyKey, from);
        body.update(ZEROS, 0, BLOCK_BYTES, first);
        mac.begin(first);
    }

    /** The packet's length, which comes first. */
    @Override
    public void updateAAD(byte[] bytes, int from, int count) throws GeneralSecurityException {
        if (count != LENGTH_BYTES) {
            throw new IllegalArgumentException("a length has four bytes");
        }
        if (!encrypts) {
            mac.add(bytes, from, count);
        }
        header.doFinal(bytes, from, count, bytes, from);
        if (encrypts) {
            mac.add(bytes, from, count);
        }
    }

    /** The packet; behind it stands its tag, or room for it. */
    @Override
    public void update(byte[] bytes, int from, int count) throws GeneralSecurityException {
        if (encrypts) {
            body.doFinal(bytes, from, count, bytes, from);
            mac.add(bytes, from, count);
            mac.end(bytes, from + count);
        } else {
            mac.add(bytes, from, count);
            mac.end(tag, 0);
            if (!isTag(bytes, from + count)) {
                throw new AEADBadTagException("the packet was changed");
            }
            body.doFinal(bytes, from, count, bytes, from);
        }
        sequence++;
        if (sequence == firstSequence) {
            throw new IllegalStateException("new keys are overdue");
        }
        beginPacket();
    }

    private boolean isTag(byte[] bytes, int at) {
        byte[] got = new byte[Poly1305.TAG_BYTES];
        System.arraycopy(bytes, at, got, 0, got.length);
        return MessageDigest.isEqual(tag, got);
    }

    @Override
    public String getAlgorithm() {
        return "ChaCha20";
    }

    @Override
    public String getTransformation() {
        return "ChaCha20";
    }

    @Override
    public int getIVSize() {
        return 8;
    }

    @Override
    public int getAuthenticationTagSize() {
        return Poly1305.TAG_BYTES;
    }

    @Override
    public int getCipherBlockSize() {
        return 8;
    }

    @Override
    public int getKdfSize() {
        return 2 * KEY_BYTES;
    }

    @Override
    public int getKeySize() {
        return 2 * KEY_BYTES * Byte.SIZE;
    }
}
