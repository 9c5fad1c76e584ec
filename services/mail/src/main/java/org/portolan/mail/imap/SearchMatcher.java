package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Snapshot;
import org.portolan.stores.mime.Address;
import org.portolan.stores.mime.EncodedWords;
import org.portolan.stores.mime.Envelope;
import org.portolan.stores.mime.ParsedMessage;
import org.portolan.stores.mime.SentDate;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/**
 * Finds the messages of a search (RFC 9051 §6.4.4). What flags, dates and sizes decide is decided
 * first and for all messages; only what is left is looked into.
 */
final class SearchMatcher {
    private static final int BATCH = 256;
    private static final long DAY = 86_400;

    private final Mail mail;
    private final Selection selection;
    private final Snapshot now;
    private final TextSearch.Charset charset;
    private final long moment;
    private final IdentityHashMap<SearchKey, BitSet> numbersOf = new IdentityHashMap<>();
    private final IdentityHashMap<SearchKey, Long> bits = new IdentityHashMap<>();
    private final IdentityHashMap<SearchKey, TextSearch> needles = new IdentityHashMap<>();
    private final FieldFilter filter = new FieldFilter();

    /** A message that is looked into; what is known of it is read once. */
    private static final class Look {
        private final int place;
        private final ParsedMessage parsed;
        private @Nullable MessageText text;

        Look(int place, ParsedMessage parsed) {
            this.place = place;
            this.parsed = parsed;
        }
    }

    SearchMatcher(
            Mail mail,
            Selection selection,
            Snapshot now,
            TextSearch.Charset charset,
            Instant moment) {
        this.mail = mail;
        this.selection = selection;
        this.now = now;
        this.charset = charset;
        this.moment = moment.getEpochSecond();
    }

    /** The numbers of the messages that {@code key} finds; those that are gone are not found. */
    BitSet find(SearchKey key) throws IOException, StoreException, Refusal {
        List<SearchKey> keys = key instanceof SearchKey.And and ? and.keys() : List.of(key);
        List<SearchKey> quick = new ArrayList<>();
        List<SearchKey> slow = new ArrayList<>();
        for (SearchKey each : keys) {
            prepare(each);
            (looksInside(each) ? slow : quick).add(each);
            if (each instanceof SearchKey.Header header) {
                filter.add(header.field(), needle(each));
            }
        }
        BitSet found = new BitSet();
        int[] candidates = new int[BATCH];
        int used = 0;
        int count = selection.count();
        for (int number = 1; number <= count; number++) {
            int place = selection.place(now, number);
            if (place < 0 || !all(quick, number, place)) {
                continue;
            }
            if (slow.isEmpty()) {
                found.set(number);
                continue;
            }
            candidates[used++] = number;
            if (used == BATCH) {
                look(candidates, used, slow, found);
                used = 0;
            }
        }
        if (used > 0) {
            look(candidates, used, slow, found);
        }
        return found;
    }

    private boolean all(List<SearchKey> keys, int number, int place) throws IOException, Refusal {
        for (SearchKey key : keys) {
            if (!matches(key, number, place, null)) {
                return false;
            }
        }
        return true;
    }

    /** Leaves out of {@code numbers} what the filter rules out; returns how many are left. */
    private int filtered(int[] numbers, int count) throws StoreException {
        if (!filter.useful()) {
            return count;
        }
        List<byte @Nullable []> fields = mail.keptFields(bodies(numbers, count));
        int left = 0;
        for (int i = 0; i < count; i++) {
            byte[] known = fields.get(i);
            if (known == null || !filter.excludes(known)) {
                numbers[left++] = numbers[i];
            }
        }
        return left;
    }

    private long[] bodies(int[] numbers, int count) {
        long[] bodies = new long[count];
        for (int i = 0; i < count; i++) {
            bodies[i] = now.body(selection.place(now, numbers[i]));
        }
        return bodies;
    }

    private void look(int[] numbers, int all, List<SearchKey> keys, BitSet found)
            throws IOException, StoreException, Refusal {
        int count = filtered(numbers, all);
        long[] bodies = bodies(numbers, count);
        List<Optional<ParsedMessage>> parsed = ParsedMessages.of(mail, bodies);
        for (int i = 0; i < count; i++) {
            if (parsed.get(i).isEmpty()) {
                continue;
            }
            int place = selection.place(now, numbers[i]);
            Look look = new Look(place, parsed.get(i).get());
            boolean matches = true;
            for (SearchKey key : keys) {
                matches = matches && matches(key, numbers[i], place, look);
            }
            if (matches) {
                found.set(numbers[i]);
            }
        }
    }

    private static boolean looksInside(SearchKey key) {
        return switch (key) {
            case SearchKey.And and -> and.keys().stream().anyMatch(SearchMatcher::looksInside);
            case SearchKey.Or or -> looksInside(or.one()) || looksInside(or.other());
            case SearchKey.Not not -> looksInside(not.key());
            case SearchKey.Header _, SearchKey.Text _, SearchKey.Body _ -> true;
            case SearchKey.Day day -> day.which() == SearchKey.Which.SENT;
            case SearchKey.All _,
                    SearchKey.Flag _,
                    SearchKey.Recent _,
                    SearchKey.Numbers _,
                    SearchKey.Uids _,
                    SearchKey.Age _,
                    SearchKey.Size _,
                    SearchKey.ModSeq _,
                    SearchKey.EmailId _,
                    SearchKey.ThreadId _,
                    SearchKey.SaveDateSupported _ ->
                    false;
        };
    }

    /** Sets and texts are made ready once, and refused before anything is searched. */
    private void prepare(SearchKey key) throws Refusal {
        switch (key) {
            case SearchKey.And and -> {
                for (SearchKey each : and.keys()) {
                    prepare(each);
                }
            }
            case SearchKey.Or or -> {
                prepare(or.one());
                prepare(or.other());
            }
            case SearchKey.Not not -> prepare(not.key());
            case SearchKey.Numbers numbers ->
                    numbersOf.put(key, selection.numbers(numbers.set(), false));
            case SearchKey.Uids uids -> numbersOf.put(key, selection.numbers(uids.set(), true));
            case SearchKey.Header header -> needles.put(key, charset.needle(header.text()));
            case SearchKey.Text text -> needles.put(key, charset.needle(text.text()));
            case SearchKey.Body body -> needles.put(key, charset.needle(body.text()));
            case SearchKey.Flag flag -> bits.put(key, FlagWords.bit(now, flag.name()));
            case SearchKey.All _,
                    SearchKey.Recent _,
                    SearchKey.Day _,
                    SearchKey.Age _,
                    SearchKey.Size _,
                    SearchKey.ModSeq _,
                    SearchKey.EmailId _,
                    SearchKey.ThreadId _,
                    SearchKey.SaveDateSupported _ -> {}
        }
    }

    private boolean matches(SearchKey key, int number, int place, @Nullable Look look)
            throws IOException, Refusal {
        return switch (key) {
            case SearchKey.All _, SearchKey.SaveDateSupported _ -> true;
            case SearchKey.And and -> {
                for (SearchKey each : and.keys()) {
                    if (!matches(each, number, place, look)) {
                        yield false;
                    }
                }
                yield true;
            }
            case SearchKey.Or or ->
                    matches(or.one(), number, place, look)
                            || matches(or.other(), number, place, look);
            case SearchKey.Not not -> !matches(not.key(), number, place, look);
            case SearchKey.Flag flag ->
                    (now.flags(place) & bits.getOrDefault(key, 0L)) != 0 == flag.set();
            case SearchKey.Recent recent -> !recent.set();
            case SearchKey.Numbers _, SearchKey.Uids _ -> numbers(key).get(number);
            case SearchKey.Size size ->
                    size.larger() ? now.size(place) > size.bytes() : now.size(place) < size.bytes();
            case SearchKey.Age age ->
                    age.younger() == now.received(place) >= moment - age.seconds();
            case SearchKey.ModSeq modSeq -> now.modseq(place) >= modSeq.least();
            case SearchKey.EmailId id -> id.id().equals("M" + now.body(place));
            case SearchKey.ThreadId _ -> false;
            case SearchKey.Day day -> day(day, place, look);
            case SearchKey.Header header -> header(header, needle(key), opened(look));
            case SearchKey.Body _ -> text(opened(look)).inBody(needle(key));
            case SearchKey.Text _ -> text(opened(look)).anywhere(needle(key));
        };
    }

    private BitSet numbers(SearchKey key) {
        BitSet numbers = numbersOf.get(key);
        return numbers == null ? new BitSet() : numbers;
    }

    private TextSearch needle(SearchKey key) {
        TextSearch needle = needles.get(key);
        if (needle == null) {
            throw new IllegalStateException("a search was not made ready");
        }
        return needle;
    }

    private static Look opened(@Nullable Look look) {
        if (look == null) {
            throw new IllegalStateException("a message was not opened");
        }
        return look;
    }

    private boolean day(SearchKey.Day day, int place, @Nullable Look look) {
        long of =
                switch (day.which()) {
                    case RECEIVED -> Math.floorDiv(now.received(place), DAY);
                    case SAVED -> Math.floorDiv(now.saved(place), DAY);
                    case SENT -> sent(opened(look), place);
                };
        long asked = day.day().toEpochDay();
        return switch (day.relation()) {
            case BEFORE -> of < asked;
            case ON -> of == asked;
            case SINCE -> of >= asked;
        };
    }

    /** RFC 9051 §6.4.4: the day of the Date field, whatever its time and zone. */
    private long sent(Look look, int place) {
        String date = look.parsed.envelope().date();
        Optional<SentDate> sent = date == null ? Optional.empty() : SentDate.of(date);
        return sent.map(s -> s.day().toEpochDay())
                .orElseGet(() -> received(place).toEpochDay()); // RFC 5256 §2.2
    }

    private LocalDate received(int place) {
        return Instant.ofEpochSecond(now.received(place)).atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private boolean header(SearchKey.Header key, TextSearch needle, Look look) throws IOException {
        Envelope envelope = look.parsed.envelope();
        return switch (Ascii.upper(key.field())) {
            case "FROM" -> inAddresses(needle, envelope.from());
            case "TO" -> inAddresses(needle, envelope.to());
            case "CC" -> inAddresses(needle, envelope.cc());
            case "BCC" -> inAddresses(needle, envelope.bcc());
            case "SUBJECT" -> inField(needle, envelope.subject());
            case "MESSAGE-ID" -> inField(needle, envelope.messageId());
            default -> text(look).inHeader(key.field(), needle);
        };
    }

    private static boolean inField(TextSearch needle, @Nullable String field) {
        return field != null && needle.in(EncodedWords.decode(field));
    }

    private static boolean inAddresses(TextSearch needle, List<Address> addresses) {
        for (Address address : addresses) {
            StringBuilder text = new StringBuilder();
            if (address.host() == null) { // a group's name
                text.append(
                        address.mailbox() == null ? "" : EncodedWords.decode(address.mailbox()));
            } else {
                if (address.name() != null) {
                    text.append(EncodedWords.decode(address.name())).append(' ');
                }
                text.append('<')
                        .append(utf8(address.mailbox()))
                        .append('@')
                        .append(utf8(address.host()))
                        .append('>');
            }
            if (needle.in(text.toString())) {
                return true;
            }
        }
        return false;
    }

    private static String utf8(@Nullable String raw) {
        return raw == null ? "" : new String(raw.getBytes(ISO_8859_1), UTF_8);
    }

    private MessageText text(Look look) throws IOException {
        MessageText text = look.text;
        if (text == null) {
            try (FileChannel file = mail.body(now.body(look.place))) {
                text = MessageText.read(file, look.parsed.root());
            } catch (NoSuchFileException e) { // expunged meanwhile: nothing is in it any more
                text = MessageText.NONE;
            }
            look.text = text;
        }
        return text;
    }
}
