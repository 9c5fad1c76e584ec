package org.portolan.bench;

/** What is measured, in the order in which tables show it. */
enum Metric {
    DELIVERED("accept to mailbox, messages/s", 0),
    ACCEPTED("acceptance alone, messages/s", 0),
    SESSIONS("sessions/s", 0),
    RETRIEVED("messages/s", 0),
    BANDWIDTH("MB/s", 0),
    START("start to every port answering, s", 2),
    FIRST_START("first start, on no data, s", 2),
    CONNECTIONS("connections held", 0),
    OPENING("connections opened and greeted per second", 0),
    HEAP_EACH("live heap for each, KB", 1),
    PSS_EACH("memory (PSS) for each, KB", 1),
    RSS_EACH("memory (RSS) for each, KB", 1),
    NEWCOMER("a newcomer's greeting meanwhile, ms", 1),
    SERVER_CPU("server's CPU per operation, ms", 3),
    LOAD_CPU("load generator's CPU per operation, ms", 3),
    PSS("memory (PSS) at its peak, MB", 0),
    RSS("memory (RSS) at its peak, MB", 0),
    IDLE_PSS("memory (PSS) after 10 s of idleness, MB", 0),
    IDLE_RSS("memory (RSS) after 10 s of idleness, MB", 0),
    SYNCS("fsync and fdatasync calls per message", 2);

    private final String label;
    private final int decimals;

    Metric(String label, int decimals) {
        this.label = label;
        this.decimals = decimals;
    }

    String label() {
        return label;
    }

    int decimals() {
        return decimals;
    }
}
