package org.portolan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.wire.Cursor;

/** Path of RFC 5321 §4.1.2 and RFC 6531 §3.3. */
class AddressTest {
    private static Address path(String text) {
        return Address.path(new Cursor(text));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "<ada@here.example>, ada, here.example",
                "<a.b!#$%&'*+-/=?^_{|}~c@x>, a.b!#$%&'*+-/=?^_{|}~c, x",
                "<ADA@Here.Example>, ADA, Here.Example",
                "<ada@x-1.x_y.example>, ada, x-1.x_y.example",
                "<ada@[192.0.2.1]>, ada, [192.0.2.1]",
                "<ada@[IPv6:2001:db8::1]>, ada, [IPv6:2001:db8::1]",
                "<ada@1.2.3.4>, ada, 1.2.3.4",
                "<\"ada\"@here.example>, ada, here.example",
                "<\"a b\"@here.example>, a b, here.example",
                "<\"a\\\"b\\\\c\"@here.example>, a\"b\\c, here.example",
                "<\"a@b>c\"@here.example>, a@b>c, here.example",
                "<\"\\a\\d\\a\"@here.example>, ada, here.example",
                "<@a.example:ada@here.example>, ada, here.example",
                "<@a.example;@b.example:ada@here.example>, ada, here.example",
                "<jörg@exämple.test>, jörg, exämple.test",
                "<用户@例子.广告>, 用户, 例子.广告",
                "<postmaster>, postmaster, ``",
                "<PostMaster>, PostMaster, ``",
                "<@a.example:postmaster>, postmaster, ``",
            })
    void aPath(String text, String local, String domain) {
        String path = text.replace(';', ','); // the comma is the table's
        assertThat(path(path)).isEqualTo(new Address(local, domain));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                "<>",
                "ada@here.example",
                "<ada@here.example",
                "ada@here.example>",
                "<ada>",
                "<ada@>",
                "<@here.example>",
                "<@here.example:>",
                "<@a.example,ada@here.example>",
                "<@a.example:@b.example:ada@here.example>",
                "<@a.example,:ada@here.example>",
                "<.ada@here.example>",
                "<ada.@here.example>",
                "<a..da@here.example>",
                "<ada@.example>",
                "<ada@here.>",
                "<ada@here..example>",
                "<ada@-here.example>",
                "<ada@here-.example>",
                "<ada@here example>",
                "<ada lovelace@here.example>",
                "<ada@b@here.example>",
                "<ada(comment)@here.example>",
                "<ada@[192.0.2.1>",
                "<ada@[]>",
                "<ada@192.0.2.1]>",
                "<\"ada@here.example>",
                "<\"\"@here.example>",
                "<\"ada\"b@here.example>",
                "<\"a\tb\"@here.example>",
                "<\"a\\\">",
                "<\"a\\",
                "<a\u0080b@here.example>",
                "<ada@here\u0085.example>",
                "<poſtmaſter>",
            })
    void noPath(String text) {
        Cursor cursor = new Cursor(text);
        assertThat(Address.path(cursor)).isNull();
        assertThat(cursor.rest()).isEqualTo(text); // nothing was taken
    }

    @Test
    void whatStandsBehindItIsLeft() {
        Cursor cursor = new Cursor("<ada@here.example> SIZE=1");
        assertThat(Address.path(cursor)).isNotNull();
        assertThat(cursor.rest()).isEqualTo(" SIZE=1");
    }

    @Test
    void lengthsAreOfBytes() {
        assertThat(path("<" + "a".repeat(256) + "@x>")).isNotNull();
        assertThat(path("<" + "a".repeat(257) + "@x>")).isNull();
        assertThat(path("<" + "ä".repeat(128) + "@x>")).isNotNull();
        assertThat(path("<" + "ä".repeat(129) + "@x>")).isNull();
        assertThat(path("<a@" + "x.".repeat(127) + "x>")).isNotNull();
        assertThat(path("<a@" + "x.".repeat(127) + "xx>")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "ada, here.example, ada@here.example",
                "a.b, here.example, a.b@here.example",
                "a b, here.example, \"a b\"@here.example",
                "a..b, here.example, \"a..b\"@here.example",
                ".a, here.example, \".a\"@here.example",
                "a\"\\, here.example, \"a\\\"\\\\\"@here.example",
                "a@b, here.example, \"a@b\"@here.example",
                "jörg, here.example, jörg@here.example",
                "Postmaster, ``, Postmaster",
            })
    void itIsWrittenAsItIsRead(String local, String domain, String written) {
        Address address = new Address(local, domain);
        assertThat(address.written()).isEqualTo(written);
        assertThat(path("<" + written + ">")).isEqualTo(address);
    }

    @Test
    void lettersBeyondAsciiMakeItInternational() {
        assertThat(new Address("ada", "here.example").international()).isFalse();
        assertThat(new Address("~{}", "here.example").international()).isFalse();
        assertThat(new Address("jörg", "here.example").international()).isTrue();
        assertThat(new Address("ada", "exämple.test").international()).isTrue();
    }
}
