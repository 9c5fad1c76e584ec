package org.portolan.stores.mail;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.portolan.stores.Sql;
import org.portolan.stores.mime.ParsedMessage;

/** What is known of bodies, and which of them somebody still names. */
public final class BodyRows {
    /** Tables whose rows name a body, in columns {@code body} and {@code size}. */
    public static final List<String> TABLES = List.of("messages", "queued");

    private static final int AT_ONCE = 50;
    private static final String SOME =
            "SELECT number, parsed FROM bodies WHERE number IN (?"
                    + ", ?".repeat(AT_ONCE - 1)
                    + ")";

    private BodyRows() {}

    static void insert(Sql sql, long body, byte[] parsed) throws SQLException {
        sql.update(
                "INSERT INTO bodies(number, parsed) VALUES(?, ?) ON CONFLICT DO NOTHING",
                body,
                parsed);
    }

    /** What is kept about those of {@code numbers} that were parsed. */
    static Map<Long, ParsedMessage> parsed(Sql sql, long[] numbers) throws SQLException {
        Map<Long, ParsedMessage> found = new HashMap<>();
        for (int from = 0; from < numbers.length; from += AT_ONCE) {
            Object[] some = new Object[AT_ONCE];
            for (int i = 0; i < AT_ONCE; i++) { // what is too many asks for the last one again
                some[i] = numbers[Math.min(from + i, numbers.length - 1)];
            }
            sql.each(
                    SOME,
                    row -> found.put(row.getLong(1), ParsedMessage.of(row.getBytes(2))),
                    some);
        }
        return found;
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
