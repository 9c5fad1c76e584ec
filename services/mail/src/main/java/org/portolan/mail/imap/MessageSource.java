package org.portolan.mail.imap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mime.ParsedMessage;

/**
 * A message that is answered from: what was asked of the store for many at once, and what is looked
 * up only when it is needed. Whatever is asked of a message that was expunged meanwhile fails with
 * {@link NoSuchFileException}.
 */
final class MessageSource implements AutoCloseable {
    private final Mail mail;
    private final long body;
    private final byte @Nullable [] keptFields;
    private @Nullable ParsedMessage parsed;
    private @Nullable FileChannel file;

    /**
     * @param parsed if it is known already
     * @param keptFields see {@link Mail#keptFields}
     */
    MessageSource(
            Mail mail, long body, Optional<ParsedMessage> parsed, byte @Nullable [] keptFields) {
        this.mail = mail;
        this.body = body;
        this.parsed = parsed.orElse(null);
        this.keptFields = keptFields;
    }

    /** The usual fields of its header, if they are known. */
    Optional<byte[]> keptFields() {
        return Optional.ofNullable(keptFields);
    }

    ParsedMessage parsed() throws IOException, StoreException {
        ParsedMessage known = parsed;
        if (known == null) {
            known =
                    ParsedMessages.of(mail, new long[] {body})
                            .getFirst()
                            .orElseThrow(() -> new NoSuchFileException("body " + body));
            parsed = known;
        }
        return known;
    }

    FileChannel file() throws IOException {
        FileChannel open = file;
        if (open == null) {
            open = mail.body(body);
            file = open;
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
