package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldFilterTest {
    private static boolean excludes(String field, String needle, String fields) throws Exception {
        FieldFilter filter = new FieldFilter();
        filter.add(field, TextSearch.Charset.UTF8.needle(needle));
        byte[] kept = fields.replace("\\r\\n", "\r\n").getBytes(ISO_8859_1);
        return filter.useful() && filter.excludes(kept);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "SUBJECT, harbour, Subject: boats\\r\\n\\r\\n",
                "Subject, two words, Subject: two boats\\r\\nTo: words\\r\\n\\r\\n",
                "SUBJECT, harbour, Subject: in\\r\\n two lines\\r\\n\\r\\n",
                "FROM, ada, From: <bob@here.test>\\r\\n\\r\\n",
                "References, x@y, `References: <a@b>\\r\\n <c@d>\\r\\n\\r\\n`"
            })
    void whatDoesNotStandThereIsNotThere(String field, String needle, String fields)
            throws Exception {
        assertThat(excludes(field, needle, fields)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "SUBJECT, harbour, Subject: the HARBOUR\\r\\n\\r\\n", // it may be it
                "SUBJECT, harbour, Subject: boats\\r\\nTo: harbour\\r\\n\\r\\n",
                "SUBJECT, harbour, Subject: =?utf-8?q?h=61rbour?=\\r\\n\\r\\n",
                "SUBJECT, kilo, Subject: \u212Ailo\\r\\n\\r\\n", // Kelvin's sign is a k
                "SUBJECT, two lines, Subject: two\\r\\n lines\\r\\n\\r\\n", // a fold is a blank
                "FROM, ada <ada@, `From: \"ada\" <ada@here.test>\\r\\n\\r\\n`", // as it is said
                "FROM, here.test, From: ada@here . test\\r\\n\\r\\n",
                "FROM, ada, `From: \"a\\da\" <x@y>\\r\\n\\r\\n`",
                "RECEIVED, mx, Subject: x\\r\\n\\r\\n", // which is not kept
                "SUBJECT, \u00FCber, Subject: x\\r\\n\\r\\n",
                "SUBJECT, ``, Subject: x\\r\\n\\r\\n"
            })
    void whatMayHideSomethingIsLookedInto(String field, String needle, String fields)
            throws Exception {
        String raw =
                new String(fields.getBytes(java.nio.charset.StandardCharsets.UTF_8), ISO_8859_1);
        String asked =
                new String(needle.getBytes(java.nio.charset.StandardCharsets.UTF_8), ISO_8859_1);
        assertThat(excludes(field, asked, raw)).isFalse();
    }

    @Test
    void oneOfSeveralThatIsMissingIsEnough() throws Exception {
        FieldFilter filter = new FieldFilter();
        filter.add("SUBJECT", TextSearch.Charset.ASCII.needle("boats"));
        filter.add("TO", TextSearch.Charset.ASCII.needle("bob"));
        byte[] fields = "Subject: boats\r\nTo: ada\r\n\r\n".getBytes(ISO_8859_1);
        assertThat(filter.excludes(fields)).isTrue();
    }
}
