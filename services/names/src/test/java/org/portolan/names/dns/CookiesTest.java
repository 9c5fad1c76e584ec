package org.portolan.names.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 9018, appendix A, and how old a cookie may be. */
class CookiesTest {
    private static final String CLIENT = "2464c4abcf10c957";
    private static final String OURS = "010000005cf79f111f8130c3eee29480";
    private static final int MADE = 1559731985;

    private final byte[] here = address("198.51.100.100");
    private final Cookies cookies = new Cookies(NamesSite.SECRET);

    private static byte[] address(String text) {
        return InetAddress.ofLiteral(text).getAddress();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private boolean check(String cookie, byte[] address, int now) {
        byte[] bytes = hex(cookie);
        return cookies.check(bytes, 0, bytes.length, address, now);
    }

    private String answer() {
        return HexFormat.of().formatHex(cookies.answer());
    }

    @Test
    void whoHasNoneGetsOne() {
        assertThat(check(CLIENT, here, MADE)).isFalse();
        assertThat(answer()).isEqualTo(CLIENT + OURS); // A.1
    }

    @Test
    void anOldOneIsGoodAndRenewed() { // A.2
        assertThat(check(CLIENT + OURS, here, 1559734385)).isTrue();
        assertThat(answer()).isEqualTo(CLIENT + "010000005cf7a871d4a564a1442aca77");
    }

    @Test
    void zerosInTheMiddleMayBeOthers() { // A.3
        byte[] there = address("203.0.113.203");
        String old = "fc93fc62807ddb86" + "01abcdef5cf78f71a314227b6679ebf5";
        assertThat(check(old, there, 0x5cf78f71)).isTrue();
        assertThat(check(old, there, 1559734700)).isFalse();
        assertThat(answer()).isEqualTo("fc93fc62807ddb86" + "010000005cf7a9acf73a7810aca2381e");
    }

    @Test
    void anIpv6AddressCountsWhole() { // A.4
        Cookies other = new Cookies(hex("445536bcd2513298075a5d379663c962"));
        byte[] old = hex("22681ab97d52c298" + "010000005cf7c57926556bd0934c72f8");
        byte[] there = address("2001:db8:220:1:59de:d0f4:8769:82b8");
        assertThat(other.check(old, 0, old.length, there, 0x5cf7c609)).isFalse();
        assertThat(HexFormat.of().formatHex(other.answer()))
                .isEqualTo("22681ab97d52c298" + "010000005cf7c609a6bb79d16625507a");
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1800, true", "3600, true", "3601, false", "-300, true", "-301, false"})
    void itIsGoodForAnHour(int age, boolean good) {
        assertThat(check(CLIENT + OURS, here, MADE + age)).isEqualTo(good);
    }

    @Test
    void anotherAddressesOrAForgedOneIsNone() {
        assertThat(check(CLIENT + OURS, address("198.51.100.101"), MADE)).isFalse();
        assertThat(check(CLIENT + OURS.replace("94", "95"), here, MADE)).isFalse();
        assertThat(check(CLIENT + OURS.replaceFirst("01", "02"), here, MADE)).isFalse();
        assertThat(check(CLIENT.replace("57", "58") + OURS, here, MADE)).isFalse();
    }
}
