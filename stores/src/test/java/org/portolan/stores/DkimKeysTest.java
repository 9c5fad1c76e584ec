package org.portolan.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.DkimKeys.State;

class DkimKeysTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2027-01-15T12:00:00Z"));

    @TempDir Path root;

    @Test
    void keysAreMadeKeptRotatedAndForgotten() throws Exception {
        DkimKeys keys = new DkimKeys(root, CLOCK);
        assertThat(keys.all()).isEmpty();
        assertThat(keys.begin()).isTrue();
        assertThat(keys.begin()).isFalse();
        assertThat(keys.signing())
                .extracting(DkimKeys.Kept::selector)
                .containsExactly("e20270115", "r20270115");
        keys.rotate();
        assertThatThrownBy(keys::rotate).isInstanceOf(IOException.class);
        assertThat(new DkimKeys(root, CLOCK).all()).isEqualTo(keys.all()).hasSize(4);
        assertThat(keys.activate()).isTrue();
        assertThat(keys.activate()).isFalse();
        assertThat(keys.signing())
                .extracting(DkimKeys.Kept::selector)
                .containsExactly("e20270115b", "r20270115b");
        assertThatThrownBy(() -> keys.remove("r20270115b")).hasMessageContaining("signs");
        assertThat(keys.remove("r20270115")).isTrue();
        assertThat(keys.remove("../site")).isFalse();
        for (DkimKeys.Kept kept : keys.all()) {
            assertThat(kept.key().getEncoded()).isNotEmpty();
            assertThat(kept.text()).startsWith("v=DKIM1; k=" + kept.type() + "; p=");
        }
        assertThat(keys.all()).extracting(DkimKeys.Kept::state).contains(State.RETIRED);
    }

    @Test
    void whatAStopLeftOutOfTheFirstPairIsMadeNext() throws Exception {
        new DkimKeys(root, CLOCK).begin();
        for (String lost : List.of("e20270115", "r20270115")) {
            Files.delete(root.resolve("dkim").resolve(lost + ".key"));
            DkimKeys keys = new DkimKeys(root, CLOCK);
            assertThat(keys.begin()).isTrue();
            assertThat(keys.begin()).isFalse();
            assertThat(keys.signing())
                    .extracting(DkimKeys.Kept::type)
                    .containsExactlyInAnyOrder("ed25519", "rsa");
        }
    }

    @Test
    void onlyTheOwnerReadsThem() throws Exception {
        DkimKeys keys = new DkimKeys(root, CLOCK);
        keys.begin();
        Path file = root.resolve("dkim").resolve(keys.all().getFirst().selector() + ".key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.write(file, List.of("State: signing"));
        assertThatThrownBy(() -> new DkimKeys(root, CLOCK)).hasMessageContaining(file.toString());
    }
}
