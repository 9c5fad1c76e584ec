package org.portolan.stores;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The site's certificates: its own authority and certificate, made on the first run and renewed in
 * time, and whatever an administrator puts beside them.
 *
 * <p>Every pair {@code certificates/NAME.pem} (leaf first, then its chain) and {@code NAME.key}
 * serves the names that the leaf lists. {@code site.pem} serves those that nobody else does. The
 * authority's certificate is also written to {@code ca.pem} in the data directory, for clients.
 */
public final class SiteCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(SiteCertificates.class);
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration SITE_LIFE = Duration.ofDays(397); // what clients put up with
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final String SITE = "site";
    private static final String AUTHORITY = "authority";
    private static final String AUTHORITY_NAME = "CN=Portolan site authority ";

    /** A key, decrypted, and its chain, leaf first. */
    public record Credential(PrivateKey key, List<X509Certificate> chain) {}

    private record Loaded(Credential site, Map<String, Credential> byName) {}

    private final Path root;
    private final Path folder;
    private final InstantSource clock;
    private volatile Loaded loaded;

    /**
     * Opens the certificates below the data directory {@code root}, making what is missing.
     *
     * @param names what the site's own certificate must be good for: host names and addresses
     */
    public SiteCertificates(Path root, Collection<String> names, InstantSource clock)
            throws IOException {
        this.root = root;
        this.folder = PrivateFiles.folder(root.resolve("certificates"));
        this.clock = clock;
        this.loaded = prepare(names);
    }

    /** Looks again at the folder; renews the site's certificate if its names or time ask for it. */
    public void reload(Collection<String> names) throws IOException {
        loaded = prepare(names);
    }

    private Loaded prepare(Collection<String> names) throws IOException {
        try {
            prepareAuthority();
            publishAuthority();
            if (!Files.exists(pem(SITE)) || outOfDate(names)) {
                makeSite(names);
            }
            return load();
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("the site's certificates cannot be made", e);
        }
    }

    private void prepareAuthority()
            throws IOException, GeneralSecurityException, OperatorCreationException {
        if (!Files.exists(pem(AUTHORITY))) {
            forgetOrphan();
            KeyPair pair = newKeyPair();
            PrivateFiles.write(key(AUTHORITY), pemOf(pair.getPrivate()));
            String number = newSerial().toString(16).substring(0, 8);
            makeAuthority(
                    new X500Name(AUTHORITY_NAME + number), pair.getPublic(), pair.getPrivate());
        }
        X509Certificate authority = readChain(AUTHORITY).getFirst();
        Instant end = authority.getNotAfter().toInstant();
        if (end.isBefore(clock.instant().plus(SITE_LIFE).plus(RENEW_BEFORE))) {
            // the same name and key: as long as both are valid, clients may trust either
            X500Name name = X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
            makeAuthority(name, authority.getPublicKey(), read(AUTHORITY).key());
            LOG.warn("renewed the site's authority: clients need the new ca.pem before {}", end);
        }
    }

    /** What an authority vouched for that was taken away would be taken for an administrator's. */
    private void forgetOrphan() throws IOException, GeneralSecurityException {
        if (Files.exists(pem(SITE))) {
            X509Certificate leaf = readChain(SITE).getFirst();
            if (leaf.getIssuerX500Principal().getName().startsWith(AUTHORITY_NAME)) {
                Files.delete(pem(SITE));
            }
        }
    }

    private Path pem(String name) {
        return folder.resolve(name + ".pem");
    }

    private Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** The credential for the name a client asked for, or the site's own. */
    public Credential forHost(Optional<String> asked) {
        Loaded now = loaded;
        if (asked.isEmpty()) {
            return now.site;
        }
        String host = asked.get().toLowerCase(Locale.ROOT);
        Credential exact = now.byName.get(host);
        if (exact != null) {
            return exact;
        }
        int dot = host.indexOf('.');
        Credential wild = dot < 0 ? null : now.byName.get("*" + host.substring(dot));
        return wild == null ? now.site : wild;
    }

    // ---- what an administrator asks for

    /**
     * One of the certificates, as it lies in the folder.
     *
     * @param ours whether it was made here, and is renewed by itself
     */
    public record Kept(String name, Path file, List<X509Certificate> chain, boolean ours) {}

    /** Every certificate: the authority, the site's own, then the others by name. */
    public List<Kept> kept() throws IOException {
        List<Kept> all = new ArrayList<>();
        try {
            for (String name : pairs()) {
                List<X509Certificate> chain = readChain(name);
                boolean ours = name.equals(AUTHORITY) || isOurs(chain.getFirst());
                all.add(new Kept(name, pem(name), chain, ours));
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("a certificate cannot be read: " + e.getMessage(), e);
        }
        return all;
    }

    private List<String> pairs() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.pem")) {
            for (Path file : files) {
                String fileName = file.getFileName().toString();
                String name = fileName.substring(0, fileName.length() - ".pem".length());
                if (Files.exists(key(name))) {
                    names.add(name);
                }
            }
        }
        List<String> last = List.of(SITE, AUTHORITY); // backwards: who is not in it has -1
        names.sort(
                Comparator.comparingInt((String name) -> -last.indexOf(name))
                        .thenComparing(Comparator.naturalOrder()));
        return names;
    }

    /**
     * Takes a certificate of somebody else's authority; it is served when this returns.
     *
     * @param wanted the name of its files, or empty for that of the first host it is good for;
     *     {@code site} takes the place of the site's own
     * @param pem the certificate, the chain behind it, and the key, in one text
     * @return as it is kept
     * @throws StoreException if it cannot be used, for the reason in the message
     */
    public Kept install(String wanted, String pem) throws IOException, StoreException {
        Credential checked = NewCertificate.check(pem, clock.instant());
        X509Certificate leaf = checked.chain().getFirst();
        try {
            String name =
                    wanted.isEmpty() ? NewCertificate.fileName(PemText.namesOf(leaf)) : wanted;
            NewCertificate.checkFileName(name);
            replace(name, pemOf(checked.key()), pemOf(checked.chain()));
            loaded = load();
            return new Kept(name, pem(name), checked.chain(), isOurs(leaf));
        } catch (GeneralSecurityException e) {
            throw new IOException("it cannot be kept: " + e.getMessage(), e);
        }
    }

    /** After a crash in the midst of this there is no such pair, never one that does not fit. */
    private void replace(String name, byte[] key, byte[] pem) throws IOException {
        Files.deleteIfExists(pem(name));
        PrivateFiles.write(key(name), key);
        PrivateFiles.write(pem(name), pem);
    }

    private static byte[] pemOf(List<X509Certificate> chain)
            throws IOException, GeneralSecurityException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (X509Certificate certificate : chain) {
            all.write(pemOf(certificate));
        }
        return all.toByteArray();
    }

    /**
     * Makes the site's own certificate anew, with a new key, for the names it has; it is served
     * when this returns.
     *
     * @throws StoreException if somebody else's is in its place
     */
    public Kept renew() throws IOException, StoreException {
        try {
            X509Certificate leaf = readChain(SITE).getFirst();
            if (!isOurs(leaf)) {
                throw new StoreException(
                        StoreException.Kind.REFUSED,
                        "site.pem is not of the site's own authority: whoever issued it renews it;"
                                + " then `portolan certificate install`");
            }
            makeSite(canonicalNamesOf(leaf));
            loaded = load();
            return new Kept(SITE, pem(SITE), readChain(SITE), true);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("the certificate cannot be made: " + e.getMessage(), e);
        }
    }

    // ---- reading

    private Loaded load() throws IOException, GeneralSecurityException {
        Credential site = read(SITE);
        Map<String, Credential> byName = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.pem")) {
            for (Path file : files) {
                String fileName = file.getFileName().toString();
                String name = fileName.substring(0, fileName.length() - ".pem".length());
                if (!name.equals(SITE) && !name.equals(AUTHORITY) && Files.exists(key(name))) {
                    Credential credential = read(name);
                    PemText.namesOf(credential.chain().getFirst())
                            .forEach(host -> byName.put(host, credential));
                }
            }
        }
        return new Loaded(site, byName);
    }

    private Credential read(String name) throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = readChain(name);
        X509Certificate leaf = chain.getFirst();
        try {
            PrivateKey key = readKey(name, leaf);
            boolean ours = name.equals(AUTHORITY) || isOurs(leaf);
            if (ours || PemText.fits(key, leaf)) { // a strange pair would fail every handshake
                return new Credential(key, chain);
            }
        } catch (InvalidKeySpecException | InvalidKeyException | SignatureException otherKind) {
            throw new IOException(strangers(name), otherKind);
        }
        throw new IOException(strangers(name));
    }

    private String strangers(String name) {
        return key(name) + " is not the key of " + pem(name);
    }

    private List<X509Certificate> readChain(String name)
            throws IOException, GeneralSecurityException {
        return PemText.chain(Files.readString(pem(name)), pem(name).toString());
    }

    private PrivateKey readKey(String name, X509Certificate leaf)
            throws IOException, GeneralSecurityException {
        return PemText.key(Files.readString(key(name)), key(name).toString(), leaf);
    }

    private boolean outOfDate(Collection<String> names)
            throws IOException, GeneralSecurityException {
        X509Certificate leaf = readChain(SITE).getFirst();
        Instant renew = leaf.getNotAfter().toInstant().minus(RENEW_BEFORE);
        Set<String> wanted = new LinkedHashSet<>();
        names.forEach(name -> wanted.add(canonical(name)));
        // a certificate that an administrator put in our place is left alone
        return isOurs(leaf)
                && (clock.instant().isAfter(renew) || !canonicalNamesOf(leaf).equals(wanted));
    }

    private boolean isOurs(X509Certificate leaf) throws IOException, GeneralSecurityException {
        X509Certificate authority = readChain(AUTHORITY).getFirst();
        return leaf.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    }

    private static Set<String> canonicalNamesOf(X509Certificate leaf)
            throws GeneralSecurityException {
        Set<String> names = new LinkedHashSet<>();
        PemText.namesOf(leaf).forEach(name -> names.add(canonical(name)));
        return names;
    }

    /** One spelling for {@code ::1} and {@code 0:0:0:0:0:0:0:1}; host names in ASCII. */
    private static String canonical(String name) {
        return isAddress(name)
                ? java.net.InetAddress.ofLiteral(name).getHostAddress()
                : IDN.toASCII(name.toLowerCase(Locale.ROOT), IDN.ALLOW_UNASSIGNED);
    }

    private static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    }

    // ---- making

    private void makeAuthority(X500Name name, PublicKey publicKey, PrivateKey privateKey)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Instant now = clock.instant();
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        name,
                        newSerial(),
                        Date.from(now.minus(Duration.ofHours(1))),
                        Date.from(now.plus(AUTHORITY_LIFE)),
                        name,
                        publicKey);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(publicKey));
        PrivateFiles.write(pem(AUTHORITY), pemOf(sign(builder, privateKey)));
    }

    /** For clients; again where a restored backup lacks it, or holds another's. */
    private void publishAuthority() throws IOException {
        Path forClients = root.resolve("ca.pem");
        byte[] certificate = Files.readAllBytes(pem(AUTHORITY));
        if (!Files.exists(forClients)
                || !Arrays.equals(Files.readAllBytes(forClients), certificate)) {
            PrivateFiles.write(forClients, certificate);
            Files.setPosixFilePermissions(forClients, PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    private void makeSite(Collection<String> names)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Credential authority = read(AUTHORITY);
        X509Certificate issuer = authority.chain().getFirst();
        KeyPair pair = newKeyPair();
        Instant now = clock.instant();
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        issuer,
                        newSerial(),
                        Date.from(now.minus(Duration.ofHours(1))),
                        Date.from(now.plus(SITE_LIFE)),
                        new javax.security.auth.x500.X500Principal("CN=Portolan site"),
                        pair.getPublic());
        addSiteExtensions(builder, names, issuer, pair);
        X509Certificate certificate = sign(builder, authority.key());
        // key first: a crash between the two leaves the old certificate's absence to be noticed
        Files.deleteIfExists(pem(SITE));
        PrivateFiles.write(key(SITE), pemOf(pair.getPrivate()));
        PrivateFiles.write(pem(SITE), pemOf(certificate));
        LOG.info("made the site's certificate, good for {}", names);
    }

    private static void addSiteExtensions(
            X509v3CertificateBuilder builder,
            Collection<String> names,
            X509Certificate issuer,
            KeyPair pair)
            throws CertIOException, GeneralSecurityException {
        GeneralName[] alternatives =
                names.stream()
                        .map(
                                name ->
                                        new GeneralName(
                                                isAddress(name)
                                                        ? GeneralName.iPAddress
                                                        : GeneralName.dNSName,
                                                canonical(name)))
                        .toArray(GeneralName[]::new);
        JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
        builder.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                // by its key alone: the authority's own certificate may be renewed
                ids.createAuthorityKeyIdentifier(issuer.getPublicKey()));
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                ids.createSubjectKeyIdentifier(pair.getPublic()));
    }

    private static KeyPair newKeyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static BigInteger newSerial() {
        return new BigInteger(127, new SecureRandom()).setBit(126);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey with)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(with)));
    }

    private static byte[] pemOf(X509Certificate certificate)
            throws IOException, GeneralSecurityException {
        return armoured("CERTIFICATE", certificate.getEncoded());
    }

    /** As PKCS #8, which names the curve; the older form for EC keys would have to say it twice. */
    private static byte[] pemOf(PrivateKey key) throws IOException {
        return armoured("PRIVATE KEY", key.getEncoded());
    }

    private static byte[] armoured(String type, byte[] encoded) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, encoded));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
