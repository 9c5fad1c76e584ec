package org.portolan.stores.zones;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What master files say, and what is said about those that cannot be read. */
class MasterFileTest {
    @TempDir Path folder;

    private List<String> lines(String text) throws IOException {
        Collected read = Collected.of(folder, text);
        assertThat(read.problems()).isEmpty();
        return read.lines();
    }

    private List<String> problems(String text) throws IOException {
        return Collected.of(folder, text).problems();
    }

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    // ---- RFC 1035 §5.1

    @Test
    void aWholeZone() throws IOException {
        assertThat(
                        lines(
                                """
                                ; the zone of an example
                                $TTL 1h
                                @       IN SOA ns1 hostmaster.example.org. (
                                            2026112101 ; serial
                                            2h 15m     ; refresh, retry
                                            1w3d 300 )
                                        NS ns1
                                        NS ns2.example.net.
                                        MX 10 mail
                                ns1     A 192.0.2.1
                                        AAAA 2001:db8::1
                                $ORIGIN sub
                                www     600 IN CNAME @
                                        IN 300 TXT one "two words" ""
                                """))
                .containsExactly(
                        "example.org. 3600 SOA ns1.example.org. hostmaster.example.org. 2026112101"
                                + " 7200 900 864000 300",
                        "example.org. 3600 NS ns1.example.org.",
                        "example.org. 3600 NS ns2.example.net.",
                        "example.org. 3600 MX 10 mail.example.org.",
                        "ns1.example.org. 3600 A 192.0.2.1",
                        "ns1.example.org. 3600 AAAA 2001:db8::1",
                        "www.sub.example.org. 600 CNAME sub.example.org.",
                        "www.sub.example.org. 300 TXT \"one\" \"two words\" \"\"");
    }

    @Test
    void whatIsLeftOutIsTakenFromTheRecordBefore() throws IOException {
        assertThat(lines("a 60 A 1.1.1.1\n A 1.1.1.2\nb A 1.1.1.3\n$TTL 5\nc A 1.1.1.4"))
                .containsExactly(
                        "a.example.org. 60 A 1.1.1.1",
                        "a.example.org. 60 A 1.1.1.2",
                        "b.example.org. 60 A 1.1.1.3",
                        "c.example.org. 5 A 1.1.1.4");
    }

    @Test
    void withoutAnyTtlTheSoaSaysIt() throws IOException {
        assertThat(lines("@ SOA a b 1 2 3 4 77\nx A 1.1.1.1\n").getLast())
                .isEqualTo("x.example.org. 77 A 1.1.1.1");
    }

    @Test
    void linesMayEndAndBeginInEveryWay() throws IOException {
        String bytes =
                "\u00ef\u00bb\u00bf$TTL 1\r\na A 1.1.1.1\r"
                        + "b A 1.1.1.2\n\n \t\r\n;x\n  ;y\nc A 1.1.1.3";
        assertThat(lines(bytes))
                .containsExactly(
                        "a.example.org. 1 A 1.1.1.1",
                        "b.example.org. 1 A 1.1.1.2",
                        "c.example.org. 1 A 1.1.1.3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x A 1.1.1.1             | x.example.org. 9 A 1.1.1.1",
                "x.y. A 1.1.1.1          | x.y. 9 A 1.1.1.1",
                "@ A 1.1.1.1             | example.org. 9 A 1.1.1.1",
                ". A 1.1.1.1             | . 9 A 1.1.1.1",
                "* A 1.1.1.1             | *.example.org. 9 A 1.1.1.1",
                "a\\.b A 1.1.1.1         | a\\.b.example.org. 9 A 1.1.1.1",
                "a\\046b A 1.1.1.1       | a\\.b.example.org. 9 A 1.1.1.1",
                "a\\;b A 1.1.1.1         | a\\;b.example.org. 9 A 1.1.1.1",
                "A A 1.1.1.1             | A.example.org. 9 A 1.1.1.1",
                "IN IN A 1.1.1.1         | IN.example.org. 9 A 1.1.1.1",
                "x ( A ) ( 1.1.1.1 )     | x.example.org. 9 A 1.1.1.1",
                "x CLASS1 TYPE1 1.1.1.1  | x.example.org. 9 A 1.1.1.1",
                "x A \\# 4 C0 00 02 01   | x.example.org. 9 A 192.0.2.1",
                "x TYPE65534 \\# 3 abcdef | x.example.org. 9 TYPE65534 \\# 3 abcdef",
                "x TYPE65534 \\# 0       | x.example.org. 9 TYPE65534 \\# 0",
                "x MX \\# 4 000a 0178 00 | problem",
                "x MX \\# 5 000a 0178 00 | x.example.org. 9 MX 10 x.",
                "x TXT a\\\"b            | x.example.org. 9 TXT \"a\\\"b\"",
                "x TXT \"a;b\" ;c        | x.example.org. 9 TXT \"a;b\"",
                "x TXT \"a\"\"b\"        | x.example.org. 9 TXT \"a\" \"b\"",
                "x CAA 0 issue \"ca.example; a=b\" |"
                        + " x.example.org. 9 CAA 0 issue \"ca.example; a=b\"",
                "x HTTPS 1 . alpn=\"h2,h3\" port=53 |"
                        + " x.example.org. 9 HTTPS 1 . alpn=h2,h3 port=53",
                "x LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m |"
                        + " x.example.org. 9 LOC 52 22 23 N 04 53 32 E -2m 0m 10000m 10m",
                "x NAPTR 1 2 \"s\" \"http\" \"\" a | x.example.org. 9 NAPTR 1 2 \"s\" \"http\" \"\""
                        + " a.example.org.",
                "x SVCB 0 foo            | x.example.org. 9 SVCB 0 foo.example.org.",
                "x DS 1 8 9 abcd         | x.example.org. 9 DS 1 8 9 ABCD",
            })
    void aRecord(String text, String line) throws IOException {
        Collected read = Collected.of(folder, "$TTL 9\n" + text + "\n");
        if (line.equals("problem")) {
            assertThat(read.problems()).hasSize(1);
        } else {
            assertThat(read.problems()).isEmpty();
            assertThat(read.lines()).containsExactly(line);
        }
    }

    // ---- what is wrong, where, and what is wanted

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x A 1.2.3          | an IPv4 address is wanted, like 192.0.2.7, not \"1.2.3\"",
                "x A 1.2.3.04       | an IPv4 address is wanted, like 192.0.2.7, not \"1.2.3.04\"",
                "x A 1.2.3.256      | an IPv4 address is wanted, like 192.0.2.7, not \"1.2.3.256\"",
                "x A                | an IPv4 address is missing",
                "x A 1.1.1.1 1.1.1.2 | \"1.1.1.2\" is more than a record of type A has",
                "x AAAA 1::2::3     | an IPv6 address is wanted, like 2001:db8::7, not \"1::2::3\"",
                "x AAAA 1:2:3:4:5:6:7 | an IPv6 address is wanted, like 2001:db8::7, not"
                        + " \"1:2:3:4:5:6:7\"",
                "x AAAA fe80::1%eth0 | an IPv6 address is wanted, like 2001:db8::7, not"
                        + " \"fe80::1%eth0\"",
                "x MX mail          | a preference, such as 10 is wanted, from 0 to 65535, not"
                        + " \"mail\"",
                "x MX 10            | a name is missing",
                "x MX 65536 a       | a preference, such as 10 is wanted, from 0 to 65535, not"
                        + " \"65536\"",
                "x BAD 1            | \"BAD\" is no type of record, such as A or MX; others are"
                        + " written as TYPE1234",
                "x IN               | a type of record, such as A or MX, is missing",
                "x CH A 1.1.1.1     | only records of class IN are served",
                "x OPT 1            | \"OPT\" is no type of record, such as A or MX; others are"
                        + " written as TYPE1234",
                "x TYPE255 \\# 0    | no zone has records of type TYPE255",
                "x 1x A 1.1.1.1     | a TTL is wanted, such as 3600 or 1h30m and at most"
                        + " 2147483647, not \"1x\"",
                "x 2147483648 A 1.1.1.1 | a TTL is wanted, such as 3600 or 1h30m and at most"
                        + " 2147483647, not \"2147483648\"",
                "a..b A 1.1.1.1     | \"a..b\" has a label without letters",
                ".a A 1.1.1.1       | \".a\" has a label without letters",
                "a\\1 A 1.1.1.1     | a \\ wants three digits behind it, or none",
                "a\\256 A 1.1.1.1   | \\256 is no octet; \\255 is the last",
                "x A 1.1.1.1)       | a \")\" without the \"(\" before it",
                "x A ( 1.1.1.1      | the \"(\" is not closed by a \")\" before the file ends",
                "x TXT \"open       | a quote that is not closed in its line",
                "x TXT \"a\"b       | a blank is wanted behind the closing quote",
                "x TXT a\"b\"       | a quote inside a word: put the whole string in quotes, or"
                        + " write \\\"",
                "x TXT k=\"b c\"    | a quote inside a word: put the whole string in quotes",
                "x TXT              | a text is missing",
                "x TYPE1 \\# 3 010203 | data of a A record that is none",
                "x TYPE9 \\# 4 0102 | \\# promises 4 octets, not 2",
                "x TYPE9 \\# 1 0102 | more than the 1 octets that \\# promises",
                "x TYPE9 \\# 1 zz   | hexadecimal digits are wanted, not \"zz\"",
                "x TYPE65000 1 2    | data of type TYPE65000 is written as \\#, its length, and"
                        + " hexadecimal digits",
                "x SRV 0 0 a b      | a port is wanted, from 0 to 65535, not \"a\"",
                "x CAA 0 is-sue a   | a property is wanted, such as issue, not \"is-sue\"",
                "x SOA a b c 1 1 1 1 | a serial number is wanted, from 0 to 4294967295, not \"c\"",
                "x SOA a b 1 1 1 1  | the seconds that a \"no such name\" is good for is missing",
                "x DS 1 8 2 xyz     | no data of type DS: invalid hex encoding",
                "$TTL soon          | a TTL is wanted, such as 3600 or 1h30m and at most"
                        + " 2147483647, not \"soon\"",
                "$TTL 1 2           | \"2\" is more than $TTL has",
                "$ORIGIN            | a name is missing",
                "$DATE 1            | \"$DATE\" is none of $ORIGIN, $TTL, $INCLUDE and $GENERATE",
                "$GENERATE 5-1 a A 1.1.1.1 | a range is wanted, such as 1-100 or 0-254/2, not"
                        + " \"5-1\"",
                "$GENERATE 1-2 a A 1.1.1.${ | for 1: \"${\" without its \"}\"",
                "$GENERATE 1-2 a$ A 1.1.1.${-2} | for 1: \"${-2}\" makes a number below 0, or a too"
                        + " large one, of 1",
                "$GENERATE 255-256 a$ A 1.1.1.$ | for 256: an IPv4 address is wanted, like"
                        + " 192.0.2.7, not \"1.1.1.256\"",
                "$INCLUDE /etc/passwd | \"/etc/passwd\": only files below the folder of zones can"
                        + " be included, without \"..\"",
                "$INCLUDE ../../etc/passwd | \"../../etc/passwd\": only files below the folder of"
                        + " zones can be included, without \"..\"",
                "$INCLUDE a/../../b | \"a/../../b\": only files below the folder of zones can be"
                        + " included, without \"..\"",
                "$INCLUDE nowhere   | \"nowhere\" is not there",
                "$INCLUDE example.org.zone | \"example.org.zone\" is being read already: it would"
                        + " include itself",
            })
    void aProblem(String text, String problem) throws IOException {
        assertThat(problems("$TTL 9\nok A 1.1.1.1\n" + text + "\n"))
                .containsExactly("example.org.zone:3: " + problem);
    }

    @Test
    void aProblemIsInTheLineOfItsWord() throws IOException {
        assertThat(problems("@ 5 SOA a b (\n 1\n 2\n three\n 4 5 )\nx 1 A 1.1.1.1\ny AA 1\n"))
                .containsExactly(
                        "example.org.zone:4: the seconds between retries is wanted, such as 3600"
                                + " or 1h30m and at most 2147483647, not \"three\"",
                        "example.org.zone:7: \"AA\" is no type of record, such as A or MX; others"
                                + " are written as TYPE1234");
    }

    @Test
    void readingGoesOnBehindAProblemButNotForever() throws IOException {
        List<String> problems = problems("$TTL 1\n" + "x A nowhere\n".repeat(100));
        assertThat(problems).hasSize(MasterFile.MOST_PROBLEMS);
        assertThat(problems.getLast()).startsWith("example.org.zone:21: ");
    }

    @Test
    void noRecordTakesTheNameOfABrokenOne() throws IOException {
        assertThat(problems("$TTL 1\na A 1.1.1.1\nb..c A 1.1.1.1\n  A 1.1.1.2\n"))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("example.org.zone:4: there is no name before this record");
    }

    @Test
    void aMissingTtlIsSaid() throws IOException {
        assertThat(problems("x A 1.1.1.1\n"))
                .containsExactly(
                        "example.org.zone:1: a TTL is missing: write $TTL 3600, or the like, above"
                                + " it");
    }

    @Test
    void anOpenParenthesisIsNamedWhereItOpened() throws IOException {
        assertThat(problems("$TTL 1\n\nx TXT (\n a\n b\n\n"))
                .containsExactly(
                        "example.org.zone:3: the \"(\" is not closed by a \")\" before the file"
                                + " ends");
    }

    @Test
    void whatIsNoTextIsSaidToBeNone() throws IOException {
        assertThat(problems("\u00ff\u00fea\0b\0"))
                .containsExactly(
                        "example.org.zone:1: this is UTF-16; plain ASCII or UTF-8 is wanted");
        assertThat(problems("a\0 A 1.1.1.1"))
                .containsExactly("example.org.zone:1: a NUL byte: this is not a text");
    }

    @Test
    void longNamesAndStrings() throws IOException {
        String label = "a".repeat(63);
        String most = (label + ".").repeat(3) + "b".repeat(49);
        assertThat(lines(most + " 1 A 1.1.1.1")).hasSize(1);
        assertThat(problems(most + "b 1 A 1.1.1.1").getFirst())
                .endsWith("is longer than the 255 octets of a name");
        assertThat(problems("a" + label + " 1 A 1.1.1.1").getFirst())
                .endsWith("has a label of 64 octets; 63 are the most");
        assertThat(lines("x 1 TXT " + "y".repeat(255))).hasSize(1);
        assertThat(problems("x 1 TXT " + "y".repeat(256)))
                .containsExactly(
                        "example.org.zone:1: a string of more than 255 octets: write it as"
                                + " several, \"…\" \"…\"");
        String strings = (" " + "y".repeat(255)).repeat(255);
        assertThat(lines("x 1 TXT" + strings + " " + "y".repeat(254))).hasSize(1);
        assertThat(problems("x 1 TXT" + strings + " " + "y".repeat(255)))
                .containsExactly(
                        "example.org.zone:1: more than the 65535 octets that a record may have");
    }

    @Test
    void anEntryHasAnEnd() throws IOException {
        MasterFile.Limits limits = new MasterFile.Limits(100_000, 2, 3, 10, Long.MAX_VALUE);
        String long1 = "x 1 TXT " + "y ".repeat(100_000);
        Collected read = Collected.of(folder, long1 + "\nz 1 A 1.1.1.1\n", limits);
        assertThat(read.problems())
                .containsExactly("example.org.zone:1: an entry of more than 100000 bytes");
        assertThat(read.lines()).containsExactly("z.example.org. 1 A 1.1.1.1");
        String comment = ";" + "y ".repeat(1_000_000) + "\n";
        assertThat(Collected.of(folder, comment + "z 1 A 1.1.1.1\n" + comment, limits).problems())
                .isEmpty();
    }

    @Test
    void aZoneLargerThanItsMemoryIsNotReadToItsEnd() throws IOException {
        MasterFile.Limits limits = MasterFile.Limits.USUAL.withMemory(1 << 20);
        Collected read = Collected.of(folder, "$GENERATE 1-1000000 a$ 1 A 1.1.1.1", limits);
        assertThat(read.problems())
                .singleElement()
                .asString()
                .endsWith(
                        "from here on the zone is larger than the 1 MB of memory that it may take");
        assertThat(read.records()).hasSizeBetween(1000, 20_000);
    }

    // ---- $GENERATE

    @Test
    void recordsAreGenerated() throws IOException {
        assertThat(
                        lines(
                                """
                                $TTL 9
                                $GENERATE 1-3 h$ A 10.0.0.$
                                $GENERATE 8-16/4 h${0,3,d} 5 IN CNAME ${-8,2,x}.x\\$
                                $GENERATE 0-1 @ MX "10 mail$"
                                $GENERATE 1-2 a$$ TXT "n \\$ $" b
                                $GENERATE 26-26 ${0,3,n}.${0,0,N} PTR a
                                """))
                .containsExactly(
                        "h1.example.org. 9 A 10.0.0.1",
                        "h2.example.org. 9 A 10.0.0.2",
                        "h3.example.org. 9 A 10.0.0.3",
                        "h008.example.org. 5 CNAME 00.x\\$.example.org.",
                        "h012.example.org. 5 CNAME 04.x\\$.example.org.",
                        "h016.example.org. 5 CNAME 08.x\\$.example.org.",
                        "example.org. 9 MX 10 mail0.example.org.",
                        "example.org. 9 MX 10 mail1.example.org.",
                        "a\\$.example.org. 9 TXT \"n $ 1\" \"b\"",
                        "a\\$.example.org. 9 TXT \"n $ 2\" \"b\"",
                        "a.1.A.1.example.org. 9 PTR a.example.org.");
    }

    @Test
    void generatedRecordsAreCounted() throws IOException {
        MasterFile.Limits limits = new MasterFile.Limits(100_000, 2, 3, 10, Long.MAX_VALUE);
        String text = "$GENERATE 1-2147483647 a$ 1 A 1.1.1.1\n";
        assertThat(Collected.of(folder, text, limits).problems())
                .containsExactly("example.org.zone:1: $GENERATE makes more than 10 records");
    }

    // ---- $INCLUDE

    @Test
    void whatIsIncludedLeavesTheFileAsItWas() throws IOException {
        file("hosts/a.inc", "$ORIGIN b\nx A 1.1.1.1\n");
        assertThat(
                        lines(
                                """
                                $TTL 9
                                w A 1.1.1.2
                                $INCLUDE hosts/a.inc
                                  A 1.1.1.3
                                $INCLUDE "hosts/a.inc" c.example.net. ; from another name
                                y A 1.1.1.4
                                """))
                .containsExactly(
                        "w.example.org. 9 A 1.1.1.2",
                        "x.b.example.org. 9 A 1.1.1.1",
                        "w.example.org. 9 A 1.1.1.3",
                        "x.b.c.example.net. 9 A 1.1.1.1",
                        "y.example.org. 9 A 1.1.1.4");
    }

    @Test
    void aProblemNamesTheWayToIt() throws IOException {
        file("a.inc", "\n$INCLUDE b.inc\n");
        file("b.inc", "\n\nx A nowhere\n");
        assertThat(problems("$TTL 1\n$INCLUDE a.inc\n"))
                .containsExactly(
                        "b.inc:3, included at a.inc:2, included at example.org.zone:2: an IPv4"
                                + " address is wanted, like 192.0.2.7, not \"nowhere\"");
    }

    @Test
    void aLoopOfIncludesEnds() throws IOException {
        file("a.inc", "$INCLUDE b.inc\n");
        file("b.inc", "$INCLUDE a.inc\n");
        assertThat(problems("$INCLUDE a.inc\n"))
                .containsExactly(
                        "b.inc:1, included at a.inc:1, included at example.org.zone:1: \"a.inc\" is"
                                + " being read already: it would include itself");
    }

    @Test
    void includesHaveADepthAndANumber() throws IOException {
        MasterFile.Limits limits = new MasterFile.Limits(100_000, 2, 3, 10, Long.MAX_VALUE);
        file("1.inc", "$INCLUDE 2.inc\n");
        file("2.inc", "$INCLUDE 3.inc\n");
        file("3.inc", "\n");
        assertThat(Collected.of(folder, "$INCLUDE 1.inc\n", limits).problems())
                .containsExactly(
                        "2.inc:1, included at 1.inc:1, included at example.org.zone:1: files are"
                                + " included more than 2 deep");
        assertThat(Collected.of(folder, "$INCLUDE 3.inc\n".repeat(4), limits).problems())
                .containsExactly("example.org.zone:4: more than 3 files are included");
    }

    @Test
    void noLinkLeadsOutOfTheFolder(@TempDir Path elsewhere) throws IOException {
        Path secret = Files.writeString(elsewhere.resolve("secret"), "x 1 A 1.1.1.1\n");
        Files.createSymbolicLink(folder.resolve("link.inc"), secret);
        Files.createSymbolicLink(folder.resolve("away"), elsewhere);
        String why = " cannot be read: it leads out of " + folder;
        assertThat(problems("$INCLUDE link.inc\n$INCLUDE away/secret\n"))
                .containsExactly(
                        "example.org.zone:1: \"link.inc\"" + why,
                        "example.org.zone:2: \"away/secret\"" + why);
    }

    @Test
    void onlyFilesAreRead() throws IOException {
        Files.createDirectory(folder.resolve("d"));
        assertThat(problems("$INCLUDE d\n"))
                .containsExactly("example.org.zone:1: \"d\" cannot be read: it is not a file");
    }

    @Test
    void aFileOfManyBuffersIsReadAlike() throws IOException {
        StringBuilder text = new StringBuilder("$TTL 9\n");
        for (int i = 0; i < 20_000; i++) {
            text.append("host").append(i).append(" (A\n 10.0.").append(i / 256);
            text.append('.').append(i % 256).append(" ; comment\n )\r\n");
        }
        Collected read = Collected.of(folder, text.toString());
        assertThat(read.problems()).isEmpty();
        assertThat(read.records()).hasSize(20_000);
        assertThat(read.lines().getLast()).isEqualTo("host19999.example.org. 9 A 10.0.78.31");
        assertThat(text.toString().getBytes(UTF_8)).hasSizeGreaterThan(500_000);
    }
}
