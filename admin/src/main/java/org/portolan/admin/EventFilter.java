package org.portolan.admin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.Events;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;

/** Which events are meant: all that every given option speaks of. */
final class EventFilter {
    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description =
                    "started, stopped, logged_in, login_failed, refused, changed,"
                            + " file_changed, forwarded, locked_out, accepted, sent, deferred,"
                            + " bounced, alarm, all_clear; several with commas.")
    private @Nullable List<String> kinds;

    @Option(
            names = "--id",
            paramLabel = "ID",
            defaultValue = "",
            showDefaultValue = Help.Visibility.NEVER,
            description = "Of a message, or of a conversation and its messages.")
    private String id = "";

    @Option(
            names = "--service",
            paramLabel = "NAME",
            defaultValue = "",
            showDefaultValue = Help.Visibility.NEVER,
            description = "As smtp, admin, server.")
    private String service = "";

    @Option(
            names = "--account",
            paramLabel = "NAME",
            defaultValue = "",
            showDefaultValue = Help.Visibility.NEVER,
            description = "Who did it, or tried to.")
    private String account = "";

    @Option(
            names = "--peer",
            paramLabel = "ADDRESS",
            defaultValue = "",
            showDefaultValue = Help.Visibility.NEVER,
            description = "The other end's address.")
    private String peer = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "",
            showDefaultValue = Help.Visibility.NEVER,
            description = "Not before: 30min, 2h, 7d ago, or a date in UTC.")
    private String since = "";

    /** Whether it was said since when. */
    boolean namesATime() {
        return !since.isEmpty();
    }

    Events.Wanted wanted(Instant now) throws Refusal {
        return new Events.Wanted(
                EventsPage.kinds(kinds == null ? List.of() : kinds),
                id,
                service,
                account,
                peer,
                since.isEmpty() ? Instant.EPOCH : EventsPage.since(since, now));
    }
}
