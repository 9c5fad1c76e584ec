package org.portolan.kernel;

import java.util.List;

/** Something that can be served: a name, its doors, and how patient it is. */
public interface Service {
    /** The section in the settings, the word in logs, the label in metrics: {@code smtp}. */
    String name();

    /** Where it listens; the same answer for the service's whole life. */
    List<Door> doors();

    /** How much of everything one peer may have. */
    default Limits limits() {
        return Limits.USUAL;
    }
}
