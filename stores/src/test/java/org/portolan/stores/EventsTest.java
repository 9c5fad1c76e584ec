package org.portolan.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Events.Event;
import org.portolan.stores.Events.Kind;
import org.portolan.stores.Events.Wanted;

/** What happened, in order, as much of it as there is room for. */
class EventsTest {
    @TempDir Path folder;
    private final SteppedClock clock = new SteppedClock();

    private void note(Events events, String words) {
        events.note(Kind.REFUSED, "smtp", "smtp-1", "192.0.2.1:99", "ada", words);
    }

    @Test
    void theLatestAreToldOldestFirst() throws Exception {
        try (Events events = new Events(folder, clock)) {
            note(events, "one");
            clock.advance(Duration.ofMillis(1));
            note(events, "two");
            note(events, "three \u001b \0 \u20ac");
            await().until(() -> events.latest(10).size() == 3);
            assertThat(events.latest(2))
                    .containsExactly(
                            new Event(
                                    SteppedClock.START.plusMillis(1),
                                    Kind.REFUSED,
                                    "smtp",
                                    "smtp-1",
                                    "192.0.2.1:99",
                                    "ada",
                                    "two"),
                            new Event(
                                    SteppedClock.START.plusMillis(1),
                                    Kind.REFUSED,
                                    "smtp",
                                    "smtp-1",
                                    "192.0.2.1:99",
                                    "ada",
                                    "three \u001b \0 \u20ac"));
            assertThat(events.latest(0)).isEmpty();
            assertThat(events.lost()).isZero();
        }
    }

    private static List<String> words(Events.Found found) {
        return found.events().stream().map(Event::words).toList();
    }

    @Test
    void onlyWhatIsWantedIsTold() throws Exception {
        try (Events events = new Events(folder, clock)) {
            events.note(Kind.STARTED, "server", "", "", "", "up");
            clock.advance(Duration.ofHours(1));
            events.note(Kind.REFUSED, "smtp", "smtp-1.2", "192.0.2.1:99", "ada", "one");
            events.note(Kind.LOGGED_IN, "pop3", "pop3-1", "192.0.2.1:98", "bob", "two");
            events.note(Kind.LOGGED_IN, "pop3", "pop3-2", "192.0.2.11:98", "ada", "three");
            events.note(Kind.LOGIN_FAILED, "pop3", "pop3-3", "[2001:db8::1]:98", "ada", "four");
            await().until(() -> events.latest(10).size() == 5);
            Instant start = Instant.EPOCH;
            Instant later = SteppedClock.START.plusSeconds(1);
            Set<Kind> failures = Set.of(Kind.REFUSED, Kind.LOGIN_FAILED);
            assertThat(words(events.latest(Wanted.ALL, 2))).containsExactly("three", "four");
            assertThat(words(events.latest(new Wanted(failures, "", "", "", "", start), 9)))
                    .containsExactly("one", "four");
            assertThat(words(events.latest(new Wanted(Set.of(), "", "pop3", "ada", "", start), 9)))
                    .containsExactly("three", "four");
            assertThat(
                            words(
                                    events.latest(
                                            new Wanted(Set.of(), "", "", "", "192.0.2.1", start),
                                            9)))
                    .containsExactly("one", "two");
            assertThat(
                            words(
                                    events.latest(
                                            new Wanted(Set.of(), "", "", "", "2001:db8::1", start),
                                            9)))
                    .containsExactly("four");
            for (String id : List.of("smtp-1", "smtp-1.2")) {
                assertThat(words(events.latest(new Wanted(Set.of(), id, "", "", "", start), 9)))
                        .containsExactly("one");
            }
            for (String id : List.of("smtp", "smtp-1.", "smtp-1.22")) {
                assertThat(words(events.latest(new Wanted(Set.of(), id, "", "", "", start), 9)))
                        .isEmpty();
            }
            assertThat(words(events.latest(new Wanted(Set.of(), "", "", "", "", later), 9)))
                    .containsExactly("one", "two", "three", "four");
        }
    }

    @Test
    void whoFollowsMissesNothingAndSeesNothingTwice() throws Exception {
        try (Events events = new Events(folder, clock)) {
            Thread.startVirtualThread(
                    () -> {
                        for (int i = 0; i < 500; i++) {
                            note(events, "word " + i);
                        }
                    });
            List<String> seen = new ArrayList<>();
            Events.Found page = events.latest(Wanted.ALL, 1000);
            seen.addAll(words(page));
            while (seen.size() < 500) {
                events.await(page.last(), Duration.ofSeconds(10));
                page = events.after(page.last(), Wanted.ALL, 7);
                seen.addAll(words(page));
            }
            assertThat(seen).doesNotHaveDuplicates().hasSize(500).endsWith("word 499");
        }
    }

    @Test
    void closingKeepsWhatWasNoted() throws Exception {
        try (Events events = new Events(folder, clock)) {
            for (int i = 0; i < 500; i++) {
                note(events, "word " + i);
            }
        }
        try (Events events = new Events(folder, clock)) {
            List<Event> all = events.latest(1000);
            assertThat(all).hasSize(500);
            assertThat(all.getFirst().words()).isEqualTo("word 0");
            assertThat(all.getLast().words()).isEqualTo("word 499");
        }
    }

    @Test
    void aFloodCostsEventsAndNoTime() throws Exception {
        try (Events events = new Events(folder, clock)) {
            for (int i = 0; i < 50_000; i++) {
                note(events, "flood"); // never waits, though the disk is slower
            }
            long lost = events.lost();
            await().until(() -> events.latest(100_000).size() == 50_000 - lost);
            assertThat(events.lost()).isEqualTo(lost);
        }
    }

    @Test
    void oldOnesMakeRoom() throws Exception {
        try (Events events = new Events(folder, clock, 1500)) {
            for (int i = 1; i <= 4000; i++) {
                note(events, "word " + i);
                if (i % 1000 == 0) { // let the writer keep up
                    String last = "word " + i;
                    await().until(
                                    () -> {
                                        List<Event> latest = events.latest(1);
                                        return !latest.isEmpty()
                                                && latest.getFirst().words().equals(last);
                                    });
                }
            }
            List<Event> all = events.latest(10_000);
            assertThat(all).hasSize(1500);
            assertThat(all.getLast().words()).isEqualTo("word 4000");
        }
    }

    @Test
    void whatCannotBeKeptIsCounted() throws Exception {
        Events events = new Events(folder, clock);
        events.close();
        note(events, "too late");
        assertThat(events.lost()).isEqualTo(1);
    }
}
