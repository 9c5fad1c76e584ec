package org.portolan.stores;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys that mail is signed with (DKIM): for all domains of the site the same, each a file
 * {@code dkim/SELECTOR.key} that only the server's user can read. A pair, RSA of 2,048 bits and
 * Ed25519, is made on the first run; a newer pair is published before it signs, and the older one
 * stays published until nobody can have mail of it any more.
 */
public final class DkimKeys {
    /** How far a key has come. */
    public enum State {
        /** Published; does not sign yet. */
        COMING,
        /** Signs. */
        SIGNING,
        /** Signs no longer; still published. */
        RETIRED;

        /** For people, and for the file. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One key.
     *
     * @param selector the name it is published under
     * @param type {@code rsa} or {@code ed25519}
     * @param shared the half that is published, in base64
     */
    public record Kept(String selector, String type, State state, String shared, String secret) {
        /** What its TXT record says (RFC 6376 §3.6.1). */
        public String text() {
            return "v=DKIM1; k=" + type + "; p=" + shared;
        }

        /** The half that signs. */
        public PrivateKey key() throws GeneralSecurityException {
            byte[] encoded = Base64.getMimeDecoder().decode(secret);
            return KeyFactory.getInstance(type.equals("rsa") ? "RSA" : "Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        }
    }

    private static final String ENDING = ".key";
    private static final int RSA_BITS = 2048;
    private static final int ED25519_BYTES = 32;
    private static final String RSA = "rsa";
    private static final String ED25519 = "ed25519";
    private static final List<String> TYPES = List.of(RSA, ED25519);
    private static final long LARGEST = 16_384;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);
    private static final Pattern FORM =
            Pattern.compile(
                    "(?s)Type: (rsa|ed25519)\\nState: (coming|signing|retired)\\n"
                            + "Published: ([A-Za-z0-9+/=]+)\\n"
                            + "-----BEGIN PRIVATE KEY-----\\n(.*)\\n-----END PRIVATE KEY-----\\n");

    private final Path folder;
    private final InstantSource clock;
    private volatile List<Kept> all;

    /** Opens those below the data directory {@code root}; there may be none yet. */
    public DkimKeys(Path root, InstantSource clock) throws IOException {
        this.folder = PrivateFiles.folder(root.resolve("dkim"));
        this.clock = clock;
        this.all = read();
    }

    /** All of them, by selector. */
    public List<Kept> all() {
        return all;
    }

    /** Those that sign. */
    public List<Kept> signing() {
        return all.stream().filter(key -> key.state == State.SIGNING).toList();
    }

    /**
     * Makes the first pair, or what a stop in the middle left out of it; that takes a moment.
     *
     * @return whether anything was made
     */
    public synchronized boolean begin() throws IOException {
        List<String> missing =
                TYPES.stream()
                        .filter(type -> signing().stream().noneMatch(key -> key.type.equals(type)))
                        .toList();
        make(missing, State.SIGNING);
        return !missing.isEmpty();
    }

    /**
     * Makes a pair that is to be published.
     *
     * @throws IOException also if there is one already that does not sign yet
     */
    public synchronized void rotate() throws IOException {
        if (all.stream().anyMatch(key -> key.state == State.COMING)) {
            throw new IOException("there are new keys already, which do not sign yet");
        }
        make(TYPES, State.COMING);
    }

    /** Lets the new pair sign; returns false if there is none. */
    public synchronized boolean activate() throws IOException {
        if (all.stream().noneMatch(key -> key.state == State.COMING)) {
            return false;
        }
        for (Kept key : all) { // first the new, so that there is always one that signs
            if (key.state == State.COMING) {
                write(inState(key, State.SIGNING));
            }
        }
        for (Kept key : all) {
            if (key.state == State.SIGNING) {
                write(inState(key, State.RETIRED));
            }
        }
        all = read();
        return true;
    }

    /** Forgets a key that does not sign; returns false if there is none of that name. */
    public synchronized boolean remove(String selector) throws IOException {
        for (Kept key : all) {
            if (key.selector.equals(selector)) {
                if (key.state == State.SIGNING) {
                    throw new IOException(selector + " signs; let a newer one sign first");
                }
                Files.delete(file(selector));
                PrivateFiles.sync(folder);
                all = read();
                return true;
            }
        }
        return false;
    }

    private static Kept inState(Kept key, State state) {
        return new Kept(key.selector, key.type, state, key.shared, key.secret);
    }

    private Path file(String selector) {
        return folder.resolve(selector + ENDING);
    }

    private void make(List<String> types, State state) throws IOException {
        String day = DAY.format(clock.instant());
        char more = 'a';
        String end = day;
        while (Files.exists(file("r" + end)) || Files.exists(file("e" + end))) {
            more++;
            end = day + more;
        }
        try {
            for (String type : types) {
                write(type.equals(RSA) ? rsa("r" + end, state) : ed25519("e" + end, state));
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("keys to sign mail with cannot be made", e);
        }
        all = read();
    }

    private static Kept rsa(String selector, State state) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS); // RFC 8301 §3.2
        KeyPair pair = generator.generateKeyPair();
        return made(selector, RSA, state, pair.getPublic().getEncoded(), pair);
    }

    private static Kept ed25519(String selector, State state) throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] point = pair.getPublic().getEncoded(); // RFC 8463 §4.2: its end alone
        byte[] plain = Arrays.copyOfRange(point, point.length - ED25519_BYTES, point.length);
        return made(selector, ED25519, state, plain, pair);
    }

    private static Kept made(
            String selector, String type, State state, byte[] shared, KeyPair pair) {
        String secret =
                Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPrivate().getEncoded());
        return new Kept(selector, type, state, Base64.getEncoder().encodeToString(shared), secret);
    }

    private void write(Kept key) throws IOException {
        String text =
                """
                Type: %s
                State: %s
                Published: %s
                -----BEGIN PRIVATE KEY-----
                %s
                -----END PRIVATE KEY-----
                """
                        .formatted(key.type, key.state.word(), key.shared, key.secret);
        PrivateFiles.write(file(key.selector), text.getBytes(UTF_8));
    }

    private List<Kept> read() throws IOException {
        List<Kept> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path file : files) {
                found.add(read(file));
            }
        }
        found.sort(Comparator.comparing(Kept::selector));
        return List.copyOf(found);
    }

    private static Kept read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is no key");
        }
        Matcher form = FORM.matcher(Files.readString(file));
        if (!form.matches()) {
            throw new IOException(file + " is not as the server wrote it");
        }
        String name = String.valueOf(file.getFileName());
        return new Kept(
                name.substring(0, name.length() - ENDING.length()),
                form.group(1),
                State.valueOf(form.group(2).toUpperCase(Locale.ROOT)),
                form.group(3),
                form.group(4));
    }
}
