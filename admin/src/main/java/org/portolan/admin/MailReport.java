package org.portolan.admin;

import java.io.IOException;
import java.util.List;
import org.portolan.stores.DkimKeys;
import org.portolan.stores.StoreException;

/** What the world has to know of the site's mail, as far as verbs know it. */
public interface MailReport {
    /**
     * A record to publish.
     *
     * @param value as a master file writes it; a text without its quotes
     * @param needed whether mail suffers without it
     * @param state "ok", "differs", "missing", "unanswered"; empty if nobody was asked
     * @param seen what there is instead, or why nobody could say
     */
    record Row(String name, String type, String value, boolean needed, String state, String seen) {}

    /** The records for a domain's mail; {@code ask} whether the world sees them. */
    List<Row> records(String domain, boolean ask);

    /** What mail is signed with. */
    DkimKeys keys();

    /** Puts what has changed into the site's own zone, if that is ours to write. */
    void publish() throws IOException, StoreException;
}
