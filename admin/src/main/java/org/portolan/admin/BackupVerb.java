package org.portolan.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import org.portolan.stores.StoreException;
import org.portolan.stores.backup.Backups;

/**
 * {@code portolan backup}, the server's part of it: all of the site as one stream to the operator.
 * Where that is kept is the matter of {@link ArchiveClient}.
 */
final class BackupVerb implements Callable<Integer> {
    private final Site site;
    private final Backups backups;
    private final Journal journal;
    private final Operator operator;

    BackupVerb(Site site, Backups backups, Journal journal, Operator operator) {
        this.site = site;
        this.backups = backups;
        this.journal = journal;
        this.operator = operator;
    }

    /** The operator is gone, which is no fault of the disk. */
    private static final class Gone extends UncheckedIOException {
        private static final long serialVersionUID = 1L;

        Gone(IOException cause) {
            super(cause);
        }
    }

    @Override
    public Integer call() throws IOException, StoreException, Refusal {
        Backups.Taken taken;
        try {
            taken = backups.take(site.name(), Version.number(), this::hand);
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof Gone gone) {
                throw gone.getCause();
            }
            throw e;
        } catch (IOException e) {
            throw Refusal.failed("no backup was taken: " + e.getMessage());
        }
        journal.changed(
                "a backup was taken: %s, %s"
                        .formatted(
                                Words.count(taken.messages(), "message"),
                                Words.bytes(taken.bytes())));
        if (!taken.damaged().isEmpty()) {
            operator.remark(
                    "portolan: what was lost or damaged before, or cut short while it was read:"
                            + " %s\n".formatted(String.join(", ", taken.damaged())));
        }
        return Verbs.DONE;
    }

    private void hand(byte[] bytes, int from, int count, long total) {
        try {
            operator.hand(bytes, from, count, total);
        } catch (IOException e) {
            throw new Gone(e);
        }
    }
}
