package org.portolan.admin;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.mail.MailQueue.Wanted;
import picocli.CommandLine.Option;

/** Which messages of the queue are meant; several options have to be true at once. */
final class QueueFilter {
    @Option(
            names = "--destination",
            paramLabel = "DOMAIN",
            description = "Those that somebody at this domain waits for.")
    private @Nullable String destination;

    @Option(names = "--sender", paramLabel = "ADDRESS", description = "Those from this sender.")
    private @Nullable String sender;

    @Option(names = "--all", description = "All there are.")
    private boolean all;

    /** Whether nobody said which. */
    boolean isEmpty() {
        return destination == null && sender == null && !all;
    }

    Wanted wanted(String id) {
        return new Wanted(
                id,
                sender == null ? "" : sender,
                destination == null ? "" : destination.toLowerCase(Locale.ROOT));
    }
}
