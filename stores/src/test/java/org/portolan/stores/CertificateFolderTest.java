package org.portolan.stores;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.stores.SiteCertificates.Credential;

/** The site's own certificates in the course of time, and those an administrator puts beside. */
class CertificateFolderTest {
    private static final List<String> NAMES = List.of("site.test", "localhost", "127.0.0.1", "::1");

    @TempDir Path root;
    private final SteppedClock clock = new SteppedClock();
    private Path folder;

    @BeforeEach
    void name() {
        folder = root.resolve("certificates");
    }

    private SiteCertificates open(String... names) throws IOException {
        return new SiteCertificates(root, names.length == 0 ? NAMES : List.of(names), clock);
    }

    private static X509Certificate leaf(SiteCertificates certificates, String... host) {
        Optional<String> asked = host.length == 0 ? Optional.empty() : Optional.of(host[0]);
        return certificates.forHost(asked).chain().getFirst();
    }

    private X509Certificate authority() throws Exception {
        try (InputStream in = Files.newInputStream(root.resolve("ca.pem"))) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /** As a client does that was given {@code ca.pem}, at the clock's time. */
    private void assertTrusted(Credential credential) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority(), null)));
        parameters.setRevocationEnabled(false);
        authority().checkValidity(Date.from(clock.instant())); // which PKIX leaves to the client
        parameters.setDate(Date.from(clock.instant()));
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509")
                                .generateCertPath(credential.chain()),
                        parameters);
    }

    private static Set<String> names(X509Certificate leaf) throws Exception {
        Set<String> names = new TreeSet<>();
        leaf.getSubjectAlternativeNames().forEach(name -> names.add(name.get(1).toString()));
        return names;
    }

    // ---- the site's own

    @Test
    void theFirstRunMakesAllThatAClientNeeds() throws Exception {
        SiteCertificates certificates = open();
        assertTrusted(certificates.forHost(Optional.empty()));
        X509Certificate leaf = leaf(certificates);
        assertThat(names(leaf))
                .containsExactlyInAnyOrder(
                        "site.test", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1"); // serverAuth
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1); // no authority itself
        assertThat(authority().getBasicConstraints()).isZero(); // none below it
        assertThat(Duration.between(clock.instant(), leaf.getNotAfter().toInstant()))
                .isLessThanOrEqualTo(Duration.ofDays(398)); // what clients put up with
        assertThat(Permissions.openToOthers(folder)).isEmpty();
        assertThat(Permissions.of(root.resolve("ca.pem"))).isEqualTo("rw-r--r--");
    }

    @Test
    void aRestartChangesNothing() throws Exception {
        X509Certificate first = leaf(open());
        assertThat(leaf(open())).isEqualTo(first);
        assertThat(leaf(open("::1", "127.0.0.1", "LOCALHOST", "site.test"))).isEqualTo(first);
    }

    @Test
    void otherNamesAndTheCourseOfTimeRenewIt() throws Exception {
        SiteCertificates certificates = open();
        X509Certificate first = leaf(certificates);
        X509Certificate ca = authority();
        certificates.reload(List.of("site.test", "new.test"));
        X509Certificate second = leaf(certificates);
        assertThat(names(second)).containsExactlyInAnyOrder("site.test", "new.test");
        assertThat(second.getSerialNumber()).isNotEqualTo(first.getSerialNumber());

        clock.advance(Duration.ofDays(366));
        certificates.reload(List.of("site.test", "new.test"));
        assertThat(leaf(certificates)).isEqualTo(second); // not before its time
        clock.advance(Duration.ofDays(2));
        certificates.reload(List.of("site.test", "new.test"));
        X509Certificate third = leaf(certificates);
        assertThat(third).isNotEqualTo(second);
        assertTrusted(certificates.forHost(Optional.empty()));
        assertThat(authority()).isEqualTo(ca); // clients need not be told
    }

    @Test
    void theAuthorityIsRenewedWithTimeForClientsToFollow() throws Exception {
        SiteCertificates certificates = open();
        X509Certificate before = authority();
        for (int month = 0; month < 12 * 21; month++) { // it lives for ten years
            clock.advance(Duration.ofDays(30));
            certificates.reload(NAMES);
            Credential site = certificates.forHost(Optional.empty());
            assertTrusted(site);
            X509Certificate now = authority();
            if (!now.equals(before)) {
                // Who still has the old one gets along with it until it ends, more than a year.
                site.chain().getFirst().verify(before.getPublicKey());
                assertThat(now.getSubjectX500Principal())
                        .isEqualTo(before.getSubjectX500Principal());
                assertThat(before.getNotAfter().toInstant())
                        .isAfter(clock.instant().plus(Duration.ofDays(390)));
                before = now;
            }
            assertThat(site.chain().getFirst().getNotAfter()).isBefore(now.getNotAfter());
        }
    }

    @Test
    void aNewAuthorityMakesANewCertificate() throws Exception {
        SiteCertificates certificates = open();
        assertTrusted(certificates.forHost(Optional.empty()));
        Files.delete(folder.resolve("authority.pem"));
        Files.delete(folder.resolve("authority.key"));
        certificates.reload(NAMES);
        assertTrusted(certificates.forHost(Optional.empty()));
        assertPair(certificates.forHost(Optional.empty()));
    }

    @Test
    void aCrashBetweenKeyAndCertificateIsMended() throws Exception {
        SiteCertificates certificates = open();
        X509Certificate first = leaf(certificates);
        Files.delete(folder.resolve("site.pem"));
        Files.delete(root.resolve("ca.pem"));
        SiteCertificates again = open();
        assertThat(leaf(again)).isNotEqualTo(first);
        assertTrusted(again.forHost(Optional.empty())); // ca.pem is there again, too
        assertPair(again.forHost(Optional.empty()));
    }

    @Test
    void aNameInAnotherScriptIsWrittenAsClientsAskForIt() throws Exception {
        SiteCertificates certificates = open("b\u00fccher.test", "site.test");
        assertThat(names(leaf(certificates)))
                .containsExactlyInAnyOrder("xn--bcher-kva.test", "site.test");
        X509Certificate first = leaf(certificates);
        assertThat(leaf(open("b\u00fccher.test", "site.test"))).isEqualTo(first);
    }

    // ---- an administrator's

    /** A pair of the administrator's own in the folder. */
    private X509Certificate put(String file, String form, Instant until, String... names)
            throws Exception {
        boolean rsa = form.startsWith("RSA");
        KeyPairGenerator generator = KeyPairGenerator.getInstance(rsa ? "RSA" : "EC");
        if (!rsa) {
            generator.initialize(new ECGenParameterSpec("secp384r1"));
        }
        KeyPair keys = generator.generateKeyPair();
        X500Name issuer = new X500Name("CN=Somebody else");
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        issuer,
                        BigInteger.valueOf(System.nanoTime()),
                        Date.from(clock.instant().minus(Duration.ofDays(1))),
                        Date.from(until),
                        issuer,
                        keys.getPublic());
        List<GeneralName> all = new ArrayList<>();
        for (String name : names) {
            all.add(new GeneralName(GeneralName.dNSName, name));
        }
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(all.toArray(GeneralName[]::new)));
        String signature = rsa ? "SHA256withRSA" : "SHA384withECDSA";
        X509Certificate certificate =
                new JcaX509CertificateConverter()
                        .getCertificate(
                                builder.build(
                                        new JcaContentSignerBuilder(signature)
                                                .build(keys.getPrivate())));
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(file + ".pem"), pem("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(folder.resolve(file + ".key"), keyText(form, keys.getPrivate()));
        return certificate;
    }

    private static String keyText(String form, PrivateKey key) throws Exception {
        byte[] pkcs8 = key.getEncoded();
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pkcs8);
        byte[] older = info.parsePrivateKey().toASN1Primitive().getEncoded();
        String parameters =
                pem(
                        "EC PARAMETERS",
                        info.getPrivateKeyAlgorithm()
                                .getParameters()
                                .toASN1Primitive()
                                .getEncoded());
        return switch (form) {
            case "EC", "RSA" -> pem("PRIVATE KEY", pkcs8);
            case "EC one line" -> // as some tools write it
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getEncoder().encodeToString(pkcs8)
                            + "\n-----END PRIVATE KEY-----";
            case "EC with words" -> "Bag Attributes\n  name: x\n" + pem("PRIVATE KEY", pkcs8);
            case "EC SEC1" -> parameters + pem("EC PRIVATE KEY", older);
            case "RSA PKCS1" -> pem("RSA PRIVATE KEY", older);
            default -> throw new AssertionError(form);
        };
    }

    private static String pem(String type, byte[] der) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, der));
        }
        return text.toString();
    }

    private static void assertPair(Credential credential) throws Exception {
        String kind = credential.chain().getFirst().getPublicKey().getAlgorithm();
        Signature signature =
                Signature.getInstance(kind.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(credential.key());
        signature.update("text".getBytes(US_ASCII));
        byte[] signed = signature.sign();
        signature.initVerify(credential.chain().getFirst());
        signature.update("text".getBytes(US_ASCII));
        assertThat(signature.verify(signed)).isTrue();
    }

    private Instant inAYear() {
        return clock.instant().plus(Duration.ofDays(365));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "EC one line", "EC with words", "EC SEC1", "RSA", "RSA PKCS1"})
    void everyUsualFormOfAKeyIsRead(String form) throws Exception {
        X509Certificate put = put("mail", form, inAYear(), "mail.test");
        SiteCertificates certificates = open();
        assertThat(leaf(certificates, "mail.test")).isEqualTo(put);
        assertPair(certificates.forHost(Optional.of("mail.test")));
    }

    @Test
    void theNameChooses() throws Exception {
        X509Certificate mail = put("mail", "EC", inAYear(), "mail.test", "Mail.Example.ORG");
        X509Certificate wild = put("wild", "EC", inAYear(), "*.wild.test");
        SiteCertificates certificates = open();
        assertThat(leaf(certificates, "mail.test")).isEqualTo(mail);
        assertThat(leaf(certificates, "MAIL.example.org")).isEqualTo(mail);
        assertThat(leaf(certificates, "a.wild.test")).isEqualTo(wild);
        X509Certificate site = leaf(certificates);
        assertThat(leaf(certificates, "a.b.wild.test")).isEqualTo(site); // one label: RFC 9525 §6.3
        assertThat(leaf(certificates, "wild.test")).isEqualTo(site);
        assertThat(leaf(certificates, "nobody.test")).isEqualTo(site);
        assertThat(leaf(certificates, "")).isEqualTo(site);
        assertThat(leaf(certificates, ".")).isEqualTo(site);
    }

    @Test
    void whatIsPutThereCountsAfterAReload() throws Exception {
        SiteCertificates certificates = open();
        X509Certificate put = put("mail", "EC", inAYear(), "mail.test");
        assertThat(leaf(certificates, "mail.test")).isNotEqualTo(put);
        certificates.reload(NAMES);
        assertThat(leaf(certificates, "mail.test")).isEqualTo(put);
        Files.delete(folder.resolve("mail.pem"));
        certificates.reload(NAMES);
        assertThat(leaf(certificates, "mail.test")).isEqualTo(leaf(certificates));
    }

    @Test
    void aCertificateInTheSitesPlaceIsLeftAlone() throws Exception {
        SiteCertificates certificates = open();
        X509Certificate put =
                put("site", "EC", clock.instant().plus(Duration.ofDays(5)), "other.test");
        certificates.reload(NAMES);
        assertThat(leaf(certificates)).isEqualTo(put); // other names, and soon over: not ours
        clock.advance(Duration.ofDays(10));
        assertThat(leaf(open())).isEqualTo(put);
    }

    @Test
    void whatCannotBeUsedIsNamed() throws Exception {
        put("mail", "EC", inAYear(), "mail.test");
        put("web", "EC", inAYear(), "web.test");
        Files.copy(
                folder.resolve("web.key"),
                folder.resolve("mail.key"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mail.key"); // of another certificate
        Files.writeString(folder.resolve("mail.key"), "rubbish");
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mail.key");
        put("mail", "EC", inAYear(), "mail.test");
        Files.writeString(folder.resolve("mail.pem"), "rubbish");
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mail.pem");
        Files.writeString(
                folder.resolve("mail.pem"),
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mail.pem");
    }

    @Test
    void aFailedReloadLeavesWhatIsServed() throws Exception {
        SiteCertificates certificates = open();
        X509Certificate put = put("mail", "EC", inAYear(), "mail.test");
        certificates.reload(NAMES);
        Files.writeString(folder.resolve("mail.key"), "rubbish");
        assertThatThrownBy(() -> certificates.reload(NAMES)).isInstanceOf(IOException.class);
        assertThat(leaf(certificates, "mail.test")).isEqualTo(put);
    }
}
