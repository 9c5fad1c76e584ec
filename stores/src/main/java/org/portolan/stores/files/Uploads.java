package org.portolan.stores.files;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.portolan.stores.Spaces.Space;

/** The uploads of whole files that are under way, by names that they may have until then. */
final class Uploads {
    /** One of them. */
    static final class Coming {
        final String name;
        private final Place place;
        private final Holder holder;
        private final Instant since;
        private long unseen; // changed within a step of the space's ledger only

        private Coming(String name, Place place, Holder holder, Instant since) {
            this.name = name;
            this.place = place;
            this.holder = holder;
            this.since = since;
        }

        /** So many of its bytes are on the disk, where no name leads to them. */
        void unseen(long bytes) {
            unseen = bytes;
        }
    }

    private final InstantSource clock;
    private final String run = "upload-" + UUID.randomUUID() + "-"; // another's may lie beside ours
    private final AtomicLong next = new AtomicLong();
    private final Map<String, Coming> uploads = new ConcurrentHashMap<>();

    Uploads(InstantSource clock) {
        this.clock = clock;
    }

    Coming begin(Place place, Holder holder) {
        String name = run + next.incrementAndGet();
        Coming coming = new Coming(name, place, holder, clock.instant());
        uploads.put(name, coming);
        return coming;
    }

    void end(Coming coming) {
        uploads.remove(coming.name);
    }

    boolean has(String name) {
        return uploads.containsKey(name);
    }

    /** How many bytes of a space nobody finds who looks through its folders. */
    long unseen(Space space) {
        return uploads.values().stream()
                .filter(coming -> coming.place.space().id() == space.id())
                .mapToLong(coming -> coming.unseen)
                .sum();
    }

    /** As rows of the lock table: they exclude nobody from what is there until they are done. */
    List<LockTable.Held> underWay() {
        return uploads.values().stream()
                .map(
                        coming ->
                                new LockTable.Held(
                                        new FileId(0, 0),
                                        coming.place.where(),
                                        coming.holder,
                                        EnumSet.of(Access.WRITE),
                                        Access.ALL,
                                        0,
                                        false,
                                        coming.since))
                .toList();
    }
}
