package org.portolan.mail.spf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.portolan.mail.StatedNames;
import org.portolan.testkit.FrozenClock;

/** The published cases, and what strangers may write into a record. */
class SpfTest {
    private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");

    private static SpfAnswer check(StatedNames names, String client, String helo, String sender) {
        Spf spf = new Spf(names, "receiver.example", FrozenClock.frozen());
        return spf.check(new SpfQuestion(InetAddress.ofLiteral(client), helo, sender));
    }

    @TestFactory
    Stream<DynamicTest> publishedCases() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        StatedNames names = new StatedNames();
        for (String line : lines()) {
            if (line.startsWith("scenario ")) {
                names = new StatedNames();
            } else if (line.startsWith("case ")) {
                StatedNames stated = names;
                tests.add(DynamicTest.dynamicTest(line, () -> play(stated, line.substring(5))));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                String[] words = line.split(" ", 3);
                names.add(unescaped(words[0]), words[1], unescaped(words[2]));
            }
        }
        assertThat(tests).hasSize(203);
        return tests.stream();
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = SpfTest.class.getResourceAsStream("rfc7208-cases.txt")) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }

    private static String unescaped(String text) {
        return BYTE.matcher(text)
                .replaceAll(
                        m ->
                                Matcher.quoteReplacement(
                                        "" + (char) Integer.parseInt(m.group(1), 16)));
    }

    private static void play(StatedNames names, String line) {
        String[] parts = line.split(" \\| ?", -1);
        SpfAnswer answer =
                check(names, parts[1].strip(), unescaped(parts[2].strip()), unescaped(parts[3]));
        assertThat(parts[4].strip().split(" or "))
                .as(answer.toString())
                .contains(answer.result().word());
        if (parts.length > 5) {
            String explanation = parts[5].equals("DEFAULT") ? "" : unescaped(parts[5]);
            assertThat(answer.explanation()).isEqualTo(explanation);
        }
    }

    @Test
    void aLoopOfIncludesEnds() {
        StatedNames names =
                new StatedNames(
                        "a.example TXT v=spf1 include:b.example -all",
                        "b.example TXT v=spf1 include:a.example -all",
                        "c.example TXT v=spf1 redirect=c.example");
        assertThat(check(names, "192.0.2.1", "h.example", "x@a.example").result())
                .isEqualTo(SpfResult.PERMERROR);
        assertThat(check(names, "192.0.2.1", "h.example", "x@c.example").result())
                .isEqualTo(SpfResult.PERMERROR);
        assertThat(names.lookUps()).isEqualTo(22); // eleven records each
    }

    /** 10 terms with 10 exchangers each, and 10 names of the address. */
    @Test
    void noRecordMakesUsAskMoreThanItsLimits() {
        StatedNames names = new StatedNames();
        StringBuilder record = new StringBuilder("v=spf1");
        for (int i = 0; i < 50; i++) {
            record.append(" mx:m").append(i).append(".example");
            for (int j = 0; j < 10; j++) {
                names.add("m" + i + ".example MX 10 h" + j + ".example");
            }
            names.add("h" + i + ".example A 198.51.100.7");
        }
        names.add("a.example TXT " + record);
        assertThat(check(names, "192.0.2.1", "h.example", "x@a.example").result())
                .isEqualTo(SpfResult.PERMERROR);
        assertThat(names.lookUps()).isEqualTo(1 + 10 * 11);
    }

    @Test
    void macrosDoNotGrowWithoutEnd() {
        String bomb = "%{s}".repeat(240);
        StatedNames names =
                new StatedNames(
                        "a.example TXT v=spf1 exists:" + bomb + ".example -all",
                        "b.example TXT v=spf1 -all exp=e.example",
                        "e.example TXT " + bomb);
        String sender = "x".repeat(60) + "@";
        assertThat(check(names, "192.0.2.1", "h.example", sender + "a.example").result())
                .isEqualTo(SpfResult.FAIL);
        assertThat(check(names, "192.0.2.1", "h.example", sender + "b.example").explanation())
                .hasSize(400);
        names.add("d.example TXT v=spf1 a:." + "a".repeat(15_000) + "! -all");
        assertThat(check(names, "192.0.2.1", "h.example", "x@d.example").result())
                .isEqualTo(SpfResult.PERMERROR);
    }

    @Test
    void stalledResolversEndTheCheck() {
        FrozenClock clock = FrozenClock.frozen();
        StatedNames names =
                new StatedNames(
                        "a.example TXT v=spf1 a:b.example a:c.example -all",
                        "b.example A 198.51.100.7",
                        "c.example A 198.51.100.7") {
                    @Override
                    public Answer<InetAddress> ipv4(String host) {
                        clock.advance(Duration.ofSeconds(15));
                        return super.ipv4(host);
                    }
                };
        SpfQuestion question =
                new SpfQuestion(InetAddress.ofLiteral("192.0.2.1"), "h.example", "x@a.example");
        assertThat(new Spf(names, "r.example", clock).check(question).result())
                .isEqualTo(SpfResult.TEMPERROR);
    }

    @Test
    void whatStrangersWroteIsPrintable() {
        StatedNames names =
                new StatedNames("a.example TXT v=spf1 \r\n\u0007bad:\u00ff" + "y".repeat(900));
        SpfAnswer answer = check(names, "192.0.2.1", "h.example", "x@a.example");
        assertThat(answer.result()).isEqualTo(SpfResult.PERMERROR);
        assertThat(answer.why()).matches("[ -~]{1,100}");
    }
}
