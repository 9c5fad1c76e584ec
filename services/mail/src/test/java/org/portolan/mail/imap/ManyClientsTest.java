package org.portolan.mail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.mail.MailSite;
import org.portolan.testkit.RawClient;

/**
 * Many clients at one mailbox, each with a simple model of what RFC 9051 lets it believe: which
 * message has which number. Whatever the server says is checked against that, and in the end all
 * models are one.
 *
 * <p>{@code -Dportolan.imap.steps=20000 -Dportolan.imap.seed=7} plays longer, or again. What each
 * client does is drawn from its own seed; how they meet is the machine's doing.
 */
class ManyClientsTest {
    private static final int CLIENTS = 6;
    private static final int STEPS = Integer.getInteger("portolan.imap.steps", 50);
    private static final long SEED = Long.getLong("portolan.imap.seed", 20261128);

    private static final Pattern FETCH =
            Pattern.compile("\\* (\\d+) FETCH \\((?:UID (\\d+) ?)?(?:FLAGS \\(([^)]*)\\) ?)?.*\\)");

    @TempDir private Path root;

    /** Which content was given which uid: never another one. */
    private final Map<Long, String> contents = new ConcurrentHashMap<>();

    @Test
    void everybodyBelievesTheSameInTheEnd() throws Exception {
        try (MailSite site = MailSite.in(root);
                ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<TreeMap<Long, TreeSet<String>>>> ends = new ArrayList<>();
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Client(site, i));
            }
            for (Client client : clients) {
                ends.add(crowd.submit(client::play));
            }
            for (Future<TreeMap<Long, TreeSet<String>>> end : ends) {
                var _ = end.get(300, TimeUnit.SECONDS);
            }
            TreeMap<Long, TreeSet<String>> truth = null;
            for (Client client : clients) {
                TreeMap<Long, TreeSet<String>> believed = client.end();
                truth = truth == null ? client.fetchAll() : truth;
                assertThat(believed).as("client %d, seed %d", client.index, SEED).isEqualTo(truth);
                client.close();
            }
            site.awaitQuiet();
        }
    }

    /** A client and its model. */
    private final class Client {
        private final int index;
        private final Random random;
        private final RawClient line;
        private final boolean qresync;

        /** Uids by sequence number less one; 0 where the client has not asked yet. */
        private final List<Long> numbers = new ArrayList<>();

        private final Map<Long, TreeSet<String>> flags = new HashMap<>();
        private long lastUid;
        private int tag;
        private final List<String> said = new ArrayList<>();

        Client(MailSite site, int index) throws IOException {
            this.index = index;
            this.random = new Random(SEED * 31 + index);
            this.qresync = index % 3 == 2;
            this.line = site.connect("imap");
            line.readLine();
            command("LOGIN ada lovelace1815", true);
            if (qresync) {
                command("ENABLE QRESYNC", true);
            }
            command("SELECT INBOX", true);
        }

        TreeMap<Long, TreeSet<String>> play() throws IOException {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2 -> append();
                    case 3 -> learn();
                    case 4, 5 -> store(false);
                    case 6 -> store(true);
                    case 7 -> command("UID EXPUNGE 1:*", true);
                    case 8 -> search();
                    case 9 -> command("NOOP", true);
                    case 10 -> move();
                    default -> idle();
                }
            }
            return new TreeMap<>();
        }

        TreeMap<Long, TreeSet<String>> end() throws IOException {
            command("NOOP", true);
            learn();
            TreeMap<Long, TreeSet<String>> believed = new TreeMap<>();
            for (long uid : numbers) {
                believed.put(uid, flags.getOrDefault(uid, new TreeSet<>()));
            }
            return believed;
        }

        TreeMap<Long, TreeSet<String>> fetchAll() throws IOException {
            flags.clear();
            command("UID FETCH 1:* FLAGS", true);
            TreeMap<Long, TreeSet<String>> all = new TreeMap<>();
            for (long uid : numbers) {
                all.put(uid, flags.get(uid));
            }
            return all;
        }

        private void append() throws IOException {
            String content = index + "-" + tag;
            String text = "Subject: " + content + "\r\n\r\n";
            String flag = random.nextBoolean() ? "(\\Flagged) " : "";
            String answer =
                    command("APPEND INBOX " + flag + "{" + text.length() + "+}\r\n" + text, true);
            Matcher code = Pattern.compile("\\[APPENDUID \\d+ (\\d+)]").matcher(answer);
            assertThat(code.find()).as(answer).isTrue();
            String before = contents.putIfAbsent(Long.parseLong(code.group(1)), content);
            assertThat(before).as("uid %s is used again", code.group(1)).isNull();
        }

        private void learn() throws IOException {
            command("FETCH 1:* (UID FLAGS)", false);
            for (long uid : List.copyOf(numbers)) {
                String content = contents.get(uid);
                if (uid > 0 && content != null && random.nextInt(20) == 0) {
                    String answer = command("UID FETCH " + uid + " BODY.PEEK[HEADER]", true);
                    assertThat(answer).contains("OK");
                }
            }
        }

        private void store(boolean uid) throws IOException {
            if (numbers.isEmpty()) {
                return;
            }
            int number = 1 + random.nextInt(numbers.size());
            long known = numbers.get(number - 1);
            String[] words = {"\\Seen", "\\Deleted", "\\Flagged", "$Work", "\\Answered"};
            String word = words[random.nextInt(words.length)];
            String change = random.nextInt(3) == 0 ? "-FLAGS" : "+FLAGS";
            boolean silent = random.nextInt(3) == 0 && known > 0 && flags.containsKey(known);
            if (uid && known == 0) {
                return;
            }
            if (silent) { // what it will think, unless it hears otherwise
                TreeSet<String> thought = flags.get(known);
                if (change.charAt(0) == '+') {
                    thought.add(word);
                } else {
                    thought.remove(word);
                }
            }
            command(
                    "%sSTORE %d %s%s (%s)"
                            .formatted(
                                    uid ? "UID " : "",
                                    uid ? known : number,
                                    change,
                                    silent ? ".SILENT" : "",
                                    word),
                    uid);
        }

        private void search() throws IOException {
            String answer = command("SEARCH UNDELETED", false);
            assertThat(answer).contains("OK");
        }

        /** Away, and back under another uid: others see one go and one come. */
        private void move() throws IOException {
            if (!numbers.isEmpty()) {
                command("MOVE " + (1 + random.nextInt(numbers.size())) + " INBOX", true);
            }
        }

        private void idle() throws IOException {
            line.sendLine("i" + tag + " IDLE");
            String first;
            do {
                first = line.readLine();
                if (first.startsWith("* ")) {
                    untagged(first, true);
                }
            } while (!first.startsWith("+ "));
            line.sendLine("DONE");
            read("i" + tag++, true);
            command("NOOP", true);
        }

        private String command(String text, boolean mayExpunge) throws IOException {
            String name = "t" + tag++;
            line.send(name + " " + text + "\r\n");
            said.add(name + " " + text.lines().findFirst().orElse(""));
            String answer = read(name, mayExpunge);
            if (qresync && numbers.contains(0L) && !text.startsWith("FETCH")) {
                command("FETCH 1:* (UID FLAGS)", false); // VANISHED names uids: it has to know all
            }
            return answer;
        }

        private String read(String name, boolean mayExpunge) throws IOException {
            while (true) {
                String answer = line.readLine();
                if (answer.startsWith(name + " ")) {
                    assertThat(answer).as("%s", said.getLast()).doesNotContain(" BAD ");
                    return answer;
                }
                untagged(answer, mayExpunge);
            }
        }

        private void untagged(String response, boolean mayExpunge) {
            String[] words = response.split(" ");
            if (!words[0].equals("*")) {
                return; // a line of a literal
            }
            String at =
                    "client " + index + ", seed " + SEED + ", " + said.getLast() + ": " + response;
            if (words.length > 2 && words[2].equals("EXPUNGE")) {
                assertThat(mayExpunge && !qresync).as("EXPUNGE at %s", at).isTrue();
                int number = Integer.parseInt(words[1]);
                assertThat(number).as(at).isBetween(1, numbers.size());
                flags.remove(numbers.remove(number - 1));
            } else if (words[1].equals("VANISHED")) {
                assertThat(mayExpunge && qresync).as("VANISHED at %s", at).isTrue();
                vanish(words[2], at);
            } else if (words.length > 2 && words[2].equals("EXISTS")) {
                int count = Integer.parseInt(words[1]);
                assertThat(count).as(at).isGreaterThanOrEqualTo(numbers.size());
                while (numbers.size() < count) {
                    numbers.add(0L);
                }
            } else if (words.length > 2 && words[2].equals("FETCH")) {
                fetched(response, at);
            }
        }

        private void vanish(String set, String at) {
            for (String range : set.split(",")) {
                String[] ends = range.split(":");
                long last = Long.parseLong(ends[ends.length - 1]);
                for (long uid = Long.parseLong(ends[0]); uid <= last; uid++) {
                    flags.remove(uid);
                    int place = numbers.contains(uid) ? numbers.indexOf(uid) : notAsked(uid);
                    assertThat(place).as("an unknown one at %s", at).isNotNegative();
                    numbers.remove(place);
                }
            }
        }

        /**
         * Where a message may be that was announced and whose uid was not asked for yet: among
         * those with lower and higher uids. -1 where there is none.
         */
        private int notAsked(long uid) {
            int place = -1;
            for (int i = 0; i < numbers.size() && numbers.get(i) < uid; i++) {
                place = numbers.get(i) == 0 ? i : -1;
            }
            return place;
        }

        private void fetched(String response, String at) {
            Matcher fetch = FETCH.matcher(response);
            if (!fetch.matches()) {
                return; // the beginning of a literal
            }
            int number = Integer.parseInt(fetch.group(1));
            assertThat(number).as(at).isBetween(1, numbers.size());
            long known = numbers.get(number - 1);
            if (fetch.group(2) != null) {
                long uid = Long.parseLong(fetch.group(2));
                if (known != 0) {
                    assertThat(uid).as("another message at %s", at).isEqualTo(known);
                }
                numbers.set(number - 1, uid);
                lastUid = Math.max(lastUid, uid);
                known = uid;
                checkOrder(at);
            }
            if (fetch.group(3) != null && known != 0) {
                String words = fetch.group(3);
                flags.put(
                        known,
                        new TreeSet<>(words.isEmpty() ? List.of() : List.of(words.split(" "))));
            }
        }

        /** RFC 9051 §2.3.1.1: uids ascend with the numbers. */
        private void checkOrder(String at) {
            long before = 0;
            for (long uid : numbers) {
                if (uid != 0) {
                    assertThat(uid).as("order at %s", at).isGreaterThan(before);
                    before = uid;
                }
            }
        }

        void close() throws IOException {
            line.close();
        }
    }
}
