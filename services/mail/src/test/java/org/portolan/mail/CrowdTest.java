package org.portolan.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.testkit.RawClient;

/** Many deliver at once while others read: whatever was accepted is there, once. */
class CrowdTest {
    private static final int CLIENTS = 50;
    private static final int MESSAGES = 20;

    @TempDir Path root;

    private final Map<String, Set<String>> accepted =
            Map.of("ada", ConcurrentHashMap.newKeySet(), "grace", ConcurrentHashMap.newKeySet());
    private final CountDownLatch delivering = new CountDownLatch(CLIENTS);

    @Test
    void everyMessageIsDeliveredExactlyOnce() throws Exception {
        Map<String, Future<Map<String, Integer>>> found = new HashMap<>();
        try (MailSite site = MailSite.in(root);
                ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            found.put("ada", crowd.submit(() -> readAll(site, "ada", "lovelace1815")));
            found.put("grace", crowd.submit(() -> readAll(site, "grace", "of the navy 1906")));
            List<Future<?>> senders = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                senders.add(
                        crowd.submit(
                                () -> {
                                    try {
                                        deliver(site, client);
                                    } finally {
                                        delivering.countDown();
                                    }
                                    return client;
                                }));
            }
            for (Future<?> sender : senders) {
                sender.get(50, TimeUnit.SECONDS);
            }
            for (String name : found.keySet()) {
                Map<String, Integer> copies = found.get(name).get(50, TimeUnit.SECONDS);
                assertThat(copies.keySet()).isEqualTo(accepted.get(name));
                assertThat(copies.values()).as("copies").allMatch(count -> count == 1);
            }
            site.awaitQuiet();
            assertThat(site.messagesOf("ada")).isZero();
        }
        assertThat(accepted.get("ada")).hasSize(666);
        assertThat(accepted.get("grace")).hasSize(667);
    }

    /** Sends each message's text together with the commands for the next. */
    private void deliver(MailSite site, int number) throws IOException {
        try (RawClient client = site.connect("smtp")) {
            client.send("EHLO client.example\r\n" + envelope(number, 0));
            for (int message = 0; message < MESSAGES; message++) {
                String token = number + "-" + message;
                String line;
                do {
                    line = client.readLine();
                    assertThat(line).as(token).startsWith("2");
                } while (!line.contains("recipient ok"));
                assertThat(client.readLine()).startsWith("354 ");
                boolean last = message + 1 == MESSAGES;
                String next = last ? "QUIT\r\n" : envelope(number, message + 1);
                String body = (".." + "x".repeat(number * 40) + "\r\n").repeat(1 + message % 3);
                client.send("Subject: <" + token + ">\r\n\r\n" + body + ".\r\n" + next);
                assertThat(client.readLine()).startsWith("250 2.0.0 ");
                for (String name : recipients(number, message)) {
                    assertThat(accepted.get(name).add(token)).isTrue();
                }
            }
            assertThat(client.readLine()).startsWith("221 ");
        }
    }

    private static List<String> recipients(int number, int message) {
        return switch ((number + message) % 3) {
            case 0 -> List.of("ada");
            case 1 -> List.of("grace");
            default -> List.of("ada", "grace");
        };
    }

    private static String envelope(int number, int message) {
        List<String> names = recipients(number, message);
        String to = names.size() > 1 ? "friends" : names.getFirst();
        return "MAIL FROM:<>\r\nRCPT TO:<%s@portolan.example>\r\nDATA\r\n".formatted(to);
    }

    /** Fetches and deletes until everybody has delivered, and once more; counts what it found. */
    private Map<String, Integer> readAll(MailSite site, String name, String password)
            throws IOException {
        Map<String, Integer> copies = new HashMap<>();
        boolean all = false;
        while (!all) {
            all = delivering.getCount() == 0;
            for (String token : fetch(site, name, password)) {
                copies.merge(token, 1, Integer::sum);
            }
        }
        return copies;
    }

    private static final Pattern TOKEN = Pattern.compile("Subject: <([0-9-]+)>");

    private static List<String> fetch(MailSite site, String name, String password)
            throws IOException {
        List<String> tokens = new ArrayList<>();
        try (RawClient client = site.connect("pop3")) {
            client.send("USER " + name + "\r\nPASS " + password + "\r\n");
            client.readLine();
            client.readLine();
            String opened = client.readLine();
            assertThat(opened).startsWith("+OK ");
            int count = Integer.parseInt(opened.split(" ")[1]);
            for (int number = 1; number <= count; number++) {
                client.send("RETR %d\r\nDELE %d\r\n".formatted(number, number));
            }
            client.send("QUIT\r\n");
            String all = new String(client.readToEnd(), ISO_8859_1);
            Matcher token = TOKEN.matcher(all);
            while (token.find()) {
                tokens.add(token.group(1));
            }
            assertThat(tokens).hasSize(count);
        }
        return tokens;
    }
}
