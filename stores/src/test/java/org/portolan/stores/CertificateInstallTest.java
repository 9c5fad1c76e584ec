package org.portolan.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.SiteCertificates.Kept;

/** Certificates that are handed in, and the site's own made anew. The others come from a site. */
class CertificateInstallTest {
    @TempDir Path folder;
    private final SteppedClock clock = new SteppedClock();
    private SiteCertificates certificates;
    private String pem;
    private String authority;
    private String key;
    private String strangersKey;

    @BeforeEach
    void open() throws Exception {
        certificates = site("mine", "site.test");
        site("other", "shop.example", "*.shop.example");
        site("stranger", "any.example");
        pem = Files.readString(folder.resolve("other/certificates/site.pem"));
        key = Files.readString(folder.resolve("other/certificates/site.key"));
        authority = Files.readString(folder.resolve("other/certificates/authority.pem"));
        strangersKey = Files.readString(folder.resolve("stranger/certificates/site.key"));
    }

    private SiteCertificates site(String name, String... names) throws Exception {
        Path root = folder.resolve(name);
        Files.createDirectories(root);
        return new SiteCertificates(root, List.of(names), clock);
    }

    private String served(String host) throws Exception {
        return PemText.namesOf(certificates.forHost(Optional.of(host)).chain().getFirst())
                .toString();
    }

    private void refused(String text, String why) {
        assertThatThrownBy(() -> certificates.install("", text))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatFitsIsServedAtOnceAndAfterARestart() throws Exception {
        Kept kept = certificates.install("", key + pem + authority);
        assertThat(kept.name()).isEqualTo("shop.example");
        assertThat(kept.chain()).hasSize(2);
        assertThat(kept.ours()).isFalse();
        assertThat(served("shop.example")).contains("shop.example");
        assertThat(served("www.shop.example")).contains("shop.example");
        assertThat(served("site.test")).contains("site.test");
        assertThat(Permissions.openToOthers(folder.resolve("mine/certificates"))).isEmpty();
        certificates = site("mine", "site.test");
        assertThat(served("shop.example")).contains("shop.example");
        assertThat(certificates.kept())
                .extracting(Kept::name)
                .containsExactly("authority", "site", "shop.example");
        assertThat(certificates.kept()).extracting(Kept::ours).containsExactly(true, true, false);
    }

    @Test
    void oneOfTheSameNameIsReplacedAndTheSitesOwnMayBe() throws Exception {
        certificates.install("shop", pem + key);
        certificates.install("shop", pem + authority + key);
        assertThat(certificates.kept()).hasSize(3);
        certificates.install("site", pem + key);
        assertThat(served("nobody.has.it")).contains("shop.example");
        assertThatThrownBy(certificates::renew).hasMessageContaining("not of the site's own");
    }

    @Test
    void whatDoesNotFitIsRefusedAndChangesNothing() throws Exception {
        refused(pem, "no private key");
        refused(key, "certificate");
        refused(pem + strangersKey, "not that of the certificate");
        refused(authority + pem + key, "");
        refused("", "no private key");
        String stranger = Files.readString(folder.resolve("stranger/certificates/authority.pem"));
        refused(pem + stranger + key, "out of order");
        refused(pem + key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), "encrypted");
        for (String name : List.of("../out", "authority", "a/b", "", "-x")) {
            if (!name.isEmpty()) {
                assertThatThrownBy(() -> certificates.install(name, pem + key))
                        .hasMessageContaining("is no name");
            }
        }
        assertThat(certificates.kept()).hasSize(2);
        clock.advance(Duration.ofDays(500));
        refused(pem + key, "was good until");
    }

    @Test
    void theSitesOwnIsMadeAnewForTheSameNames() throws Exception {
        var before = certificates.forHost(Optional.empty()).chain().getFirst();
        clock.advance(Duration.ofDays(10));
        Kept renewed = certificates.renew();
        var after = certificates.forHost(Optional.empty()).chain().getFirst();
        assertThat(after).isEqualTo(renewed.chain().getFirst()).isNotEqualTo(before);
        assertThat(after.getPublicKey()).isNotEqualTo(before.getPublicKey());
        assertThat(PemText.namesOf(after)).isEqualTo(PemText.namesOf(before));
        assertThat(after.getNotAfter()).isAfter(before.getNotAfter());
        certificates.reload(List.of("site.test")); // which sees no reason to do so again
        assertThat(certificates.forHost(Optional.empty()).chain().getFirst()).isEqualTo(after);
    }
}
