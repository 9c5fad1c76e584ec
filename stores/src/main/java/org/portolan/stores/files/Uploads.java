package org.portolan.stores.files;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The uploads of whole files that are under way, by the names that they have until they are. */
final class Uploads {
    private record UnderWay(String where, Holder holder, Instant since) {}

    private final InstantSource clock;
    private final Map<String, UnderWay> uploads = new ConcurrentHashMap<>();

    Uploads(InstantSource clock) {
        this.clock = clock;
    }

    void begin(String name, String where, Holder holder) {
        uploads.put(name, new UnderWay(where, holder, clock.instant()));
    }

    void end(String name) {
        uploads.remove(name);
    }

    boolean has(String name) {
        return uploads.containsKey(name);
    }

    /** As rows of the lock table: they exclude nobody from what is there until they are done. */
    List<LockTable.Held> underWay() {
        return uploads.values().stream()
                .map(
                        upload ->
                                new LockTable.Held(
                                        new FileId(0, 0),
                                        upload.where(),
                                        upload.holder(),
                                        EnumSet.of(Access.WRITE),
                                        Access.ALL,
                                        0,
                                        false,
                                        upload.since()))
                .toList();
    }
}
