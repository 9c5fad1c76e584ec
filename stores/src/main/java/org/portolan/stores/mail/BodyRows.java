package org.portolan.stores.mail;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.Sql;
import org.portolan.stores.StoreException;
import org.portolan.stores.mime.KeptFields;
import org.portolan.stores.mime.MessageParser;
import org.portolan.stores.mime.ParsedMessage;

/** What is known of bodies, and which of them somebody still names. */
public final class BodyRows {
    /** Tables whose rows name a body, in columns {@code body} and {@code size}. */
    public static final List<String> TABLES = List.of("messages", "queued");

    private static final int AT_ONCE = 50;

    /** Numbers of which so many are of one mailbox are read in a row, with those between. */
    private static final int DENSE = 2;

    private BodyRows() {}

    /** What is kept about a body: see {@link ParsedMessage#toBytes} and {@link KeptFields}. */
    static final class Known {
        private final byte[] parsed;
        private final byte @Nullable [] fields;

        private Known(byte[] parsed, byte @Nullable [] fields) {
            this.parsed = parsed;
            this.fields = fields;
        }

        /** Of a message that {@code parser} has read to its end. */
        static Known of(MessageParser parser) {
            byte[] parsed = parser.end().toBytes();
            return new Known(parsed, parser.keptFields().orElse(null));
        }

        byte[] parsed() {
            return parsed;
        }
    }

    static void insert(Sql sql, long body, Known known) throws SQLException {
        sql.update(
                "INSERT INTO bodies(number, parsed, fields) VALUES(?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                body,
                known.parsed,
                known.fields);
    }

    /** What is kept about those of {@code numbers} that were parsed. */
    static Map<Long, ParsedMessage> parsed(Sql sql, long[] numbers) throws SQLException {
        Map<Long, ParsedMessage> found = new HashMap<>();
        each(
                sql,
                "parsed",
                numbers,
                row -> found.put(row.getLong(1), ParsedMessage.of(row.getBytes(2))));
        return found;
    }

    /** The fields that are kept of those of {@code numbers} of which there are any. */
    static Map<Long, byte[]> fields(Sql sql, long[] numbers) throws SQLException {
        Map<Long, byte[]> found = new HashMap<>();
        each(
                sql,
                "fields",
                numbers,
                row -> {
                    byte[] fields = row.getBytes(2);
                    if (fields != null) {
                        found.put(row.getLong(1), fields);
                    }
                });
        return found;
    }

    /** A mailbox's bodies mostly follow each other: then a range is quicker than a list. */
    private static void each(Sql sql, String column, long[] numbers, Sql.Visit visit)
            throws SQLException {
        String select = "SELECT number, " + column + " FROM bodies WHERE number ";
        long least = Arrays.stream(numbers).min().orElse(0);
        long last = Arrays.stream(numbers).max().orElse(-1);
        if (last - least < (long) numbers.length * DENSE) {
            sql.each(select + "BETWEEN ? AND ?", visit, least, last);
            return;
        }
        String some = select + "IN (?" + ", ?".repeat(AT_ONCE - 1) + ")";
        for (int from = 0; from < numbers.length; from += AT_ONCE) {
            Object[] asked = new Object[AT_ONCE];
            for (int i = 0; i < AT_ONCE; i++) { // what is too many asks for the last one again
                asked[i] = numbers[Math.min(from + i, numbers.length - 1)];
            }
            sql.each(some, visit, asked);
        }
    }

    /** Those of {@code numbers} that nobody names any more; forgets what was known of them. */
    static Set<Long> unnamed(Sql sql, Collection<Long> numbers) throws SQLException {
        Set<Long> orphans = new HashSet<>();
        for (Long number : numbers) {
            if (!named(sql, number)) {
                sql.update("DELETE FROM bodies WHERE number = ?", number);
                orphans.add(number);
            }
        }
        return orphans;
    }

    private static boolean named(Sql sql, long number) throws SQLException {
        for (String table : TABLES) {
            String query = "SELECT 1 FROM " + table + " WHERE body = ? LIMIT 1";
            if (sql.first(query, row -> true, number).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody names a body of that number and size. */
    static boolean named(Sql sql, long number, long size) throws StoreException {
        try {
            for (String table : TABLES) {
                String query = "SELECT 1 FROM " + table + " WHERE body = ? AND size = ? LIMIT 1";
                if (sql.first(query, row -> true, number, size).isPresent()) {
                    return true;
                }
            }
            return false;
        } catch (SQLException e) {
            throw new StoreException(StoreException.Kind.BROKEN, "rows cannot be read", e);
        }
    }

    /** All that somebody names, below {@code end}. */
    static Set<Long> namedBelow(Sql sql, long end) throws SQLException {
        Set<Long> named = new HashSet<>();
        for (String table : TABLES) {
            String query = "SELECT DISTINCT body FROM " + table + " WHERE body < ?";
            sql.each(query, row -> named.add(row.getLong(1)), end);
        }
        return named;
    }
}
