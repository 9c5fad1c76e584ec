package org.portolan.admin;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

    /** Reads the settings and certificates again and applies what can be applied while serving. */
    Reloaded reload();

    /**
     * What a reload came to.
     *
     * @param applied false if nothing was changed, because of what {@code sentences} say
     * @param sentences what changed, what waits for the next start, or what is wrong; for people
     */
    record Reloaded(boolean applied, List<String> sentences) {}

    /**
     * Begins to stop, and returns at once: the verb that asked is one of those that are drained.
     */
    void stop();

    /** Everything that is counted, in Prometheus's text format. */
    String metricsText();
}
