package org.portolan.admin;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.Service;

/** The running server, as far as verbs know it. */
public interface Site {
    /** The site's name, from the first line of its settings. */
    String name();

    Instant startedAt();

    /** Every door on every address, open or not. */
    List<Kernel.Opened> doors();

    /** Services that the settings switch off, as they would be served; their doors are not open. */
    List<Service> switchedOff();

    /** The file with the certificate of the site's authority, for clients. */
    Path authority();

    /** What an administrator should look at besides doors that are not open; for people. */
    default List<String> problems() {
        return List.of();
    }

    /** How it stands with the time; nothing if none is served. */
    default Optional<TimeReport> time() {
        return Optional.empty();
    }

    /** What the world has to know of the site's mail; nothing if there is none. */
    default Optional<MailReport> mail() {
        return Optional.empty();
    }

    /** What counts for every setting, as the file writes it: {@code smtp.message_size}, "35 MB". */
    default Map<String, String> settings() {
        return Map.of();
    }

    /** How many conversations and datagrams have come to a service since the start. */
    default long visits(String service) {
        return 0;
    }

    /**
     * Reads the settings and certificates again and applies what can be applied while serving.
     *
     * @param asker who must not be cut off by it, over the network
     */
    Reloaded reload(Optional<Connection> asker);

    /**
     * What a reload came to.
     *
     * @param applied false if nothing was changed, because of what {@code problems} say
     * @param changes what is otherwise than before
     * @param problems what is wrong, or did not go well; for people
     */
    record Reloaded(boolean applied, List<Change> changes, List<String> problems) {}

    /**
     * Something that a reload changed.
     *
     * @param what {@code setting}, {@code door}, {@code rule}, {@code certificate}; or {@code
     *     restart} for what waits for the next start
     * @param name the setting's key, the door's port, the rule, the certificate
     * @param before how it was; empty for what was not there
     * @param after how it is; empty for what is gone
     */
    record Change(String what, String name, String before, String after) {
        /** For people. */
        public String sentence() {
            if (what.equals("restart")) {
                return "waits for a restart: " + name;
            }
            if (before.isEmpty() && after.isEmpty()) {
                return what + " " + name;
            }
            return before.isEmpty()
                    ? "%s %s: new, %s".formatted(what, name, after)
                    : after.isEmpty()
                            ? "%s %s: gone, was %s".formatted(what, name, before)
                            : "%s %s: %s -> %s".formatted(what, name, before, after);
        }
    }

    /**
     * Begins to stop, and returns at once: the verb that asked is one of those that are drained.
     */
    void stop();

    /** Everything that is counted, in Prometheus's text format. */
    String metricsText();
}
