package org.portolan.admin;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Nearest;
import org.portolan.kernel.Shown;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code portolan events} tells: the latest, some of them, or those that come. */
final class EventsPage {
    private static final Logger LOG = LoggerFactory.getLogger("portolan.admin");
    private static final int USUAL = 20;
    private static final int MOST = 100_000;
    private static final int AT_ONCE = 1000;
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);
    private static final Pattern AGO = Pattern.compile("([0-9]{1,9}) ?(s|min|m|h|d)");
    private static final Events.Wanted ANY = Events.Wanted.ALL;

    private final Events events;
    private final Operator operator;
    private final boolean json;

    EventsPage(Events events, Operator operator, boolean json) {
        this.events = events;
        this.operator = operator;
        this.json = json;
    }

    // ---- what was asked for

    /** The kinds that {@code words} name, in any spelling of theirs. */
    static Set<Events.Kind> kinds(List<String> words) throws Refusal {
        Set<Events.Kind> kinds = EnumSet.noneOf(Events.Kind.class);
        for (String word : words) {
            String spelled = word.toUpperCase(Locale.ROOT).replace('-', '_');
            List<String> known = Stream.of(Events.Kind.values()).map(Enum::name).toList();
            if (!known.contains(spelled)) {
                String near = Nearest.of(spelled, known);
                throw Refusal.usage(
                        "there is no kind \"%s\"%s"
                                .formatted(
                                        Shown.of(word),
                                        near.isEmpty()
                                                ? "; there are " + String.join(", ", known)
                                                : "; did you mean " + near + "?"));
            }
            kinds.add(Events.Kind.valueOf(spelled));
        }
        return kinds;
    }

    /** {@code 2h} before {@code now}, {@code 2026-11-21}, or {@code 2026-11-21 10:30}; in UTC. */
    static Instant since(String text, Instant now) throws Refusal {
        Matcher ago = AGO.matcher(text);
        try {
            if (ago.matches()) {
                long count = Long.parseLong(ago.group(1));
                return now.minus(
                        switch (ago.group(2)) {
                            case "s" -> Duration.ofSeconds(count);
                            case "m", "min" -> Duration.ofMinutes(count);
                            case "h" -> Duration.ofHours(count);
                            default -> Duration.ofDays(count);
                        });
            }
            String time = text.strip().replace(' ', 'T').replaceFirst("Z$", "");
            return time.indexOf('T') < 0
                    ? LocalDate.parse(time).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : LocalDateTime.parse(time).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException | ArithmeticException e) {
            throw Refusal.usage(
                    "--since takes a time such as 30min, 2h, 7d, 2026-11-21 or"
                            + " \"2026-11-21 10:30\", not \""
                            + Shown.of(text)
                            + "\"");
        }
    }

    /** How many: {@code last} if it was given, else all since a time, or the usual few. */
    static int count(@Nullable Integer last, boolean sinceWasGiven) throws Refusal {
        if (last == null) {
            return sinceWasGiven ? MOST : USUAL;
        }
        if (last < 1 || last > MOST) {
            throw Refusal.usage("--last takes a number from 1 to " + MOST);
        }
        return last;
    }

    // ---- telling

    int latest(Events.Wanted wanted, int count) throws IOException, StoreException {
        List<Events.Event> found = events.latest(wanted, count).events();
        if (json) {
            operator.say(Json.page(found.stream().map(EventsPage::entry).toList()));
            return Verbs.DONE;
        }
        if (found.isEmpty() && !wanted.equals(ANY)) {
            operator.remark("Nothing of that kind has happened.\n");
        }
        Table table = new Table("TIME", "KIND", "SERVICE", "PEER", "ACCOUNT", "WHAT");
        for (Events.Event event : found) {
            table.row(
                    Words.time(event.at()),
                    event.kind(),
                    event.service(),
                    event.peer(),
                    event.account(),
                    event.words());
        }
        operator.say(table.toString());
        return Verbs.DONE;
    }

    /**
     * Tells the latest, and then each as it comes, until the operator has had enough. This thread
     * waits for that, and another one for the events, so that neither is kept waiting by the other.
     */
    int follow(Events.Wanted wanted, int count) throws IOException, StoreException {
        Events.Found first = events.latest(wanted, count);
        tell(first.events());
        Thread follower =
                Thread.ofVirtual()
                        .name("follow-" + operator.conversation())
                        .start(() -> followFrom(first.last(), wanted));
        try {
            operator.awaitEnd();
        } finally {
            follower.interrupt();
        }
        return Verbs.DONE;
    }

    private void followFrom(long last, Events.Wanted wanted) {
        long seen = last;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                events.await(seen, LOOK_AGAIN);
                Events.Found found = events.after(seen, wanted, AT_ONCE);
                tell(found.events());
                seen = found.last();
            }
        } catch (InterruptedException | IOException gone) {
            LOG.debug("{} follows events no longer", operator.name());
        } catch (StoreException e) {
            LOG.warn("events cannot be followed", e);
        }
    }

    private void tell(List<Events.Event> found) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Events.Event event : found) {
            text.append(json ? Json.line(entry(event)) : line(event)).append('\n');
        }
        if (!text.isEmpty()) {
            operator.say(text.toString());
        }
    }

    /** A table whose widths are known before its rows. */
    private static String line(Events.Event event) {
        return String.format(
                Locale.ROOT,
                "%s  %-12s  %-8s  %-22s  %-12s  %s",
                Words.time(event.at()),
                event.kind(),
                shown(event.service()),
                shown(event.peer()),
                shown(event.account()),
                shown(event.words()));
    }

    private static String shown(String text) {
        return text.isEmpty() ? "-" : Shown.of(text);
    }

    private static Map<String, Object> entry(Events.Event event) {
        return Json.entries(
                "at", event.at().toString(),
                "kind", event.kind().name(),
                "service", event.service(),
                "conversation", event.conversation(),
                "peer", event.peer(),
                "account", event.account(),
                "words", event.words());
    }
}
