package org.portolan.mail.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mime.ParsedMessage;

/** What is known of several messages, of which some may have been expunged a moment ago. */
final class ParsedMessages {
    private ParsedMessages() {}

    /** In the order of {@code bodies}; empty for what is gone. */
    static List<Optional<ParsedMessage>> of(Mail mail, long[] bodies) throws StoreException {
        try {
            return bodies.length == 0
                    ? List.of()
                    : mail.parsed(bodies).stream().map(Optional::of).toList();
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.MISSING) {
                throw e;
            }
        }
        List<Optional<ParsedMessage>> found = new ArrayList<>();
        for (long body : bodies) {
            found.add(one(mail, body));
        }
        return found;
    }

    private static Optional<ParsedMessage> one(Mail mail, long body) throws StoreException {
        try {
            return Optional.of(mail.parsed(new long[] {body}).getFirst());
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.MISSING) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
