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

    /**
     * Whether its conversations do little at a time and call the system for most of it, so that
     * threads of the system serve them better, as far as there are any.
     */
    default boolean wantsAttendants() {
        return false;
    }

    /** Its doors have been opened: what it does of its own accord begins here, without waiting. */
    default void begin() {}

    /** It is served no longer, or another has taken its place, which has begun already. */
    default void end() {}
}
