package org.portolan.mail.screening;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.portolan.mail.Address;
import org.portolan.mail.Screening;
import org.portolan.mail.StatedNames;
import org.portolan.testkit.FrozenClock;

class MailScreeningTest {
    private static final String HEADER =
            """
            Received: from x
            Authentication-Results: mail.here.example; spf=pass
            authentication-results : (a (b) c)
             MAIL.here.example 1; dkim=pass
            Authentication-Results: other.example; spf=fail
            Authentication-Resultsx: mail.here.example; x=y
            Subject: s
            """;

    private static final String KEPT =
            """
            Received: from x
            Authentication-Results: other.example; spf=fail
            Authentication-Resultsx: mail.here.example; x=y
            Subject: s
            """;

    private static String lines(String text) {
        return text.replace("\n", "\r\n");
    }

    private static Screening.Sender sender(boolean refuse, String account, StatedNames names) {
        ScreeningSettings settings = new ScreeningSettings(refuse, List.of());
        return new MailScreening("mail.here.example", settings, names, FrozenClock.frozen())
                .sender(
                        new Screening.Arrival(
                                InetAddress.ofLiteral("192.0.2.1"),
                                "h.example",
                                Optional.of(new Address("a", "d.example")),
                                account,
                                "id"));
    }

    private static Screening.Verdict screened(
            Screening.Sender sender, String message, int step, ByteArrayOutputStream kept) {
        Screening.Screen screen =
                sender.screen((bytes, from, count) -> kept.write(bytes, from, count));
        byte[] bytes = message.getBytes(ISO_8859_1);
        for (int at = 0; at < bytes.length; at += step) {
            screen.take(bytes, at, Math.min(step, bytes.length - at));
        }
        Screening.Verdict verdict = screen.end();
        assertThat(verdict.fields()).hasSize(screen.room());
        return verdict;
    }

    @Test
    void forgedFieldsAreTakenOutInAnyPieces() {
        Screening.Sender sender = sender(false, "", new StatedNames());
        String body = "\r\nAuthentication-Results: mail.here.example; spf=pass\r\n";
        for (int step = 1; step < 40; step++) {
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            screened(sender, lines(HEADER) + body, step, kept);
            assertThat(kept.toString(ISO_8859_1)).isEqualTo(lines(KEPT) + body);
        }
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        String longOne = "Authentication-Results: mail.here.example;" + " x".repeat(9000) + "\r\n";
        screened(sender, longOne + "A: b\r\n" + longOne, 100, kept);
        assertThat(kept.toString(ISO_8859_1)).isEqualTo("A: b\r\n");
    }

    @Test
    void whatIsNotForgedPassesAsItCame() {
        Random random = new Random(8601);
        String[] pieces = {"\r\n", "\r", "\n", " ", "a:", "Authentication-Results", ":", "x", ";"};
        for (int round = 0; round < 5_000; round++) {
            StringBuilder made = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                made.append(pieces[random.nextInt(pieces.length)]);
            }
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            Screening.Sender known = sender(false, "ada", new StatedNames());
            screened(known, made.toString(), 1 + random.nextInt(5), kept);
            assertThat(kept.toString(ISO_8859_1)).isEqualTo(made.toString());
        }
    }

    @Test
    void resultsStandOnTop() {
        StatedNames names = new StatedNames("d.example TXT v=spf1 ip4:192.0.2.1 -all");
        Screening.Verdict verdict =
                screened(
                        sender(false, "", names),
                        "Subject: s\r\n\r\n",
                        9,
                        new ByteArrayOutputStream());
        assertThat(verdict.fields().replaceAll(" +\r\n", "\r\n"))
                .isEqualTo(
                        "Authentication-Results: mail.here.example;\r\n"
                                + "\tspf=pass reason=\"ip4:192.0.2.1\" smtp.mailfrom=d.example;\r\n"
                                + "\tdkim=none\r\n");
        assertThat(verdict.fields().lines()).allMatch(line -> line.length() <= 998);
        assertThat(verdict.words()).isEqualTo("spf=pass dkim=none");
    }

    @Test
    void manySignaturesDoNotOverflowTheRoom() {
        String field =
                "DKIM-Signature: v=1; a=rsa-sha256; d=%s.example; s=s; h=from; bh=AAAA; b=AAAA\r\n"
                        .formatted("x".repeat(300));
        screened(
                sender(false, "", new StatedNames()),
                field.repeat(9) + "\r\n",
                99,
                new ByteArrayOutputStream());
    }

    @Test
    void aHardFailIsRefusedOnlyIfThatIsSet() {
        StatedNames names =
                new StatedNames(
                        "d.example TXT v=spf1 -all exp=e.example", "e.example TXT not %{i}");
        assertThat(sender(false, "", names).refusal()).isEmpty();
        assertThat(sender(true, "ada", names).refusal()).isEmpty();
        assertThat(sender(true, "", names).refusal())
                .hasValueSatisfying(
                        refusal ->
                                assertThat(refusal.reply())
                                        .isEqualTo(
                                                "550 5.7.23 SPF: d.example explained:"
                                                        + " not 192.0.2.1"));
    }
}
