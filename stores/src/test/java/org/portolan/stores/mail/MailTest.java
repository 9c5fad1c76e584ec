package org.portolan.stores.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Account;
import org.portolan.stores.Permissions;
import org.portolan.stores.SteppedClock;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail.Maildrop;

/** Mail comes in whole, stays until it is deleted, and leaves nothing behind. */
class MailTest {
    private static final Account ADA = new Account(1, "ada");
    private static final Account BOB = new Account(2, "bob");

    @TempDir Path folder;
    private final SteppedClock clock = new SteppedClock();
    private Mail mail;

    @BeforeEach
    void open() throws Exception {
        mail = new Mail(folder, clock);
    }

    @AfterEach
    void close() throws IOException {
        mail.close();
    }

    private void reopen() throws Exception {
        close();
        open();
    }

    private Draft draft(byte[] body) throws StoreException {
        Draft draft = mail.draft();
        draft.append(body, 0, body.length);
        return draft;
    }

    private void deliver(String body, Account... accounts) throws StoreException {
        mail.deliver(draft(body.getBytes(ISO_8859_1)), List.of(accounts));
    }

    private Maildrop drop(Account account) throws StoreException {
        return mail.lock(account).orElseThrow();
    }

    private static byte[] bytes(Maildrop drop, Message message) throws IOException {
        try (FileChannel body = drop.open(message)) {
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(body.size()));
            while (all.hasRemaining()) {
                body.read(all);
            }
            assertThat(message.size()).isEqualTo(all.capacity());
            return all.array();
        }
    }

    private List<String> mailOf(Account account) throws Exception {
        try (Maildrop drop = drop(account)) {
            List<String> bodies = new ArrayList<>();
            for (Message message : drop.messages()) {
                bodies.add(new String(bytes(drop, message), ISO_8859_1));
            }
            return bodies;
        }
    }

    private void delete(Account account, int... which) throws StoreException {
        try (Maildrop drop = drop(account)) {
            List<Message> gone = new ArrayList<>();
            for (int i : which) {
                gone.add(drop.messages().get(i));
            }
            drop.delete(gone);
        }
    }

    private Set<String> files() {
        try (Stream<Path> all = Files.walk(folder.resolve("bodies"))) {
            Set<String> names = new HashSet<>();
            all.filter(Files::isRegularFile)
                    .forEach(file -> names.add(file.getFileName().toString()));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aMessageReachesEachOfItsReadersInOrder() throws Exception {
        deliver("one\r\n", ADA, BOB);
        clock.advance(Duration.ofSeconds(5));
        deliver("two\r\n", ADA);
        assertThat(files()).hasSize(2); // one body for both readers
        for (int i = 0; i < 2; i++) {
            assertThat(mailOf(ADA)).containsExactly("one\r\n", "two\r\n");
            assertThat(mailOf(BOB)).containsExactly("one\r\n");
            try (Maildrop drop = drop(ADA)) {
                assertThat(drop.messages()).extracting(Message::uid).containsExactly(1L, 2L);
                assertThat(drop.messages())
                        .extracting(Message::received)
                        .containsExactly(SteppedClock.START, SteppedClock.START.plusSeconds(5));
                assertThat(drop.uidValidity()).isEqualTo(SteppedClock.START.getEpochSecond());
            }
            reopen();
        }
        assertThat(mail.usage())
                .isEqualTo(Map.of(1L, new Mail.Usage(2, 10), 2L, new Mail.Usage(1, 5)));
    }

    @Test
    void whoHasNoMailHasAnEmptyDrop() throws Exception {
        try (Maildrop drop = drop(ADA)) {
            assertThat(drop.messages()).isEmpty();
            drop.delete(List.of());
        }
        assertThat(mail.usage()).isEmpty();
    }

    @Test
    void anIdentityIsNeverUsedAgain() throws Exception {
        deliver("one", ADA);
        deliver("two", ADA);
        delete(ADA, 0, 1);
        reopen();
        deliver("three", ADA);
        try (Maildrop drop = drop(ADA)) {
            assertThat(drop.messages()).extracting(Message::uid).containsExactly(3L);
        }
        delete(ADA, 0);
        reopen();
        deliver("four", ADA);
        try (Maildrop drop = drop(ADA)) {
            assertThat(drop.messages()).extracting(Message::uid).containsExactly(4L);
        }
    }

    @Test
    void aClockThatJumpsTakesNothingBack() throws Exception {
        deliver("one", ADA);
        Mailbox inbox = mail.mailbox(ADA, "INBOX").orElseThrow();
        long uidValidity = inbox.uidValidity();
        long uid = 1;
        long modseq = inbox.highestModseq();
        long made = 0;
        for (long days : new long[] {-3650, 1, 7300, -7300, 200_000, -196_350}) {
            clock.advance(Duration.ofDays(days));
            Instant received = clock.instant();
            Addition addition = new Addition(draft(new byte[] {'x'}), 0, List.of(), received);
            Copied added = mail.append(inbox.id(), List.of(addition));
            assertThat(added.uidValidity()).isEqualTo(uidValidity);
            assertThat(added.to()).containsExactly(++uid);
            FlagChange seen = FlagChange.add(Flags.SEEN);
            var _ = mail.store(inbox.id(), UidSet.of(uid), seen, OptionalLong.empty());
            reopen();
            Mailbox after = mail.mailbox(ADA, "INBOX").orElseThrow();
            assertThat(after.highestModseq()).isGreaterThan(modseq + 1);
            modseq = after.highestModseq();
            mail.create(ADA.id(), "again", Optional.empty()); // a name comes back, its number not
            Mailbox again = mail.mailbox(ADA, "again").orElseThrow();
            assertThat(again.uidValidity()).isGreaterThan(made).isBetween(1L, 0xffff_ffffL);
            made = again.uidValidity();
            mail.delete(again.id());
        }
        assertThat(made).isGreaterThan(uidValidity);
    }

    @Test
    void aBodyGoesWithTheLastOfItsReaders() throws Exception {
        deliver("for both", ADA, BOB);
        deliver("for ada", ADA);
        delete(ADA, 0, 1);
        await().until(() -> files().size() == 1);
        assertThat(mailOf(ADA)).isEmpty();
        assertThat(mailOf(BOB)).containsExactly("for both");
        delete(BOB, 0);
        await().until(() -> files().isEmpty());
    }

    @Test
    void anAccountTakesItsMailWithIt() throws Exception {
        deliver("for both", ADA, BOB);
        deliver("for ada", ADA);
        mail.removeAccount(ADA);
        await().until(() -> files().size() == 1);
        assertThat(mailOf(ADA)).isEmpty();
        assertThat(mailOf(BOB)).containsExactly("for both");
        mail.removeAccount(BOB);
        mail.removeAccount(BOB); // once more does no harm
        await().until(() -> files().isEmpty());
    }

    @Test
    void aRemovalThatBrokeOffIsFinished() throws Exception {
        deliver("for ada", ADA);
        deliver("for bob", BOB);
        mail.leaving(ADA);
        mail.leaving(BOB);
        assertThat(mail.finishRemovals(account -> account == BOB.id())).isEqualTo(1);
        assertThat(mailOf(BOB)).containsExactly("for bob");
        assertThat(mail.usage()).containsOnlyKeys(BOB.id());
        assertThat(mail.finishRemovals(account -> false)).isZero(); // bob is not leaving any more
    }

    @Test
    void whoHasNoRoomGetsNothingAndTheOthersNeither() throws Exception {
        mail.limit(ADA, 2, 10);
        deliver("12345", ADA);
        assertThat(mail.hasRoom(ADA, 5)).isTrue();
        assertThat(mail.hasRoom(ADA, 6)).isFalse();
        assertThatThrownBy(() -> deliver("123456", BOB, ADA))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.OVER_QUOTA));
        assertThat(mailOf(BOB)).isEmpty();
        deliver("12345", ADA, BOB);
        assertThatThrownBy(() -> deliver("", ADA)).isInstanceOf(StoreException.class);
        delete(ADA, 0); // with more room there is room again
        deliver("1", ADA);
        assertThat(mail.quota(ADA)).isEqualTo(new Quota(2, 6, 2, 10));
        assertThat(mailOf(ADA)).containsExactly("12345", "1");
    }

    @Test
    void whatIsSharedIsSeenByThoseItIsSharedWith() throws Exception {
        long plans = mail.create(ADA.id(), "Plans", Optional.empty());
        mail.mailboxes(BOB);
        mail.share(plans, Rights.account(BOB.id()), "rl");
        List<Mailbox> seen = mail.mailboxes(BOB).stream().filter(box -> box.id() == plans).toList();
        assertThat(seen).hasSize(1);
        assertThat(seen.getFirst().owner()).isEqualTo(ADA.id());
        assertThat(seen.getFirst().rights()).isEqualTo("lr");
        mail.share(plans, Rights.ANYONE, "i");
        assertThat(mail.shares(plans)).isEqualTo(Map.of("account 2", "lr", "anyone", "i"));
        mail.share(plans, Rights.account(BOB.id()), "");
        mail.share(plans, Rights.ANYONE, "");
        assertThat(mail.mailboxes(BOB)).noneMatch(box -> box.id() == plans);
        assertThatThrownBy(() -> mail.share(plans, Rights.ANYONE, "xyz"))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void whoIsInAGroupMayWhatTheGroupMay() throws Exception {
        mail.close();
        Set<String> crew = new HashSet<>();
        mail =
                new Mail(
                        folder,
                        clock,
                        account -> account.equals(BOB) ? crew : Set.of(),
                        account -> Optional.of("somebody"));
        long plans = mail.create(ADA.id(), "Plans", Optional.empty());
        mail.share(plans, Rights.group("crew"), "lr");
        assertThat(mail.shared(BOB, "")).isEmpty();
        crew.add("crew");
        assertThat(mail.shared(BOB, "")).extracting(Mailbox::rights).containsExactly("lr");
        mail.share(plans, Rights.account(BOB.id()), "ls"); // both together
        assertThat(mail.shared(BOB, "Pl")).extracting(Mailbox::rights).containsExactly("lrs");
        assertThat(mail.shared(BOB, "Po")).isEmpty();
        mail.forgetGroup("crew");
        assertThat(mail.shared(BOB, "Plans")).extracting(Mailbox::rights).containsExactly("ls");
    }

    @Test
    void namesThatBeginTheSameAreFoundWithoutTheOthers() throws Exception {
        for (String name : List.of("Fruit/Apple", "Fruit/Äpfel", "Fruits", "fruit")) {
            mail.create(ADA.id(), name, Optional.empty());
        }
        assertThat(mail.own(ADA, "Fruit"))
                .extracting(Mailbox::name)
                .containsExactly("Fruit", "Fruit/Apple", "Fruit/Äpfel", "Fruits");
        assertThat(mail.own(ADA, "Fruit/Ä"))
                .extracting(Mailbox::name)
                .containsExactly("Fruit/Äpfel");
        assertThat(mail.own(ADA, "")).hasSize(5 + 6); // and what there is from the beginning
    }

    @Test
    void namesAreLookedUpAnewWhenTheyChanged() throws Exception {
        long plans = mail.create(ADA.id(), "Plans", Optional.empty());
        assertThat(mail.place(ADA, "Plans").orElseThrow().id()).isEqualTo(plans);
        mail.rename(plans, "Later");
        assertThat(mail.place(ADA, "Plans")).isEmpty();
        assertThat(mail.place(ADA, "Later").orElseThrow().id()).isEqualTo(plans);
        mail.delete(plans);
        assertThat(mail.place(ADA, "Later")).isEmpty();
        long again = mail.create(ADA.id(), "Later", Optional.empty());
        assertThat(mail.place(ADA, "Later").orElseThrow().id()).isEqualTo(again);
    }

    @Test
    void namesAreCheckedAndInboxHasOne() throws Exception {
        for (String name : List.of("", "/a", "a/", "a//b", "a\nb", "x".repeat(1001), "inbox")) {
            assertThatThrownBy(() -> mail.create(ADA.id(), name, Optional.empty()))
                    .as(name)
                    .isInstanceOf(StoreException.class);
        }
        mail.create(ADA.id(), "Inbox/A\u0308", Optional.empty());
        assertThat(mail.mailboxes(ADA)).anyMatch(box -> box.name().equals("INBOX/\u00c4"));
    }

    @Test
    void whatReplacesAMessageTakesItsPlaceAtOnce() throws Exception {
        deliver("old", ADA);
        long inbox = inbox();
        Addition better =
                new Addition(draft("new".getBytes(ISO_8859_1)), 0, List.of(), SteppedClock.START);
        assertThat(mail.replace(inbox, 1, inbox, better).to()).containsExactly(2);
        assertThat(mailOf(ADA)).containsExactly("new");
        Addition late =
                new Addition(draft("late".getBytes(ISO_8859_1)), 0, List.of(), SteppedClock.START);
        assertThatThrownBy(() -> mail.replace(inbox, 1, inbox, late))
                .isInstanceOf(StoreException.class);
        assertThat(mailOf(ADA)).containsExactly("new");
        await().until(() -> files().size() == 1);
    }

    private long inbox() throws StoreException {
        return mail.mailboxes(ADA).stream()
                .filter(mailbox -> mailbox.name().equals(Mailbox.INBOX))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void whatIsFilledInLaterStandsWhereItWasReserved() throws Exception {
        for (int rest : new int[] {10, 100_000}) { // in memory, and in the file
            Draft draft = draft("Return-Path: <>\r\n".getBytes(ISO_8859_1));
            draft.reserve(7);
            byte[] more = ("Subject: s\r\n\r\n" + "x".repeat(rest)).getBytes(ISO_8859_1);
            draft.append(more, 0, more.length);
            draft.fill("A: b c\n".getBytes(ISO_8859_1));
            mail.deliver(draft, List.of(ADA));
        }
        assertThat(mailOf(ADA)).allMatch(text -> text.startsWith("Return-Path: <>\r\nA: b c\nS"));
        long inbox = inbox();
        try (OpenMailbox session = mail.open(inbox, () -> {})) {
            long[] numbers = {session.latest().body(0), session.latest().body(1)};
            mail.parsed(numbers)
                    .forEach(
                            parsed -> {
                                assertThat(parsed.root().bodyFrom()).isEqualTo(17 + 7 + 14);
                                assertThat(parsed.root().headerLines()).isEqualTo(4);
                                assertThat(parsed.envelope().subject()).isEqualTo("s");
                            });
        }
    }

    @Test
    void bodiesOfAllSizesArriveAsTheyAre() throws Exception {
        int[] sizes = {0, 1, 8191, 8192, 8193, 65_535, 65_536, 65_537, 200_000, 5_000_000};
        Random random = new Random(1);
        List<byte[]> bodies = new ArrayList<>();
        for (int size : sizes) {
            byte[] body = new byte[size];
            random.nextBytes(body);
            bodies.add(body);
            Draft draft = mail.draft();
            for (int at = 0; at < size; ) { // in pieces, as they come over the wire
                int step = Math.min(size - at, 1 + random.nextInt(40_000));
                draft.append(body, at, step);
                at += step;
            }
            assertThat(draft.size()).isEqualTo(size);
            mail.deliver(draft, List.of(ADA));
        }
        reopen();
        try (Maildrop drop = drop(ADA)) {
            for (int i = 0; i < sizes.length; i++) {
                assertThat(bytes(drop, drop.messages().get(i))).isEqualTo(bodies.get(i));
            }
        }
    }

    @Test
    void aLargeMessageDoesNotWaitInMemory() throws Exception {
        Draft draft = draft(new byte[60_000]);
        assertThat(files()).isEmpty(); // most are small: one write when they are whole
        draft.append(new byte[10_000], 0, 10_000);
        assertThat(files()).hasSize(1);
        draft.discard();
        await().until(() -> files().isEmpty());
        draft.discard(); // once more does no harm
        draft(new byte[10]).discard();
        assertThat(files()).isEmpty();
    }

    @Test
    void linesThatBeginWithADotAreNoticed() throws Exception {
        Map<String, Boolean> bodies =
                Map.of(
                        "", false,
                        ".", true,
                        "a.b\r\n", false,
                        ".a\r\n", true,
                        "a\r\n.b\r\n", true,
                        "a\r\n .b\r\n", false,
                        "a\r\nb.\r\n", false);
        for (Map.Entry<String, Boolean> body : bodies.entrySet()) {
            byte[] bytes = body.getKey().getBytes(ISO_8859_1);
            for (boolean dripping : new boolean[] {false, true}) {
                Draft draft = mail.draft();
                for (int i = 0; dripping && i < bytes.length; i++) {
                    draft.append(bytes, i, 1);
                }
                if (!dripping) {
                    draft.append(bytes, 0, bytes.length);
                }
                assertThat(draft.dotted()).as(body.getKey()).isEqualTo(body.getValue());
                mail.deliver(draft, List.of(ADA));
            }
        }
        try (Maildrop drop = drop(ADA)) {
            assertThat(drop.messages()).filteredOn(Message::dotted).hasSize(2 * 3);
        }
    }

    @Test
    void aMaildropIsHeldByOneAtATime() throws Exception {
        deliver("one", ADA);
        Maildrop first = drop(ADA);
        assertThat(mail.lock(ADA)).isEmpty();
        try (Maildrop other = drop(BOB)) {
            assertThat(other.messages()).isEmpty();
        }
        deliver("two", ADA); // mail may come meanwhile; this session does not see it
        assertThat(first.messages()).hasSize(1);
        first.close();
        Maildrop second = drop(ADA);
        assertThat(second.messages()).hasSize(2);
        first.close(); // this lets go of nothing that is not its own
        assertThat(mail.lock(ADA)).isEmpty();
        second.close();
        Optional<Maildrop> third = mail.lock(ADA);
        assertThat(third).isPresent();
        third.get().close();
    }

    @Test
    void onlyWhatIsMeantIsDeleted() throws Exception {
        deliver("one", ADA, BOB);
        deliver("two", ADA, BOB);
        try (Maildrop drop = drop(ADA)) {
            List<Message> first = List.of(drop.messages().getFirst());
            drop.delete(first);
            drop.delete(first); // gone already
        }
        assertThat(mailOf(ADA)).containsExactly("two");
        assertThat(mailOf(BOB)).containsExactly("one", "two");
    }

    @Test
    void theSweepTakesWhatNobodyNamesAndNothingElse() throws Exception {
        deliver("kept", ADA);
        Draft cutOff = draft(new byte[100_000]); // what a kill leaves of a message under way
        cutOff.abandon();
        assertThat(files()).hasSize(2);
        Path strange = Files.writeString(folder.resolve("bodies/README"), "mine");
        Path numbered = Files.writeString(folder.resolve("bodies/77"), "mine, too");
        assertThat(mail.sweep()).isZero(); // not in the run that may still be writing it

        reopen();
        Draft arriving = draft(new byte[100_000]);
        assertThat(mail.sweep()).isEqualTo(1);
        assertThat(strange).exists();
        assertThat(numbered).exists();
        mail.deliver(arriving, List.of(ADA));
        assertThat(mailOf(ADA)).hasSize(2).startsWith("kept");
        assertThat(mail.sweep()).isZero();
    }

    @Test
    void manyDeliveriesAtOnceAreAllThereOnce() throws Exception {
        int senders = 200;
        int each = 5;
        AtomicInteger failures = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int s = 0; s < senders; s++) {
            String sender = "sender " + s + " message ";
            all.add(
                    Thread.startVirtualThread(
                            () -> {
                                for (int i = 0; i < each; i++) {
                                    try {
                                        deliver(sender + i, ADA, BOB);
                                    } catch (StoreException e) {
                                        failures.incrementAndGet();
                                    }
                                }
                            }));
        }
        for (Thread one : all) {
            one.join();
        }
        assertThat(failures).hasValue(0);
        Set<String> expected = new HashSet<>();
        for (int s = 0; s < senders; s++) {
            for (int i = 0; i < each; i++) {
                expected.add("sender " + s + " message " + i);
            }
        }
        reopen();
        for (Account account : List.of(ADA, BOB)) {
            List<String> there = mailOf(account);
            assertThat(there).hasSize(senders * each);
            assertThat(new HashSet<>(there)).isEqualTo(expected);
            try (Maildrop drop = drop(account)) {
                List<Long> uids = drop.messages().stream().map(Message::uid).toList();
                assertThat(uids).isSorted().doesNotHaveDuplicates();
            }
        }
        assertThat(files()).hasSize(senders * each);
    }

    @Test
    void whoIsToldYesFindsHisMailThoughTheStoreClosesMeanwhile() throws Exception {
        AtomicInteger delivered = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int s = 0; s < 20; s++) {
            all.add(
                    Thread.startVirtualThread(
                            () -> {
                                for (int i = 0; i < 50; i++) {
                                    try {
                                        deliver("x", ADA);
                                        delivered.incrementAndGet();
                                    } catch (StoreException e) {
                                        return;
                                    }
                                }
                            }));
        }
        await().until(() -> delivered.get() > 50);
        close();
        for (Thread one : all) {
            one.join();
        }
        open();
        assertThat(mailOf(ADA)).hasSize(delivered.get());
    }

    @Test
    void aBodyThatCannotBeWrittenIsSaidAndLeavesNoRow() throws Exception {
        Draft draft = draft("x".getBytes(ISO_8859_1));
        // The folder that the body wants is a file: whatever the reason, the file cannot be made.
        Files.writeString(folder.resolve("bodies/" + draft.number() / 1000), "in the way");
        assertThatThrownBy(() -> mail.deliver(draft, List.of(ADA)))
                .isInstanceOf(StoreException.class);
        assertThat(mailOf(ADA)).isEmpty();
    }

    @Test
    void nobodyElseMayReadAnyOfIt() throws Exception {
        deliver("one", ADA);
        draft(new byte[100_000]);
        assertThat(Permissions.openToOthers(folder.resolve("bodies"))).isEmpty();
        for (String name : List.of("mail.db", "mail.db-wal", "mail.db-shm")) {
            assertThat(Permissions.of(folder.resolve(name))).isEqualTo("rw-------");
        }
    }
}
