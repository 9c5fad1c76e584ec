package org.portolan.stores.mail;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.portolan.stores.StoreException;

/**
 * The mailboxes that were asked for by name lately: clients open the same ones again and again, and
 * names change seldom. When one does, all are forgotten, after the commit and before whoever asked
 * for it is told.
 */
final class Places {
    private static final int MOST = 10_000;

    /** An account's own mailbox, as the account calls it. */
    private record Name(long account, String name) {}

    /** Looks one up in the database. */
    interface Reading {
        Optional<Place> read() throws StoreException;
    }

    private final Map<Name, Place> known = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    Optional<Place> find(long account, String name, Reading reading) throws StoreException {
        Name key = new Name(account, name);
        Place place = known.get(key);
        if (place != null) {
            return Optional.of(place);
        }
        long before = changes.get();
        Optional<Place> read = reading.read();
        if (read.isPresent()) {
            keep(key, read.get(), before);
        }
        return read;
    }

    /** Unless a name changed while it was read: what was read may be of before. */
    private synchronized void keep(Name key, Place place, long before) {
        if (changes.get() == before) {
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(key, place);
        }
    }

    /** Names changed. */
    synchronized void forget() {
        changes.incrementAndGet();
        known.clear();
    }
}
