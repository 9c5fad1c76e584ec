package org.portolan.server;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Network;
import org.portolan.kernel.Section;
import org.portolan.kernel.firewall.Rule;

/**
 * What {@code portolan share} is to do.
 *
 * @param folder the one that is shared
 * @param time how long; until it is stopped if empty
 * @param to the networks that may reach it beside this machine, as the firewall's rules name them
 * @param write whether anything may be added and changed
 * @param closed whether even reading wants the password
 * @param portOffset added to every well-known port; the first that is free if empty
 */
record ShareOptions(
        Path folder,
        Optional<Duration> time,
        List<String> to,
        boolean write,
        boolean closed,
        OptionalInt portOffset) {
    private static final Set<String> WHOEVER = Set.of("any", "outside");
    private static final int LARGEST_OFFSET = 50_000;

    /**
     * Reads the words behind the verb; empty if they are no options of it, or ask for help.
     *
     * @throws IllegalArgumentException with a sentence, if an option has a value it cannot have
     */
    static Optional<ShareOptions> of(List<String> words) {
        @Nullable String folder = null;
        @Nullable String time = null;
        @Nullable String offset = null;
        List<String> to = new ArrayList<>();
        boolean write = false;
        boolean closed = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (name.startsWith("--") && Set.of("--write", "--private").contains(word)) {
                write |= word.equals("--write");
                closed |= word.equals("--private");
            } else if (Set.of("--for", "--to", "--port-offset").contains(name)) {
                if (equals < 0 && i + 1 == words.size()) {
                    return Optional.empty();
                }
                String value = equals < 0 ? words.get(++i) : word.substring(equals + 1);
                switch (name) {
                    case "--for" -> time = value;
                    case "--to" -> to.addAll(List.of(value.split(",", -1)));
                    default -> offset = value;
                }
            } else if (folder == null && !word.startsWith("-") && !word.isEmpty()) {
                folder = word;
            } else {
                return Optional.empty();
            }
        }
        if (folder == null) {
            return Optional.empty();
        }
        return Optional.of(
                new ShareOptions(
                        Path.of(folder),
                        time == null ? Optional.empty() : Optional.of(duration(time)),
                        to.stream().map(ShareOptions::network).toList(),
                        write,
                        closed,
                        offset == null ? OptionalInt.empty() : OptionalInt.of(offset(offset))));
    }

    private static Duration duration(String text) {
        try {
            Duration time = Section.durationOf(text);
            if (time.isPositive()) {
                return time;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--for wants a time like 30min, 1h or 2d, not \"" + text + "\"", e);
        }
        throw new IllegalArgumentException("--for wants a time, not none at all");
    }

    private static String network(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        try {
            if (!WHOEVER.contains(word)) {
                Network.of(word);
            }
            return word;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--to wants a network like 192.168.1.0/24, an address, or any, not \""
                            + text
                            + "\"",
                    e);
        }
    }

    private static int offset(String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= LARGEST_OFFSET) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException(
                "--port-offset wants a number up to 50000, not \"" + text + "\"");
    }

    /** Whether other machines may reach it. */
    boolean beyondThisMachine() {
        return !to.isEmpty();
    }

    /** Whether one of the networks has {@code address} in it. */
    boolean isMeant(InetAddress address) {
        return to.stream()
                .anyMatch(word -> WHOEVER.contains(word) || Network.of(word).contains(address));
    }

    /** The rules of its firewall; this machine needs none. */
    List<Rule> rules() {
        return to.stream().map(word -> Rule.of("allow all from " + word)).toList();
    }
}
