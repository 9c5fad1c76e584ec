package org.portolan.bench;

/** What is measured, in the order in which tables show it. */
enum Metric {
    DELIVERED("accept to mailbox, messages/s", 0, Best.HIGHEST),
    RELAYED("accept and relay, messages/s", 0, Best.HIGHEST),
    ACCEPTED("acceptance alone, messages/s", 0, Best.HIGHEST),
    ACKNOWLEDGED_MEDIAN("from the dot to 250, median, ms", 2, Best.LOWEST),
    READABLE_MEDIAN("from the dot to the mailbox, median, ms", 2, Best.LOWEST),
    READABLE_SLOWEST("from the dot to the mailbox, the slowest of a hundred, ms", 2, Best.LOWEST),
    SESSIONS("sessions/s", 0, Best.HIGHEST),
    RETRIEVED("messages/s", 0, Best.HIGHEST),
    BANDWIDTH("MB/s", 0, Best.HIGHEST),
    FILES("files/s", 0, Best.HIGHEST),
    DURABLE_BANDWIDTH("MB/s until all is on disk", 0, Best.HIGHEST),
    DURABLE_FILES("files/s until all are on disk", 0, Best.HIGHEST),
    ENTRIES("entries/s", 0, Best.HIGHEST),
    LOGINS("log-ins/s", 0, Best.HIGHEST),
    OPERATIONS("operations/s", 0, Best.HIGHEST),
    HEARD("until all have heard, ms", 1, Best.LOWEST),
    QUERIES("queries/s", 0, Best.HIGHEST),
    PACKETS("packets of data/s", 0, Best.HIGHEST),
    VERDICT("a verdict, ns", 0, Best.LOWEST),
    ANSWER_MEAN("an answer, on average, µs", 0, Best.LOWEST),
    ANSWER_MEDIAN("an answer, median, µs", 0, Best.LOWEST),
    ANSWER_TAIL("an answer, the slowest of a hundred, µs", 0, Best.LOWEST),
    GUESSES("guesses/s at the other services", 0, Best.HIGHEST),
    REPLIES("replies/s", 0, Best.HIGHEST),
    START("start to every port answering, s", 2, Best.LOWEST),
    FIRST_START("first start, on no data, s", 2, Best.LOWEST),
    CONNECTIONS("connections held", 0, Best.HIGHEST),
    OPENING("connections opened and greeted per second", 0, Best.HIGHEST),
    HEAP_EACH("live heap for each, KB", 1, Best.LOWEST),
    PSS_EACH("memory (PSS) for each, KB", 1, Best.LOWEST),
    RSS_EACH("memory (RSS) for each, KB", 1, Best.LOWEST),
    NEWCOMER("a newcomer's greeting meanwhile, ms", 1, Best.LOWEST),
    ZONE_LOADING("the large zone's share of the start, s", 2, Best.LOWEST),
    ZONE_RELOADING("new file to its serial answered, s", 2, Best.LOWEST),
    START_WITHOUT("start to the small zone answered, s", 2, Best.LOWEST),
    START_WITH("start to both zones answered, s", 2, Best.LOWEST),
    LOADING_CPU("CPU for the large zone at the start, s", 2, Best.LOWEST),
    ZONE_PSS("memory (PSS) for the large zone, MB", 0, Best.LOWEST),
    ZONE_RSS("memory (RSS) for the large zone, MB", 0, Best.LOWEST),
    ZONE_HEAP("live heap for the large zone, MB", 0, Best.LOWEST),
    RELOAD_PEAK("memory (PSS) at its peak while it is reloaded, MB", 0, Best.LOWEST),
    BEFORE_QUEUE("memory (PSS) before, idle, MB", 0, Best.LOWEST),
    QUEUE_PSS("memory (PSS) with the queue, idle, MB", 0, Best.LOWEST),
    QUEUE_RSS("memory (RSS) with the queue, idle, MB", 0, Best.LOWEST),
    SERVER_CPU("server's CPU per operation, ms", 3, Best.LOWEST),
    LOAD_CPU("load generator's CPU per operation, ms", 3, Best.LOWEST),
    SERVER_GIGABYTE("server's CPU for each GB, s", 2, Best.LOWEST),
    LOAD_GIGABYTE("load generator's CPU for each GB, s", 2, Best.LOWEST),
    SERVER_MICROS("server's CPU for each, µs", 2, Best.LOWEST),
    LOAD_MICROS("load generator's CPU for each, µs", 2, Best.LOWEST),
    AGAIN("asked for again, of a million", 1, Best.LOWEST),
    LOST("lost, of a million", 1, Best.LOWEST),
    PSS("memory (PSS) at its peak, MB", 0, Best.LOWEST),
    RSS("memory (RSS) at its peak, MB", 0, Best.LOWEST),
    IDLE_PSS("memory (PSS) after 10 s of idleness, MB", 0, Best.LOWEST),
    IDLE_RSS("memory (RSS) after 10 s of idleness, MB", 0, Best.LOWEST),
    SYNCS("fsync and fdatasync calls per message", 2, Best.LOWEST),
    FILE_SYNCS("fsync and fdatasync calls per file", 2, Best.LOWEST);

    /** Which of several values is the one to beat. */
    private enum Best {
        HIGHEST,
        LOWEST
    }

    private final String label;
    private final int decimals;
    private final Best best;

    Metric(String label, int decimals, Best best) {
        this.label = label;
        this.decimals = decimals;
        this.best = best;
    }

    String label() {
        return label;
    }

    int decimals() {
        return decimals;
    }

    double better(double one, double other) {
        return best == Best.HIGHEST ? Math.max(one, other) : Math.min(one, other);
    }
}
