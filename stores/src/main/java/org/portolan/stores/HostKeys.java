package org.portolan.stores;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What proves to SSH clients who the site is: a key of each kind, made when the first is asked for,
 * and kept in {@code DATA/ssh} from then on.
 */
public final class HostKeys {
    /** The kinds, what clients prefer first; RSA for those that know nothing else. */
    private enum Kind {
        ED25519("Ed25519", 255),
        ECDSA("EC", 256),
        RSA("RSA", 3072);

        private final String algorithm;
        private final int bits;

        Kind(String algorithm, int bits) {
            this.algorithm = algorithm;
            this.bits = bits;
        }

        private String file() {
            return "host-" + name().toLowerCase(java.util.Locale.ROOT) + ".key";
        }
    }

    private static final String PRIVATE = "PRIVATE KEY"; // RFC 7468 §10
    private static final String PUBLIC = "PUBLIC KEY"; // RFC 7468 §13

    private final Path folder;
    private final String site;
    private @Nullable List<KeyPair> pairs;

    /**
     * @param folder where they are, or will be
     * @param site what the keys are called in a list of known hosts
     */
    public HostKeys(Path folder, String site) {
        this.folder = folder;
        this.site = site;
    }

    /** All of them; makes those that are missing, which takes a second the first time. */
    public synchronized List<KeyPair> pairs() throws IOException {
        List<KeyPair> read = pairs;
        if (read == null) {
            read = new ArrayList<>();
            for (Kind kind : Kind.values()) {
                read.add(pair(kind));
            }
            read = List.copyOf(read);
            pairs = read;
        }
        return read;
    }

    /** The public halves, as clients remember them. */
    public List<SshPublicKey> publicKeys() throws IOException {
        return pairs().stream().map(pair -> SshPublicKey.of(pair.getPublic(), site)).toList();
    }

    private KeyPair pair(Kind kind) throws IOException {
        Path file = folder.resolve(kind.file());
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(folder);
                KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.algorithm);
                generator.initialize(kind.bits);
                PrivateFiles.write(file, text(generator.generateKeyPair()).getBytes(US_ASCII));
            }
            String text = Files.readString(file, US_ASCII);
            KeyFactory factory = KeyFactory.getInstance(kind.algorithm);
            PrivateKey secret =
                    factory.generatePrivate(new PKCS8EncodedKeySpec(part(text, PRIVATE)));
            PublicKey open = factory.generatePublic(new X509EncodedKeySpec(part(text, PUBLIC)));
            return new KeyPair(open, secret);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " is no host key; without it a new one would be made", e);
        }
    }

    private static String text(KeyPair pair) {
        return text(PRIVATE, pair.getPrivate().getEncoded())
                + text(PUBLIC, pair.getPublic().getEncoded());
    }

    private static String text(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, base64, label);
    }

    private static byte[] part(String text, String label) {
        String begin = "-----BEGIN " + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no " + label);
        }
        return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    }
}
