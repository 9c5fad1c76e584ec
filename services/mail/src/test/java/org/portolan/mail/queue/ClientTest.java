package org.portolan.mail.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.mail.MailSite;
import org.portolan.mail.queue.QueueSettings.Security;
import org.portolan.stores.mail.Outgoing;

/**
 * Plays the dialogues of this folder with a server that knows its part; a line {@code # send:} says
 * what is to be sent, and {@code # then:} what has become of it.
 */
class ClientTest {
    @TempDir private Path root;

    @TestFactory
    Stream<DynamicTest> dialogues() throws Exception {
        Path folder = Path.of(ClientTest.class.getResource("01-one-message.txt").toURI());
        try (Stream<Path> files = Files.list(folder.getParent())) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList().stream()
                    .map(
                            file ->
                                    DynamicTest.dynamicTest(
                                            file.getFileName().toString(), () -> play(file)));
        }
    }

    private void play(Path file) throws Exception {
        List<String> script = new ArrayList<>();
        Map<String, String> hints = new HashMap<>();
        List<String> text = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.matches("# (send|to|with|then|wait|text|bounce|report):.*")) {
                String[] parts = line.substring(2).split(": ?", 2);
                if (parts[0].equals("text")) {
                    text.add(parts[1] + "\r\n");
                } else {
                    hints.merge(parts[0], parts[1], (a, b) -> a + "\n" + b);
                }
            } else if (!line.startsWith("#") && !line.isBlank()) {
                script.add(line);
            }
        }
        String message =
                text.isEmpty() ? "Subject: hello\r\n\r\nIt works.\r\n" : String.join("", text);
        String with = hints.getOrDefault("with", "");
        try (ScriptedServer server = new ScriptedServer(script);
                QueueSite site =
                        new QueueSite(
                                Files.createTempDirectory(root, "site"),
                                QueueSite.allTo(server.port()),
                                Security.OPPORTUNISTIC)) {
            String id =
                    site.send(
                            hints.getOrDefault("send", "ada@portolan.example"),
                            new Outgoing.Demands(
                                    with.contains("8bit"),
                                    with.contains("utf8"),
                                    with.contains("utf8"),
                                    with.contains("requiretls")),
                            with.contains("hdrs") ? "HDRS" : with.contains("full") ? "FULL" : "",
                            with.contains("envid") ? "QQ314159" : "",
                            message,
                            hints.getOrDefault("to", "bob@there.example").split("\n"));
            assertThat(server.problems()).isEmpty();
            Duration wait = Duration.ofMinutes(Long.parseLong(hints.getOrDefault("wait", "0")));
            await(
                    () -> {
                        site.clock.advance(wait); // again, if its patience began only after that
                        return site.standing(id).equals(hints.getOrDefault("then", "sent"));
                    });
            check(site, hints);
        }
    }

    private static void check(QueueSite site, Map<String, String> hints) {
        try {
            List<String> inbox = site.inbox();
            String report = hints.getOrDefault("report", "");
            for (String line : report.isEmpty() ? new String[0] : report.split("\n")) {
                assertThat(inbox).anySatisfy(text -> assertThat(text).contains(line));
            }
            if (report.isEmpty() && hints.getOrDefault("bounce", "").equals("none")) {
                assertThat(inbox).isEmpty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (org.portolan.stores.StoreException e) {
            throw new AssertionError(e);
        }
    }

    static void await(java.util.concurrent.Callable<Boolean> condition) {
        MailSite.await().until(condition);
    }
}
