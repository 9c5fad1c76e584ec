package org.portolan.kernel.registry;

import java.util.List;
import java.util.Optional;

/**
 * A service that people meet on a port, or on a range of them, of one lane.
 *
 * @param first the port, or the first of the range
 * @param last the same, or the last of the range
 * @param name IANA's for the port; what it is called where IANA has none
 * @param also what people call it besides
 * @param safer what to use instead
 * @param standard the document that says how it speaks, or whose it is; empty if nobody's
 * @param client a command that tries it, HOST standing for the host; empty if only machines do
 * @param title what it is for
 */
public record KnownPort(
        int first,
        int last,
        Lane lane,
        String name,
        List<String> also,
        Security security,
        Optional<Safer> safer,
        String standard,
        String client,
        String title) {

    /** Something better at another port: its name, or one of its names, and its number. */
    public record Safer(String name, int port) {
        /** {@code imaps/993}. */
        @Override
        public String toString() {
            return name + "/" + port;
        }
    }

    public boolean contains(int number) {
        return number >= first && number <= last;
    }

    /** Whether {@code word} is one of its names, in large or small letters. */
    public boolean isCalled(String word) {
        return name.equalsIgnoreCase(word) || also.stream().anyMatch(word::equalsIgnoreCase);
    }

    /** {@code 443}, or {@code 6000-6063}. */
    public String numbers() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
