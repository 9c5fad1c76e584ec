package org.portolan.stores.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.stores.Account;
import org.portolan.stores.SteppedClock;
import org.portolan.stores.StoreException;

/** The store against a naive model: whatever is done, in whatever order, both are the same. */
class MailModelTest {
    private static final Account ADA = new Account(1, "ada");
    private static final List<String> KEYWORDS = List.of("$Forwarded", "work", "Later");
    private static final Map<String, Long> SYSTEM =
            Map.of("seen", Flags.SEEN, "deleted", Flags.DELETED, "flagged", Flags.FLAGGED);

    @TempDir Path folder;
    private final SteppedClock clock = new SteppedClock();

    /** A message as the model has it. */
    private static final class Letter {
        final String text;
        final Set<String> flags;
        long modseq;

        Letter(String text, Set<String> flags, long modseq) {
            this.text = text;
            this.flags = new TreeSet<>(flags);
            this.modseq = modseq;
        }
    }

    /** A mailbox as the model has it. */
    private static final class Box {
        final long id;
        String name;
        final TreeMap<Long, Letter> letters = new TreeMap<>();
        final TreeMap<Long, Long> vanished = new TreeMap<>(); // uid to modseq
        long highest = 1;
        long nextUid = 1;

        Box(long id, String name) {
            this.id = id;
            this.name = name;
        }
    }

    /** What one run does. */
    private final class Run {
        final Random random;
        final List<Box> boxes = new ArrayList<>();
        final Map<Long, OpenMailbox> open = new HashMap<>();
        final Map<Long, Snapshot> told = new HashMap<>();
        final Map<Long, AtomicInteger> calls = new HashMap<>();
        Mail mail;
        int letters;

        Run(long seed) throws Exception {
            random = new Random(seed);
            mail = new Mail(folder, clock);
            mail.mailboxes(ADA).forEach(box -> boxes.add(new Box(box.id(), box.name())));
        }

        Box any() {
            return boxes.get(random.nextInt(boxes.size()));
        }

        Box inbox() {
            return boxes.stream().filter(box -> box.name.equals("INBOX")).findFirst().orElseThrow();
        }

        /** Some of its messages, and now and then ids that it does not have. */
        UidSet some(Box box) {
            UidSet.Builder uids = new UidSet.Builder();
            for (long uid = 1; uid < box.nextUid + 2; uid++) {
                if (random.nextInt(4) == 0) {
                    uids.add(uid);
                }
            }
            return random.nextInt(5) == 0 ? UidSet.ALL : uids.build();
        }

        Draft draft(String text) throws StoreException {
            Draft draft = mail.draft();
            byte[] bytes = text.getBytes(ISO_8859_1);
            draft.append(bytes, 0, bytes.length);
            return draft;
        }

        String text() {
            return "Subject: " + ++letters + "\r\n\r\n" + "x".repeat(random.nextInt(50));
        }

        void step() throws Exception {
            switch (random.nextInt(12)) {
                case 0, 1 -> deliver();
                case 2 -> append();
                case 3, 4, 5 -> store();
                case 6 -> expunge();
                case 7, 8 -> transfer();
                case 9 -> makeOrRename();
                case 10 -> openOrClose();
                default -> deleteOrReopen();
            }
        }

        void deliver() throws Exception {
            String text = text();
            mail.deliver(draft(text), List.of(ADA));
            Box inbox = inbox();
            inbox.letters.put(inbox.nextUid++, new Letter(text, Set.of(), ++inbox.highest));
        }

        void append() throws Exception {
            Box box = any();
            List<Addition> additions = new ArrayList<>();
            box.highest++;
            for (int i = random.nextInt(3); i >= 0; i--) {
                String text = text();
                additions.add(
                        new Addition(draft(text), Flags.SEEN, List.of("WORK"), Instant.EPOCH));
                box.letters.put(
                        box.nextUid++, new Letter(text, Set.of("seen", "work"), box.highest));
            }
            Copied added = mail.append(box.id, additions);
            assertThat(added.to()).hasSize(additions.size());
            assertThat(added.modseq()).isEqualTo(box.highest);
        }

        void store() throws Exception {
            Box box = any();
            UidSet uids = some(box);
            List<String> names = new ArrayList<>(SYSTEM.keySet());
            names.sort(null);
            names.addAll(KEYWORDS);
            names.removeIf(name -> random.nextBoolean());
            FlagChange.Kind kind = FlagChange.Kind.values()[random.nextInt(3)];
            long system = names.stream().mapToLong(name -> SYSTEM.getOrDefault(name, 0L)).sum();
            List<String> keywords = names.stream().filter(KEYWORDS::contains).toList();
            long since = random.nextInt(3) == 0 ? random.nextLong(box.highest + 1) : -1;
            UidSet.Builder refused = new UidSet.Builder();
            UidSet.Builder changed = new UidSet.Builder();
            for (Map.Entry<Long, Letter> letter : box.letters.entrySet()) {
                if (!uids.contains(letter.getKey())) {
                    continue;
                }
                if (since >= 0 && letter.getValue().modseq > since) {
                    refused.add(letter.getKey());
                    continue;
                }
                Set<String> lower = new TreeSet<>();
                names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
                Set<String> now = new TreeSet<>(letter.getValue().flags);
                boolean changes =
                        switch (kind) {
                            case ADD -> now.addAll(lower);
                            case REMOVE -> now.removeAll(lower);
                            case REPLACE -> now.retainAll(lower) | now.addAll(lower);
                        };
                if (changes) {
                    letter.getValue().flags.clear();
                    letter.getValue().flags.addAll(now);
                    letter.getValue().modseq = box.highest + 1;
                    changed.add(letter.getKey());
                }
            }
            Stored stored =
                    mail.store(
                            box.id,
                            uids,
                            new FlagChange(kind, system, keywords),
                            since < 0 ? OptionalLong.empty() : OptionalLong.of(since));
            assertThat(stored.refused()).isEqualTo(refused.build());
            assertThat(stored.changed()).isEqualTo(changed.build());
            if (!changed.build().isEmpty()) {
                assertThat(stored.modseq()).isEqualTo(box.highest + 1);
            }
            box.highest = stored.modseq(); // a new keyword alone is a change, too
        }

        void expunge() throws Exception {
            Box box = any();
            UidSet uids = some(box);
            boolean onlyDeleted = random.nextBoolean();
            UidSet.Builder gone = new UidSet.Builder();
            for (long uid : box.letters.keySet()) {
                Letter letter = box.letters.get(uid);
                if (uids.contains(uid) && (!onlyDeleted || letter.flags.contains("deleted"))) {
                    gone.add(uid);
                }
            }
            Mail.Expunged expunged = mail.expunge(box.id, uids, onlyDeleted);
            assertThat(expunged.uids()).isEqualTo(gone.build());
            vanish(box, expunged.uids());
            assertThat(expunged.modseq()).isEqualTo(box.highest);
        }

        void vanish(Box box, UidSet gone) {
            if (!gone.isEmpty()) {
                box.highest++;
                gone.stream().forEach(uid -> box.vanished.put(uid, box.highest));
                gone.stream().forEach(box.letters::remove);
            }
        }

        void transfer() throws Exception {
            Box from = any();
            Box to = any();
            UidSet uids = some(from);
            boolean move = random.nextBoolean();
            List<Map.Entry<Long, Letter>> taken =
                    from.letters.entrySet().stream()
                            .filter(letter -> uids.contains(letter.getKey()))
                            .map(Map.Entry::copyOf) // a map's own change when others go
                            .toList();
            Copied copied =
                    move ? mail.move(from.id, uids, to.id) : mail.copy(from.id, uids, to.id);
            assertThat(copied.from())
                    .isEqualTo(taken.stream().mapToLong(Map.Entry::getKey).toArray());
            if (move) {
                vanish(from, UidSet.of(copied.from()));
            }
            to.highest += taken.isEmpty() ? 0 : 1;
            for (int i = 0; i < taken.size(); i++) {
                assertThat(copied.to()[i]).isEqualTo(to.nextUid);
                Letter letter = taken.get(i).getValue();
                to.letters.put(to.nextUid++, new Letter(letter.text, letter.flags, to.highest));
            }
        }

        void makeOrRename() throws Exception {
            String name = "m" + random.nextInt(4) + (random.nextBoolean() ? "/x" : "");
            boolean taken = boxes.stream().anyMatch(box -> box.name.equals(name));
            if (random.nextBoolean()) {
                if (taken) {
                    assertThatThrownBy(() -> mail.create(1, name, Optional.empty()))
                            .isInstanceOf(StoreException.class);
                } else {
                    mail.create(1, name, Optional.empty());
                }
            } else {
                Box box = any();
                boolean below = name.startsWith(box.name + "/");
                if (taken || below || box.name.equals("INBOX")) {
                    return;
                }
                String old = box.name;
                mail.rename(box.id, name);
                for (Box each : boxes) {
                    if (each.name.equals(old) || each.name.startsWith(old + "/")) {
                        each.name = name + each.name.substring(old.length());
                    }
                }
            }
            for (Mailbox made : mail.mailboxes(ADA)) { // with those above that were missing
                if (boxes.stream().noneMatch(box -> box.id == made.id())) {
                    assertThat(name + "/").startsWith(made.name() + "/");
                    boxes.add(new Box(made.id(), made.name()));
                }
            }
        }

        void openOrClose() throws Exception {
            Box box = any();
            OpenMailbox session = open.remove(box.id);
            if (session == null) {
                AtomicInteger changes = new AtomicInteger();
                calls.put(box.id, changes);
                open.put(box.id, mail.open(box.id, changes::incrementAndGet));
                told.put(box.id, open.get(box.id).latest());
            } else {
                session.close();
            }
        }

        void deleteOrReopen() throws Exception {
            Box box = any();
            if (random.nextInt(4) == 0) {
                open.values().forEach(OpenMailbox::close);
                open.clear();
                mail.close();
                mail = new Mail(folder, clock);
            } else if (!box.name.equals("INBOX")) {
                mail.delete(box.id);
                boxes.remove(box);
                OpenMailbox session = open.remove(box.id);
                if (session != null) {
                    assertThat(session.gone()).isTrue();
                    session.close();
                }
            }
        }

        void check() throws Exception {
            Map<Long, Mailbox> listed = new HashMap<>();
            mail.mailboxes(ADA).forEach(box -> listed.put(box.id(), box));
            assertThat(listed).hasSize(boxes.size());
            long bytes = 0;
            long messages = 0;
            for (Box box : boxes) {
                Mailbox row = listed.get(box.id);
                assertThat(row.name()).isEqualTo(box.name);
                assertThat(row.messages()).isEqualTo(box.letters.size());
                assertThat(row.uidNext()).isEqualTo(box.nextUid);
                assertThat(row.highestModseq()).isEqualTo(box.highest);
                assertThat(row.unseen()).isEqualTo(without(box, "seen"));
                assertThat(row.deleted()).isEqualTo(box.letters.size() - without(box, "deleted"));
                assertThat(row.bytes())
                        .isEqualTo(
                                box.letters.values().stream().mapToInt(l -> l.text.length()).sum());
                bytes += row.bytes();
                messages += row.messages();
                vanished(box);
                OpenMailbox session = open.get(box.id);
                if (session != null) {
                    same(box, session.latest());
                    tell(box, session.latest());
                }
            }
            assertThat(mail.quota(ADA)).isEqualTo(new Quota(messages, bytes, 0, 0));
        }

        private long without(Box box, String flag) {
            return box.letters.values().stream().filter(l -> !l.flags.contains(flag)).count();
        }

        void vanished(Box box) throws StoreException {
            long since = random.nextLong(box.highest + 1);
            UidSet.Builder after = new UidSet.Builder();
            box.vanished.forEach(
                    (uid, modseq) -> {
                        if (modseq > since) {
                            after.add(uid);
                        }
                    });
            UidSet said = mail.vanishedSince(box.id, since);
            if (since > 0) {
                assertThat(said).isEqualTo(after.build());
            } else { // nothing is remembered of before the first change
                assertThat(said.and(after.build())).isEqualTo(after.build());
            }
        }

        /** A client that is told only of differences has the same list in the end. */
        void tell(Box box, Snapshot latest) {
            Snapshot before = told.get(box.id);
            if (random.nextInt(3) > 0) {
                return; // it does not always look
            }
            List<Long> uids = new ArrayList<>();
            for (int i = 0; i < before.count(); i++) {
                uids.add(before.uid(i));
            }
            int[] gone = before.missingIn(latest);
            for (int i = gone.length - 1; i >= 0; i--) {
                uids.remove(gone[i]);
            }
            for (int i = uids.size(); i < latest.count(); i++) {
                uids.add(latest.uid(i));
            }
            assertThat(uids).isEqualTo(new ArrayList<>(box.letters.keySet()));
            for (int i : latest.changedSince(before.highestModseq())) {
                assertThat(latest.modseq(i)).isGreaterThan(before.highestModseq());
            }
            told.put(box.id, latest);
        }
    }

    private static void same(Box box, Snapshot snapshot) {
        assertThat(snapshot.count()).isEqualTo(box.letters.size());
        assertThat(snapshot.uidNext()).isEqualTo(box.nextUid);
        assertThat(snapshot.highestModseq()).isEqualTo(box.highest);
        int i = 0;
        for (Map.Entry<Long, Letter> letter : box.letters.entrySet()) {
            assertThat(snapshot.uid(i)).isEqualTo(letter.getKey());
            assertThat(snapshot.indexOf(letter.getKey())).isEqualTo(i);
            assertThat(snapshot.modseq(i)).isEqualTo(letter.getValue().modseq);
            assertThat(snapshot.size(i)).isEqualTo(letter.getValue().text.length());
            assertThat(names(snapshot, i)).isEqualTo(letter.getValue().flags);
            i++;
        }
    }

    private static Set<String> names(Snapshot snapshot, int i) {
        Set<String> names = new TreeSet<>();
        SYSTEM.forEach(
                (name, bit) -> {
                    if ((snapshot.flags(i) & bit) != 0) {
                        names.add(name);
                    }
                });
        for (int place = 0; place < snapshot.keywords().size(); place++) {
            if ((snapshot.flags(i) & Flags.keyword(place)) != 0) {
                names.add(snapshot.keywords().get(place).toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void storeAndModelStayTheSame(long seed) throws Exception {
        Run run = new Run(seed);
        try {
            for (int step = 0; step < 250; step++) {
                run.step();
                run.check();
            }
            for (Box box : run.boxes) {
                bodies(run.mail, box);
            }
            run.mail.removeAccount(ADA);
            assertThat(run.mail.usage()).isEmpty();
        } finally {
            run.mail.close();
        }
    }

    private static void bodies(Mail mail, Box box) throws Exception {
        try (OpenMailbox session = mail.open(box.id, () -> {})) {
            int i = 0;
            for (Letter letter : box.letters.values()) {
                long number = session.latest().body(i++);
                try (FileChannel body = mail.body(number)) {
                    ByteBuffer bytes = ByteBuffer.allocate(letter.text.length());
                    body.read(bytes);
                    assertThat(new String(bytes.array(), ISO_8859_1)).isEqualTo(letter.text);
                }
                String subject = mail.parsed(new long[] {number}).getFirst().envelope().subject();
                assertThat(letter.text).startsWith("Subject: " + subject + "\r\n");
            }
        }
    }

    // ---- at once

    @Test
    void whoeverWatchesSeesEveryChangeInOrder() throws Exception {
        try (Mail mail = new Mail(folder, clock)) {
            long inbox = idOf(mail, "INBOX");
            long archive = idOf(mail, "Archive");
            AtomicReference<Snapshot> last = new AtomicReference<>();
            AtomicReference<String> wrong = new AtomicReference<>("");
            AtomicReference<OpenMailbox> watched = new AtomicReference<>();
            OpenMailbox session =
                    mail.open(
                            inbox,
                            () -> {
                                OpenMailbox known = watched.get();
                                if (known != null) {
                                    observe(last, known.latest(), wrong);
                                }
                            });
            watched.set(session);
            List<Thread> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Random random = new Random(t);
                all.add(Thread.startVirtualThread(() -> work(mail, inbox, archive, random, wrong)));
            }
            for (Thread one : all) {
                one.join();
            }
            assertThat(wrong.get()).isEmpty();
            Snapshot seen = session.latest();
            session.close();
            assertThat(seen.count()).isPositive();
            mail.close();
            try (Mail again = new Mail(folder, clock);
                    OpenMailbox read = again.open(inbox, () -> {})) {
                Snapshot stored = read.latest();
                assertThat(stored.highestModseq()).isEqualTo(seen.highestModseq());
                assertThat(stored.count()).isEqualTo(seen.count());
                for (int i = 0; i < seen.count(); i++) {
                    assertThat(stored.uid(i)).isEqualTo(seen.uid(i));
                    assertThat(stored.flags(i)).isEqualTo(seen.flags(i));
                    assertThat(stored.modseq(i)).isEqualTo(seen.modseq(i));
                }
            }
        }
    }

    private static long idOf(Mail mail, String name) throws StoreException {
        return mail.mailboxes(ADA).stream()
                .filter(box -> box.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private static void observe(
            AtomicReference<Snapshot> last, Snapshot now, AtomicReference<String> wrong) {
        Snapshot before = last.getAndSet(now);
        if (before != null) {
            if (now.highestModseq() <= before.highestModseq()) {
                wrong.set("a change came late or twice");
            }
            if (now.uidNext() < before.uidNext()) {
                wrong.set("uidNext went back");
            }
            for (int i : now.changedSince(before.highestModseq())) {
                if (now.modseq(i) != now.highestModseq()) {
                    wrong.set("a change was not told by itself");
                }
            }
        }
    }

    private static void work(
            Mail mail, long inbox, long archive, Random random, AtomicReference<String> wrong) {
        try {
            for (int i = 0; i < 60; i++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        Draft draft = mail.draft();
                        draft.append("x\r\n".getBytes(ISO_8859_1), 0, 3);
                        mail.deliver(draft, List.of(ADA));
                    }
                    case 2 -> {
                        FlagChange change = FlagChange.add(1L << random.nextInt(5));
                        mail.store(inbox, range(random), change, OptionalLong.empty());
                    }
                    case 3 -> mail.expunge(inbox, range(random), random.nextBoolean());
                    default -> mail.move(archive, range(random), inbox);
                }
                mail.copy(inbox, UidSet.range(1, 3), archive);
            }
        } catch (StoreException | RuntimeException e) {
            wrong.set(e.toString());
        }
    }

    private static UidSet range(Random random) {
        long from = 1 + random.nextInt(100);
        return UidSet.range(from, from + random.nextInt(3));
    }

    @Test
    void boxesAreListedByName() throws Exception {
        try (Mail mail = new Mail(folder, clock)) {
            mail.create(1, "b/c", Optional.empty());
            List<String> names = mail.mailboxes(ADA).stream().map(Mailbox::name).toList();
            assertThat(names).isSortedAccordingTo(Comparator.naturalOrder()).contains("b", "b/c");
        }
    }
}
