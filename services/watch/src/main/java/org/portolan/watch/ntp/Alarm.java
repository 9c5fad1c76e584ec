package org.portolan.watch.ntp;

import java.util.function.BiConsumer;
import org.portolan.stores.Events;

/** Something that a person should look at: said when it begins and when it is over. */
final class Alarm {
    private final BiConsumer<Events.Kind, String> note;
    private boolean on;

    Alarm(BiConsumer<Events.Kind, String> note) {
        this.note = note;
    }

    boolean on() {
        return on;
    }

    /** Says how it is now; a change is noted in the one or the other words. */
    void set(boolean now, String begins, String ends) {
        if (now != on) {
            on = now;
            note.accept(now ? Events.Kind.ALARM : Events.Kind.ALL_CLEAR, now ? begins : ends);
        }
    }
}
