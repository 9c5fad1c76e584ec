package org.portolan.admin;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What may stand behind {@code portolan sockets}. */
final class SocketListing {
    private static final int MOST_SECONDS = 60;

    @Mixin private SocketFilter filter = new SocketFilter();

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            description = "By age (if left out), service, peer, account, in or out.")
    private @Nullable String sort;

    @Option(names = "--tcp", description = "Conversations only.")
    private boolean tcp;

    @Option(names = "--udp", description = "What goes over UDP only.")
    private boolean udp;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Option(
            names = {"--follow", "--watch"},
            arity = "0..1",
            fallbackValue = "2",
            paramLabel = "SECONDS",
            description = "Again and again, every 2 seconds if left out, until Ctrl-C.")
    private @Nullable String follow;

    SocketFilter filter() {
        return filter;
    }

    boolean json() {
        return json;
    }

    /** Whether conversations over TCP are wanted. */
    boolean tcp() {
        return tcp || !udp;
    }

    /** Whether what goes over UDP is wanted. */
    boolean udp() {
        return udp || !tcp;
    }

    SocketOrder order() throws Refusal {
        return sort == null ? SocketOrder.AGE : SocketOrder.of(sort);
    }

    /** How long to wait before the next table; empty if one is enough. */
    Optional<Duration> pause() throws Refusal {
        if (follow == null) {
            return Optional.empty();
        }
        int seconds = follow.matches("[0-9]{1,3}") ? Integer.parseInt(follow) : 0;
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw Refusal.usage("--follow takes a number of seconds from 1 to " + MOST_SECONDS);
        }
        return Optional.of(Duration.ofSeconds(seconds));
    }
}
