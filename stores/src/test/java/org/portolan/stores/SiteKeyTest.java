package org.portolan.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sealed opens with the same key, for the same purpose, unchanged; or not at all. */
class SiteKeyTest {
    @TempDir Path folder;

    private SiteKey key(String name) throws IOException {
        return SiteKey.in(folder.resolve(name));
    }

    private static StoreException.Kind refusal(SiteKey key, byte[] sealed, String purpose) {
        return catchThrowableOfType(StoreException.class, () -> key.open(sealed, purpose)).kind();
    }

    @Test
    void whatIsSealedOpensAgain() throws Exception {
        byte[] plain = "a secret".getBytes(UTF_8);
        byte[] sealed = key("key").seal(plain, "test");
        assertThat(key("key").open(sealed, "test")).isEqualTo(plain); // read again from its file
        assertThat(key("key").seal(plain, "test")).isNotEqualTo(sealed); // another nonce
        assertThat(key("key").open(key("key").seal(new byte[0], "test"), "test")).isEmpty();
    }

    @Test
    void everythingElseIsRefused() throws Exception {
        SiteKey key = key("key");
        byte[] sealed = key.seal("a secret".getBytes(UTF_8), "test");
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThat(refusal(key, changed, "test")).isEqualTo(StoreException.Kind.BROKEN);
        }
        for (int length = 0; length < sealed.length; length++) {
            byte[] shorter = Arrays.copyOf(sealed, length);
            assertThat(refusal(key, shorter, "test")).isEqualTo(StoreException.Kind.BROKEN);
        }
        assertThat(refusal(key, sealed, "another purpose")).isEqualTo(StoreException.Kind.BROKEN);
        assertThat(refusal(key("other"), sealed, "test")).isEqualTo(StoreException.Kind.BROKEN);
    }

    @Test
    void aFingerprintIsTheSameForTheSameAndForUsAlone() throws Exception {
        byte[] one = key("key").fingerprint("purpose", new byte[] {1});
        assertThat(key("key").fingerprint("purpose", new byte[] {1})).isEqualTo(one);
        assertThat(key("key").fingerprint("purpose", new byte[] {2})).isNotEqualTo(one);
        assertThat(key("key").fingerprint("other", new byte[] {1})).isNotEqualTo(one);
        assertThat(key("other").fingerprint("purpose", new byte[] {1})).isNotEqualTo(one);
        // The purpose cannot borrow from what is hashed.
        assertThat(key("key").fingerprint("a", "b".getBytes(UTF_8)))
                .isNotEqualTo(key("key").fingerprint("ab", new byte[0]));
    }

    @Test
    void theFileIsItsOwnersAndMustBeAKey() throws Exception {
        key("key");
        assertThat(Permissions.openToOthers(folder.resolve("key"))).isEmpty();
        Files.write(folder.resolve("short"), new byte[31]);
        assertThatThrownBy(() -> key("short"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a site key");
    }
}
