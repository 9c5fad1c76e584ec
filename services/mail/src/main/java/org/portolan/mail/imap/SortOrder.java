package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.mail.imap.ImapCommand.Criterion;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Snapshot;
import org.portolan.stores.mime.Address;
import org.portolan.stores.mime.EncodedWords;
import org.portolan.stores.mime.Envelope;
import org.portolan.stores.mime.ParsedMessage;
import org.portolan.stores.mime.PlainSubject;
import org.portolan.stores.mime.SentDate;

/** The order of SORT (RFC 5256 §3, RFC 5957); what is equal stays in the order of numbers. */
final class SortOrder {
    private static final int BATCH = 256;

    private final Mail mail;
    private final Selection selection;
    private final Snapshot now;

    SortOrder(Mail mail, Selection selection, Snapshot now) {
        this.mail = mail;
        this.selection = selection;
        this.now = now;
    }

    /** A message and what it is compared by: a number or a text for each criterion. */
    private record Row(int number, Object[] keys) {}

    int[] sorted(BitSet found, List<Criterion> criteria) throws StoreException {
        boolean looks =
                criteria.stream()
                        .anyMatch(c -> !c.word().equals("ARRIVAL") && !c.word().equals("SIZE"));
        List<Row> rows = new ArrayList<>(found.cardinality());
        List<Integer> batch = new ArrayList<>(BATCH);
        for (int n = found.nextSetBit(1); n > 0; n = found.nextSetBit(n + 1)) {
            batch.add(n);
            if (batch.size() == BATCH) {
                add(rows, batch, criteria, looks);
                batch.clear();
            }
        }
        add(rows, batch, criteria, looks);
        rows.sort(comparator(criteria));
        return rows.stream().mapToInt(Row::number).toArray();
    }

    private void add(List<Row> rows, List<Integer> batch, List<Criterion> criteria, boolean looks)
            throws StoreException {
        long[] bodies = batch.stream().mapToLong(n -> now.body(selection.place(now, n))).toArray();
        List<Optional<ParsedMessage>> parsed = looks ? ParsedMessages.of(mail, bodies) : List.of();
        for (int i = 0; i < batch.size(); i++) {
            int number = batch.get(i);
            int place = selection.place(now, number);
            if (looks && parsed.get(i).isEmpty()) {
                continue; // expunged meanwhile
            }
            Envelope envelope = looks ? parsed.get(i).get().envelope() : null;
            Object[] keys = new Object[criteria.size()];
            for (int k = 0; k < keys.length; k++) {
                keys[k] = key(criteria.get(k).word(), place, envelope);
            }
            rows.add(new Row(number, keys));
        }
    }

    private Object key(String word, int place, @Nullable Envelope envelope) {
        if (envelope == null) {
            return word.equals("SIZE") ? now.size(place) : now.received(place);
        }
        return switch (word) {
            case "SIZE" -> now.size(place);
            case "DATE" -> sent(envelope, place);
            case "SUBJECT" -> subject(envelope);
            case "FROM" -> mailbox(envelope.from());
            case "TO" -> mailbox(envelope.to());
            case "CC" -> mailbox(envelope.cc());
            case "DISPLAYFROM" -> displayed(envelope.from());
            case "DISPLAYTO" -> displayed(envelope.to());
            default -> now.received(place);
        };
    }

    /** RFC 5256 §2.2: a Date that says nothing is the internal one. */
    private Object sent(Envelope envelope, int place) {
        String date = envelope.date();
        return date == null
                ? now.received(place)
                : SentDate.of(date).map(SentDate::epochSecond).orElse(now.received(place));
    }

    private static String subject(Envelope envelope) {
        String subject = envelope.subject();
        return subject == null ? "" : PlainSubject.of(EncodedWords.decode(subject));
    }

    /** The first address's mailbox alone; i;unicode-casemap compares it in capitals. */
    private static String mailbox(List<Address> addresses) {
        return addresses.isEmpty() || addresses.getFirst().mailbox() == null
                ? ""
                : folded(utf8(addresses.getFirst().mailbox()));
    }

    /** RFC 5957 §3: the name, or the address where there is none. */
    private static String displayed(List<Address> addresses) {
        if (addresses.isEmpty()) {
            return "";
        }
        Address first = addresses.getFirst();
        if (first.name() != null && !first.name().isBlank()) {
            return folded(EncodedWords.decode(first.name()));
        }
        String mailbox = utf8(first.mailbox());
        return folded(first.host() == null ? mailbox : mailbox + "@" + utf8(first.host()));
    }

    private static String utf8(@Nullable String raw) {
        return raw == null ? "" : new String(raw.getBytes(ISO_8859_1), UTF_8);
    }

    private static String folded(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    private static Comparator<Row> comparator(List<Criterion> criteria) {
        return (one, other) -> {
            for (int i = 0; i < criteria.size(); i++) {
                int order = compare(one.keys[i], other.keys[i]);
                if (order != 0) {
                    return criteria.get(i).reverse() ? -order : order;
                }
            }
            return Integer.compare(one.number, other.number);
        };
    }

    private static int compare(Object one, Object other) {
        return one instanceof Long number
                ? Long.compare(number, (Long) other)
                : one.toString().compareTo(other.toString());
    }
}
