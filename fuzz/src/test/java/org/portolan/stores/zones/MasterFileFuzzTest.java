package org.portolan.stores.zones;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

class MasterFileFuzzTest {
    private static final String APEX = "example.org";
    private static final MasterFile.Limits LIMITS =
            new MasterFile.Limits(64 * 1024, 4, 8, 500, 1 << 22);

    private static final List<String> SEEDS =
            List.of(
                    "$TTL 1h\n@ SOA ns1 admin (\n 1 ; serial\n 2h 15m 1w 300 )\n  NS ns1\n",
                    "$ORIGIN sub\nwww 600 IN CNAME @\n IN 300 TXT one \"two words\" \"\"\n",
                    "a 1 A 192.0.2.1\n  AAAA 2001:db8::ffff:192.0.2.1\n\\046\\;x MX 10 \\@.\n",
                    "$GENERATE 1-9/2 h${1,3,x}$ 5 MX \"10 m${0,5,n}\"\n$GENERATE 0-1 $ PTR a\n",
                    "$INCLUDE zone\n$INCLUDE \"x\" y.\n",
                    "x 1 TYPE65534 \\# 3 abcdef\nx 1 A \\# 4 C0 00 02 01\n",
                    "x 1 CAA 0 issue \"a; b=c\"\nx 1 SRV 0 0 443 a\nx 1 HTTPS 1 . alpn=\"h2\"\n",
                    "x 1 LOC 52 22 23 N 4 53 32 E -2m\nx 1 DS 1 8 9 abcd\nx 1 HINFO a b\n",
                    "x 1 NAPTR 1 2 \"s\" \"http\" \"\" a\nx 1 TLSA 3 1 1 00ff\nx 1 URI 1 2 \"u\"\n",
                    "x 1 RRSIG A 8 2 300 20261231000000 20261101000000 1 a. AAAA\n",
                    "x 1 NSEC b. A TYPE1234\n"
                            + "x 1 NSEC3 1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr A\n",
                    "\u00ef\u00bb\u00bfx 1 A (\r\n1.1.1.1)\r\ry 1w2d3h TXT \"\\\"\\000\"");

    static Stream<byte[]> seeds() {
        return SEEDS.stream().map(seed -> seed.getBytes(ISO_8859_1));
    }

    @TempDir Path folder;

    @MethodSource("seeds")
    @FuzzTest
    void anyFileIsRecordsOrProblems(byte[] text) throws IOException, ZoneProblem {
        Path file = folder.resolve("zone");
        Files.write(file, text);
        List<String> lines = new ArrayList<>();
        List<String> again = new ArrayList<>();
        MasterFile.Reading read = read(file, lines);
        assertThat(read.problems()).hasSizeLessThanOrEqualTo(MasterFile.MOST_PROBLEMS);
        assertThat(read.problems()).allMatch(problem -> problem.matches("(?s)zone.*: .*"));

        // What was read can be written, and means the same.
        Path written = folder.resolve("again");
        Files.writeString(written, String.join("\n", lines));
        assertThat(read(written, again).problems()).isEmpty();
        assertThat(again).isEqualTo(lines);

        // A zone is made of it, or it is said why not.
        ZoneReading zone = ZoneReading.of(folder, ZoneFile.named(APEX, file), LIMITS);
        assertThat(zone.zone() == null).isEqualTo(!zone.problems().isEmpty());
    }

    private MasterFile.Reading read(Path file, List<String> lines) throws ZoneProblem {
        return MasterFile.read(
                folder,
                file,
                NameText.wire(APEX),
                LIMITS,
                (owner, type, ttl, data, length) ->
                        lines.add(
                                "%s %d %s %s"
                                        .formatted(
                                                NameText.of(owner),
                                                ttl,
                                                TypeNames.of(type),
                                                DataText.of(type, Arrays.copyOf(data, length)))));
    }
}
