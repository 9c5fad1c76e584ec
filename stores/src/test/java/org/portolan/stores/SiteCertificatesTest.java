package org.portolan.stores;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.SiteCertificates.Credential;

class SiteCertificatesTest {
    private static final List<String> NAMES = List.of("here.example", "localhost", "127.0.0.1");

    @TempDir private Path root;

    @Test
    void theFirstRunMakesAnAuthorityAndACertificateThatItVouchesFor() throws Exception {
        Credential site = open(NAMES).forHost(Optional.of("here.example"));
        assertThat(site.chain().getFirst().getSubjectAlternativeNames()).hasSize(NAMES.size());
        site.chain().getFirst().verify(authority());
        assertPair(site);
    }

    @Test
    void theNextRunServesTheSameKeyReadFromItsFile() throws Exception {
        Credential first = open(NAMES).forHost(Optional.empty());
        Credential second = open(NAMES).forHost(Optional.empty());
        assertThat(second.chain()).isEqualTo(first.chain());
        assertPair(second);
    }

    @Test
    void anotherNameMakesAnotherCertificateOfTheSameAuthority() throws Exception {
        Credential first = open(NAMES).forHost(Optional.empty());
        Credential second = open(List.of("there.example")).forHost(Optional.empty());
        assertThat(second.chain()).isNotEqualTo(first.chain());
        second.chain().getFirst().verify(authority());
        assertPair(second);
    }

    @Test
    void theAuthorityIsThereForClientsAgainAfterItWasLost() throws Exception {
        Credential site = open(NAMES).forHost(Optional.empty());
        Files.delete(root.resolve("ca.pem"));
        open(NAMES);
        site.chain().getFirst().verify(authority());
    }

    @Test
    void aPairBesideOursServesItsNames() throws Exception {
        SiteCertificates certificates = open(NAMES);
        borrowFrom(List.of("mail.other.example", "*.wild.example"), "other");
        certificates.reload(NAMES);
        Credential ours = certificates.forHost(Optional.empty());
        Credential other = certificates.forHost(Optional.of("MAIL.other.example"));
        assertThat(other.chain()).isNotEqualTo(ours.chain());
        assertPair(other);
        assertThat(certificates.forHost(Optional.of("a.wild.example"))).isEqualTo(other);
        assertThat(certificates.forHost(Optional.of("wild.example"))).isEqualTo(ours);
    }

    @Test
    void whatIsNoPairIsRefusedByNameAndWhatWasServedStays() throws Exception {
        SiteCertificates certificates = open(NAMES);
        Credential before = certificates.forHost(Optional.empty());
        borrowFrom(List.of("mail.other.example"), "other");
        Path folder = root.resolve("certificates");

        Files.copy(folder.resolve("site.key"), folder.resolve("other.key"), REPLACE_EXISTING);
        assertThatThrownBy(() -> certificates.reload(NAMES))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other.key is not the key of");

        Files.writeString(folder.resolve("other.pem"), "-----BEGIN CERTIFICATE-----\nno\n");
        assertThatThrownBy(() -> certificates.reload(NAMES))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other.pem is no certificate");

        Files.writeString(folder.resolve("other.pem"), "");
        assertThatThrownBy(() -> certificates.reload(NAMES))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other.pem holds no certificate");
        assertThat(certificates.forHost(Optional.empty())).isEqualTo(before);
    }

    /** Puts the certificate and key of another site into ours, as {@code name}. */
    private void borrowFrom(List<String> names, String name) throws IOException {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        new SiteCertificates(elsewhere, names, InstantSource.system());
        for (String kind : List.of(".pem", ".key")) {
            Files.copy(
                    elsewhere.resolve("certificates").resolve("site" + kind),
                    root.resolve("certificates").resolve(name + kind));
        }
    }

    private SiteCertificates open(List<String> names) throws IOException {
        return new SiteCertificates(root, names, InstantSource.system());
    }

    private PublicKey authority() throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(root.resolve("ca.pem"))) {
            return java.security.cert.CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey();
        }
    }

    /** The private key signs what the certificate's public key verifies. */
    private static void assertPair(Credential credential) throws GeneralSecurityException {
        byte[] text = {1, 2, 3};
        Signature signature = Signature.getInstance("SHA256withECDSA");
        PrivateKey key = credential.key();
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(credential.chain().getFirst());
        signature.update(text);
        assertThat(signature.verify(signed)).isTrue();
    }
}
