package org.portolan.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.testkit.Pace;
import org.portolan.testkit.RawClient;
import org.portolan.testkit.Transcript;
import org.portolan.testkit.Trust;

/** What is traced of a conversation can be played again, and never has a password in it. */
class TraceTest {
    @TempDir Path folder;

    private MailSite site() throws Exception {
        Path root = Files.createDirectory(folder.resolve("site"));
        return MailSite.traced(root, folder.resolve("traces"));
    }

    /** Sends all of it, the pieces one after the other, and reads up to the end. */
    private static void converse(MailSite site, String door, String... pieces) throws IOException {
        try (RawClient client = site.connect(door)) {
            for (String piece : pieces) {
                client.send(piece);
            }
            client.halfClose();
            client.readToEnd();
        }
        site.awaitQuiet();
    }

    /** Of each conversation, in their order. */
    private List<String> traces() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("traces"))) {
            return files.sorted().map(TraceTest::text).toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aTraceIsADialogue() throws Exception {
        try (MailSite site = site()) {
            converse(
                    site,
                    "smtp",
                    "EHLO client.example\r\nNOOP\nNO\rOP\r\nrubbish {any}\r\n"
                            + "NOOP gr\u00fc\u00dfe\r\n",
                    "NOOP " + "x".repeat(20_000) + "\r\n",
                    "MAIL FROM:<sender@client.example>\r\nRCPT TO:<nobody@portolan.example>\r\n",
                    "RCPT TO:<ada@portolan.example>\r\nDATA\r\n",
                    "Subject: dots {and} braces\r\n\r\n..\r\n... \r\n" + "y".repeat(9_000),
                    "\r\nGr\u00fc\u00dfe\u0085\r\n.\r\nQUIT\r\n");
            assertThat(site.messagesOf("ada")).isEqualTo(1);
            converse(
                    site,
                    "pop3",
                    "USER ada\r\nPASS lovelace1815\r\nLIST\r\nUIDL 1\r\nRETR 2\r\n",
                    "RETR 1\r\nTOP 1 1\r\nDELE 1\r\nQUIT\r\n");
            assertThat(site.messagesOf("ada")).isZero();

            List<String> traces = traces();
            assertThat(traces).hasSize(2);
            // the changes that are needed: what a trace does not show, and a name that a mailbox
            // made anew never gives again
            String reading =
                    traces.get(0)
                            .replace("PASS ***", "PASS lovelace1815")
                            .replaceFirst("\\+OK 1 \\d+\\.1", "+OK 1 {number}.1");
            assertThat(traces.get(1)).doesNotContain("rubbish").contains("C: ***");
            for (Pace pace : Pace.values()) {
                site.emptied();
                site.player("smtp").play(Transcript.parse("smtp.txt", traces.get(1)), pace);
                site.player("pop3").play(Transcript.parse("pop3.txt", reading), pace);
            }
        }
    }

    @Test
    void tlsIsPartOfIt() throws Exception {
        try (MailSite site = site()) {
            try (RawClient client = site.connect("smtp")) {
                client.readLine();
                client.sendLine("HELO client.example");
                client.readLine();
                client.sendLine("STARTTLS");
                client.readLine();
                client.startTls(Trust.in(folder.resolve("site/ca.pem")));
                client.sendLine("HELO client.example");
                assertThat(client.readLine()).startsWith("250 ");
                client.sendLine("QUIT");
                assertThat(client.readLine()).startsWith("221 ");
            }
            site.awaitQuiet();
            Transcript trace = Transcript.parse("smtp.txt", traces().getFirst());
            for (Pace pace : Pace.values()) {
                site.player("smtp").play(trace, pace);
            }
        }
    }

    @Test
    void noPasswordIsInATrace() throws Exception {
        String plain = encoded("\0ada\0lovelace1815");
        String password = encoded("lovelace1815");
        try (MailSite site = site()) {
            converse(
                    site,
                    "submission",
                    "EHLO client.example\r\nAUTH PLAIN " + plain + "\r\nQUIT\r\n");
            converse(
                    site,
                    "submission",
                    "EHLO client.example\r\nAUTH LOGIN\r\n" + encoded("ada") + "\r\n",
                    password + "\r\nQUIT\r\n");
            converse(
                    site,
                    "submission",
                    "EHLO client.example\r\n AUTH PLAIN " + plain + "\r\n",
                    "AUTH  PLAIN  " + plain + "\r\nRSET\r\nAUTH\tPLAIN\t" + plain + "\r\n",
                    "AUTH LOGIN " + encoded("ada") + "\r\n" + password + "\n",
                    "AUTH CRAM-MD5\r\n" + password + "\r\nAUTH XX " + plain + " \r\n",
                    "AUTH PLAIN\r\n" + plain + "\nAUTH PLAIN " + plain + "\nQUIT\r\n");
            converse(
                    site,
                    "pop3",
                    "PASS lovelace1815\r\nUSER ada\r\nPASS\tlovelace1815\r\n",
                    " PASS lovelace1815\r\npass  lovelace1815\r\nPASS lovelace1815\n",
                    "PASSlovelace1815\r\nAUTH PLAIN\r\n" + plain + "\r\nQUIT\r\n");
        }
        String all = String.join("\n", traces());
        assertThat(all)
                .contains("AUTH PLAIN ***", "PASS ***", "S: 235 2.7.0", "S: +OK 0 messages")
                .doesNotContain("lovelace1815")
                .doesNotContain(plain)
                .doesNotContain(password);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
