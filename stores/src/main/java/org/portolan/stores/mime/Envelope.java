package org.portolan.stores.mime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message's header that mail programs list (RFC 9051 §7.5.2), as found: who sent it
 * when there is only a From is for the reader of this to fill in. An absent field is null or an
 * empty list.
 *
 * @param references the whole field, for threads
 */
public record Envelope(
        @Nullable String date,
        @Nullable String subject,
        List<Address> from,
        List<Address> sender,
        List<Address> replyTo,
        List<Address> to,
        List<Address> cc,
        List<Address> bcc,
        @Nullable String inReplyTo,
        @Nullable String messageId,
        @Nullable String references) {}
