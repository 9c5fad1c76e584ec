package org.portolan.stores.zones;

/**
 * What stands between a record's owner and its data: TTL and class in either order, each of which
 * may be left out, and the type (RFC 1035 §5.1).
 *
 * @param ttl seconds, or {@link #NO_TTL}
 */
record RecordHead(int type, long ttl) {
    static final long NO_TTL = -1;

    static RecordHead read(Entries entry) throws ZoneProblem {
        long ttl = NO_TTL;
        boolean classed = false;
        while (true) {
            int word = entry.take("a type of record, such as A or MX,");
            int type = TypeNames.read(entry.bytes(), entry.from(word), entry.to(word));
            if (type >= 0) {
                if (!RecordType.storable(type)) {
                    throw new ZoneProblem("no zone has records of type " + entry.text(word));
                }
                return new RecordHead(type, ttl);
            }
            if (ttl == NO_TTL
                    && entry.length(word) > 0
                    && NameText.digit(entry.bytes()[entry.from(word)])) {
                ttl = TimeToLive.read(entry, word, "a TTL");
            } else if (!classed && isClass(entry, word)) {
                classed = true;
            } else {
                throw new ZoneProblem(
                        "%s is no type of record, such as A or MX; others are written as TYPE1234"
                                .formatted(DataReader.shown(entry.text(word))));
            }
        }
    }

    private static boolean isClass(Entries entry, int word) throws ZoneProblem {
        if (entry.is(word, "IN") || entry.is(word, "CLASS1")) {
            return true;
        }
        if (entry.is(word, "CH") || entry.is(word, "HS") || entry.is(word, "CS")) {
            throw new ZoneProblem("only records of class IN are served");
        }
        return false;
    }
}
