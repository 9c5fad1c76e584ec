package org.portolan.shell.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.AEADBadTagException;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.junit.jupiter.api.Test;

/** The tag against the RFC's numbers, the cipher against the library's own. */
class ChaCha20Poly1305Test {
    private static final HexFormat HEX = HexFormat.of();
    private static final int TAG = 16;

    // RFC 8439 §2.5.2
    @Test
    void theTagOfTheRfc() {
        String key = "85d6be7857556d337f4452fe42d506a8" + "0103808afb0db2fd4abff6af4149f51b";
        byte[] text = "Cryptographic Forum Research Group".getBytes();
        assertThat(tag(key, text)).isEqualTo("a8061dc1305136c6c22b8baf0c0127a9");
    }

    // RFC 8439 §A.3, those in which something is carried, or just not
    @Test
    void tagsAtTheEdges() {
        String two = "02" + "00".repeat(31);
        String one = "01" + "00".repeat(31);
        String all = "ff".repeat(16);
        assertThat(tag(two, all)).isEqualTo("03" + "00".repeat(15)); // 7
        assertThat(tag("02" + "00".repeat(15) + all, "02" + "00".repeat(15)))
                .isEqualTo("03" + "00".repeat(15)); // 8
        assertThat(tag(one, all + "f0" + "ff".repeat(15) + "11" + "00".repeat(15)))
                .isEqualTo("05" + "00".repeat(15)); // 9
        assertThat(tag(one, all + "fb" + "fe".repeat(15) + "01".repeat(16)))
                .isEqualTo("00".repeat(16)); // 10
        assertThat(tag(two, "fd" + "ff".repeat(15))).isEqualTo("fa" + "ff".repeat(15)); // 11
    }

    private static String tag(String key, String hex) {
        return tag(key, HEX.parseHex(hex));
    }

    private static String tag(String key, byte[] text) {
        Poly1305 mac = new Poly1305();
        mac.begin(HEX.parseHex(key));
        mac.add(text, 0, 3);
        mac.add(text, 3, text.length - 3);
        byte[] tag = new byte[Poly1305.TAG_BYTES];
        mac.end(tag, 0);
        return HEX.formatHex(tag);
    }

    @Test
    void whatOneEncryptsTheOtherDecrypts() throws Exception {
        byte[] key = new byte[64];
        Random random = new Random(8439);
        random.nextBytes(key);
        byte[] iv = {0, 0, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xf0};
        Cipher ours = new ChaCha20Poly1305();
        Cipher back = new ChaCha20Poly1305();
        Cipher theirs = BuiltinCiphers.cc20p1305_openssh.create();
        ours.init(Cipher.Mode.Encrypt, key, iv);
        back.init(Cipher.Mode.Decrypt, key, iv);
        theirs.init(Cipher.Mode.Encrypt, key, iv);
        for (int i = 0; i < 300; i++) { // the number goes over its end
            int length = 8 * (1 + random.nextInt(i % 10 == 0 ? 4096 : 20));
            byte[] plain = new byte[4 + length + TAG];
            random.nextBytes(plain);
            Arrays.fill(plain, 4 + length, plain.length, (byte) 0);
            byte[] packet = plain.clone();
            byte[] same = plain.clone();
            ours.updateWithAAD(packet, 0, 4, length);
            theirs.updateWithAAD(same, 0, 4, length);
            assertThat(packet).isEqualTo(same);
            back.updateWithAAD(packet, 0, 4, length);
            assertThat(Arrays.copyOf(packet, 4 + length))
                    .isEqualTo(Arrays.copyOf(plain, 4 + length));
        }
    }

    @Test
    void whatWasChangedIsNoticed() throws Exception {
        Cipher ours = new ChaCha20Poly1305();
        ours.init(Cipher.Mode.Encrypt, new byte[64], new byte[8]);
        byte[] packet = new byte[4 + 64 + TAG];
        ours.updateWithAAD(packet, 0, 4, 64);
        for (int at : new int[] {0, 4, 40, 4 + 64, packet.length - 1}) {
            Cipher back = new ChaCha20Poly1305();
            back.init(Cipher.Mode.Decrypt, new byte[64], new byte[8]);
            byte[] changed = packet.clone();
            changed[at] ^= 1;
            assertThatExceptionOfType(AEADBadTagException.class)
                    .isThrownBy(() -> back.updateWithAAD(changed, 0, 4, 64));
        }
    }
}
