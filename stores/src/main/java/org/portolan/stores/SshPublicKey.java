package org.portolan.stores;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A public key as SSH writes it (RFC 4253 §6.6): one line of {@code id_ed25519.pub} or of {@code
 * authorized_keys}.
 *
 * @param type {@code ssh-ed25519}
 * @param blob the key itself, which begins with its type
 * @param comment what its owner calls it; may be empty
 */
public record SshPublicKey(String type, byte[] blob, String comment) {
    private static final Set<String> TYPES =
            Set.of(
                    "ssh-ed25519",
                    "ecdsa-sha2-nistp256",
                    "ecdsa-sha2-nistp384",
                    "ecdsa-sha2-nistp521",
                    "ssh-rsa",
                    "sk-ssh-ed25519@openssh.com",
                    "sk-ecdsa-sha2-nistp256@openssh.com");

    private static final int LONGEST = 16 * 1024;
    private static final int SHORTEST_RSA = 2048;
    private static final int LONGEST_RSA = 16 * 1024;
    private static final int LONGEST_COMMENT = 200;
    private static final Pattern BLANKS = Pattern.compile("[ \t]+");

    /**
     * Reads a line.
     *
     * @throws StoreException with a sentence that says what is wrong with it
     */
    public static SshPublicKey parse(String line) throws StoreException {
        String text = line.strip();
        if (text.length() > LONGEST || text.contains("PRIVATE KEY")) {
            throw refused(
                    "a public key is one line, like that in the file id_ed25519.pub; never hand"
                            + " over the private one");
        }
        String[] words = BLANKS.split(text, 3);
        if (words.length < 2 || !TYPES.contains(words[0])) {
            throw refused(
                    "a public key begins with its type, such as ssh-ed25519 or ssh-rsa, and without"
                            + " options before it");
        }
        byte[] blob;
        try {
            blob = Base64.getDecoder().decode(words[1]);
        } catch (IllegalArgumentException e) {
            throw refused("the key after " + words[0] + " is not whole: it is no base64");
        }
        check(words[0], blob);
        String comment = words.length > 2 ? words[2].strip() : "";
        return new SshPublicKey(
                words[0], blob, comment.substring(0, Math.min(comment.length(), LONGEST_COMMENT)));
    }

    private static void check(String type, byte[] blob) throws StoreException {
        ByteBuffer in = ByteBuffer.wrap(blob);
        if (!Arrays.equals(string(in), type.getBytes(US_ASCII))) {
            throw refused("the key is of another type than the " + type + " before it");
        }
        int strings = 0;
        int last = 0;
        while (in.hasRemaining()) {
            last = string(in).length;
            strings++;
        }
        if (strings == 0) {
            throw refused("the key is cut short");
        }
        if (type.equals("ssh-rsa") && (last < SHORTEST_RSA / 8 || last > LONGEST_RSA / 8 + 1)) {
            throw refused(
                    "an RSA key has 2048 to 16384 bits; ssh-keygen -t ed25519 makes a better");
        }
    }

    private static byte[] string(ByteBuffer in) throws StoreException {
        if (in.remaining() < 4) {
            throw refused("the key is cut short");
        }
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw refused("the key is cut short");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static StoreException refused(String why) {
        return new StoreException(StoreException.Kind.REFUSED, why);
    }

    /** A key of Java's as SSH writes it. */
    public static SshPublicKey of(PublicKey key, String comment) {
        return switch (key) {
            case EdECPublicKey edwards -> {
                byte[] point = littleEndian(edwards.getPoint().getY(), 32);
                point[31] |= (byte) (edwards.getPoint().isXOdd() ? 0x80 : 0);
                yield of("ssh-ed25519", comment, point); // RFC 8709 §4
            }
            case ECPublicKey curve -> {
                byte[] point = new byte[65]; // RFC 5656 §3.1, uncompressed
                point[0] = 4;
                put(curve.getW().getAffineX(), point, 1);
                put(curve.getW().getAffineY(), point, 33);
                yield of("ecdsa-sha2-nistp256", comment, "nistp256".getBytes(US_ASCII), point);
            }
            case RSAPublicKey rsa ->
                    of(
                            "ssh-rsa",
                            comment,
                            rsa.getPublicExponent().toByteArray(),
                            rsa.getModulus().toByteArray());
            default -> throw new IllegalArgumentException("no key of SSH: " + key.getAlgorithm());
        };
    }

    private static SshPublicKey of(String type, String comment, byte[]... parts) {
        byte[] name = type.getBytes(US_ASCII);
        int length = 4 + name.length + Arrays.stream(parts).mapToInt(p -> 4 + p.length).sum();
        ByteBuffer blob = ByteBuffer.allocate(length);
        blob.putInt(name.length).put(name);
        for (byte[] part : parts) {
            blob.putInt(part.length).put(part);
        }
        return new SshPublicKey(type, blob.array(), comment);
    }

    private static byte[] littleEndian(BigInteger number, int length) {
        byte[] big = number.toByteArray();
        byte[] little = new byte[length];
        for (int i = 0; i < Math.min(big.length, length); i++) {
            little[i] = big[big.length - 1 - i];
        }
        return little;
    }

    private static void put(BigInteger number, byte[] into, int at) {
        byte[] little = littleEndian(number, 32);
        for (int i = 0; i < 32; i++) {
            into[at + i] = little[31 - i];
        }
    }

    /** {@code SHA256:} and the hash of the key, as ssh shows it. */
    public String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** The line that {@link #parse} reads. */
    public String line() {
        String key = type + " " + Base64.getEncoder().encodeToString(blob);
        return comment.isEmpty() ? key : key + " " + comment;
    }
}
