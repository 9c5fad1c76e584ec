package org.portolan.admin;

import org.portolan.stores.Events;

/** Notes who changed what. */
record Journal(Events events, Operator operator) {
    void changed(String words) {
        events.note(
                Events.Kind.CHANGED, "admin", operator.conversation(), "", operator.name(), words);
    }
}
