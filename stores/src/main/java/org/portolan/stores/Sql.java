package org.portolan.stores;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection to a database, with its statements prepared once. Used by one thread. */
public final class Sql implements AutoCloseable {
    /** Makes a value of the row a result set stands at. */
    public interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Sql(Connection connection) {
        this.connection = connection;
    }

    /** Changes rows; returns how many. */
    public int update(String sql, @Nullable Object... values) throws SQLException {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            forget(sql);
            throw e;
        }
    }

    /** Looks at each row as it comes. */
    public interface Visit {
        void row(ResultSet row) throws SQLException;
    }

    /** Shows every row to {@code visit}; more of them than a list should hold. */
    public void each(String sql, Visit visit, @Nullable Object... values) throws SQLException {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            while (rows.next()) {
                visit.row(rows);
            }
        } catch (SQLException e) {
            forget(sql);
            throw e;
        }
    }

    public <T> List<T> list(String sql, Row<T> form, @Nullable Object... values)
            throws SQLException {
        List<T> result = new ArrayList<>();
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            while (rows.next()) {
                result.add(form.of(rows));
            }
        } catch (SQLException e) {
            forget(sql);
            throw e;
        }
        return result;
    }

    public <T> Optional<T> first(String sql, Row<T> form, @Nullable Object... values)
            throws SQLException {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            return rows.next() ? Optional.of(form.of(rows)) : Optional.empty();
        } catch (SQLException e) {
            forget(sql);
            throw e;
        }
    }

    /** A statement that failed may have been closed by the driver, and would fail for ever. */
    private void forget(String sql) throws SQLException {
        PreparedStatement failed = prepared.remove(sql);
        if (failed != null) {
            failed.close();
        }
    }

    /** Runs statements without values, such as a migration's. */
    void run(String script) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.executeUpdate(script);
        }
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** Begins a transaction that may write at once, so that it cannot fail half-way for a lock. */
    void begin() throws SQLException {
        update("BEGIN IMMEDIATE");
    }

    void commit() throws SQLException {
        update("COMMIT");
    }

    /** Undoes the transaction, unless SQLite has done so itself, as it does on a full disk. */
    void rollback() throws SQLException {
        try {
            update("ROLLBACK");
        } catch (SQLException e) {
            if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
