package org.portolan.admin;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.portolan.kernel.Nearest;

/** In which order the table of sockets is shown. */
enum SocketOrder {
    /** The oldest conversation first; over UDP who was heard last. */
    AGE,
    SERVICE,
    PEER,
    ACCOUNT,
    /** Those that have sent most first. */
    IN,
    /** Those that were sent most first. */
    OUT;

    private Comparator<SocketRow> order() {
        return switch (this) {
            case AGE -> Comparator.comparingLong(SocketRow::ageOrder);
            case SERVICE ->
                    Comparator.comparing(SocketRow::service)
                            .thenComparingInt(row -> row.port().number());
            case PEER ->
                    Comparator.comparing(row -> row.peer().map(SocketRow.End::order).orElse(""));
            case ACCOUNT -> Comparator.comparing(SocketRow::account);
            case IN -> Comparator.comparingLong(SocketRow::bytesIn).reversed();
            case OUT -> Comparator.comparingLong(SocketRow::bytesOut).reversed();
        };
    }

    /** What the operator calls {@code word}. */
    static SocketOrder of(String word) throws Refusal {
        List<String> words = Arrays.stream(values()).map(SocketOrder::word).toList();
        int found = words.indexOf(word.toLowerCase(Locale.ROOT));
        if (found < 0) {
            String near = Nearest.of(word, words);
            throw Refusal.usage(
                    "--sort takes one of %s, not \"%s\"%s"
                            .formatted(
                                    String.join(", ", words),
                                    word,
                                    near.isEmpty() ? "" : "; did you mean " + near + "?"));
        }
        return values()[found];
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<SocketRow> sorted(List<SocketRow> rows) {
        return rows.stream().sorted(order().thenComparing(SocketRow::id)).toList();
    }
}
