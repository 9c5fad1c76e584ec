package org.portolan.stores.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.portolan.stores.mail.BodyRows;
import org.sqlite.SQLiteConfig;

/** The databases of a site as files: copied while others write to them, and looked through. */
final class Databases {
    static final String ENDING = ".db";
    static final String MAIL = "mail.db";
    static final String FILES = "files.db";

    /** What names accounts is copied before them: see the package's manual page. */
    private static final List<String> FIRST = List.of(MAIL, FILES, "accounts.db");

    private static final int MOST_FINDINGS = 10;

    /** A body that the list of messages names. */
    interface NamedBody {
        void named(long number, long size) throws IOException;
    }

    private Databases() {}

    /** Every database of {@code folder}, in the order in which they are to be copied. */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted(
                            Comparator.comparingInt(Databases::rank)
                                    .thenComparing(file -> file.getFileName().toString()))
                    .toList();
        }
    }

    private static int rank(Path file) {
        int place = FIRST.indexOf(file.getFileName().toString());
        return place < 0 ? FIRST.size() : place;
    }

    /** Copies {@code file} as it is at one moment into the new file {@code copy}. */
    static void copy(Path file, Path copy) throws IOException {
        try (Connection database = open(file);
                PreparedStatement vacuum = database.prepareStatement("VACUUM INTO ?")) {
            vacuum.setString(1, copy.toString());
            vacuum.execute();
        } catch (SQLException e) {
            throw new IOException(file.getFileName() + " cannot be copied: " + e.getMessage(), e);
        }
    }

    private static Connection open(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(10_000);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    /** Tells {@code to} every body that rows of {@code mail} name, by number. */
    static void bodies(Path mail, NamedBody to) throws IOException {
        try (Connection database = open(mail);
                Statement statement = database.createStatement()) {
            List<String> named = new ArrayList<>();
            for (String table : BodyRows.TABLES) {
                if (has(statement, table)) { // an older backup may not have it
                    named.add("SELECT body, size FROM " + table);
                }
            }
            try (ResultSet rows =
                    statement.executeQuery(
                            "SELECT body, MAX(size) FROM ("
                                    + String.join(" UNION ALL ", named)
                                    + ") GROUP BY body ORDER BY body")) {
                while (rows.next()) {
                    to.named(rows.getLong(1), rows.getLong(2));
                }
            }
        } catch (SQLException e) {
            throw new IOException(mail.getFileName() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean has(Statement statement, String table) throws SQLException {
        try (ResultSet rows =
                statement.executeQuery(
                        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '"
                                + table
                                + "'")) {
            return rows.next();
        }
    }

    /** The folders of all spaces that {@code files} knows, below that of the file tree. */
    static Set<String> spaces(Path files) throws IOException {
        Set<String> folders = new HashSet<>();
        try (Connection database = open(files);
                Statement statement = database.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT CASE kind WHEN 'HOME' THEN 'homes/' WHEN 'SHARED'"
                                        + " THEN 'shared/' ELSE '' END || name FROM spaces")) {
            while (rows.next()) {
                folders.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IOException(files.getFileName() + " cannot be read: " + e.getMessage(), e);
        }
        return folders;
    }

    /** What SQLite finds wrong with {@code file}, as sentences. */
    static List<String> problems(Path file) {
        List<String> problems = new ArrayList<>();
        String name = file.getFileName().toString();
        try (Connection database = open(file);
                Statement statement = database.createStatement()) {
            try (ResultSet rows =
                    statement.executeQuery("PRAGMA integrity_check(" + MOST_FINDINGS + ")")) {
                while (rows.next()) {
                    if (!rows.getString(1).equals("ok")) {
                        problems.add(name + ": " + rows.getString(1));
                    }
                }
            }
            try (ResultSet rows = statement.executeQuery("PRAGMA foreign_key_check")) {
                while (rows.next() && problems.size() < MOST_FINDINGS) {
                    problems.add(
                            "%s: a row of %s belongs to a row of %s that is not there"
                                    .formatted(name, rows.getString(1), rows.getString(3)));
                }
            }
        } catch (SQLException e) {
            problems.add(name + ": " + e.getMessage());
        }
        return problems;
    }

    /**
     * Lets no number be given again that was given after the backup was taken. A mail program that
     * knows an old message by its UID would take the new one for seen, and never fetch it (RFC 1939
     * §7, RFC 9051 §2.3.1.1); one that asks for what changed since hears of everything again (RFC
     * 7162 §3.1.2.1), because nobody knows what it saw.
     */
    static void skipUids(Path mail, long many) throws IOException {
        try (Connection database = open(mail);
                Statement statement = database.createStatement()) {
            statement.executeUpdate("UPDATE mailboxes SET next_uid = next_uid + " + many);
            statement.executeUpdate("UPDATE numbers SET next = next + " + many);
            statement.executeUpdate("UPDATE sqlite_sequence SET seq = seq + " + many);
            if (has(statement, "vanished")) { // since there are change numbers
                statement.executeUpdate("DELETE FROM vanished");
                statement.executeUpdate(
                        "UPDATE mailboxes SET highest_modseq = highest_modseq + %d".formatted(many)
                                + ", forgotten_modseq = highest_modseq + "
                                + many);
                statement.executeUpdate(
                        "UPDATE messages SET modseq ="
                                + " (SELECT highest_modseq FROM mailboxes WHERE id = mailbox)");
            }
        } catch (SQLException e) {
            throw new IOException(mail.getFileName() + " cannot be written: " + e.getMessage(), e);
        }
    }
}
