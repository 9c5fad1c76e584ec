package org.portolan.stores.mail;

import java.util.List;

/** The tables of {@code mail.db}, as they became what they are. */
final class MailSchema {
    private static final String FIRST =
            """
            CREATE TABLE mailboxes(
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                account INTEGER NOT NULL,
                name TEXT NOT NULL,
                uid_validity INTEGER NOT NULL,
                next_uid INTEGER NOT NULL DEFAULT 1,
                UNIQUE(account, name));
            CREATE TABLE messages(
                mailbox INTEGER NOT NULL REFERENCES mailboxes(id) ON DELETE CASCADE,
                uid INTEGER NOT NULL,
                body INTEGER NOT NULL,
                size INTEGER NOT NULL,
                dotted INTEGER NOT NULL,
                received INTEGER NOT NULL,
                PRIMARY KEY(mailbox, uid)) WITHOUT ROWID;
            CREATE INDEX messages_by_body ON messages(body);
            CREATE TABLE numbers(
                name TEXT NOT NULL PRIMARY KEY,
                next INTEGER NOT NULL) WITHOUT ROWID;
            INSERT INTO numbers(name, next) VALUES('body', 1);
            """;

    /** Many mailboxes of an account, flags, changes; what is known of a body without reading it. */
    private static final String MANY_MAILBOXES =
            """
            ALTER TABLE mailboxes ADD COLUMN special_use TEXT NOT NULL DEFAULT '';
            ALTER TABLE mailboxes ADD COLUMN highest_modseq INTEGER NOT NULL DEFAULT 1;
            ALTER TABLE mailboxes ADD COLUMN forgotten_modseq INTEGER NOT NULL DEFAULT 1;
            ALTER TABLE mailboxes ADD COLUMN messages INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE mailboxes ADD COLUMN unseen INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE mailboxes ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE mailboxes ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE messages ADD COLUMN flags INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE messages ADD COLUMN modseq INTEGER NOT NULL DEFAULT 1;
            ALTER TABLE messages ADD COLUMN saved INTEGER NOT NULL DEFAULT 0;
            UPDATE messages SET saved = received;
            UPDATE mailboxes SET
                messages = (SELECT COUNT(*) FROM messages WHERE mailbox = id),
                unseen = (SELECT COUNT(*) FROM messages WHERE mailbox = id),
                bytes = (SELECT COALESCE(SUM(size), 0) FROM messages WHERE mailbox = id);
            CREATE TABLE keywords(
                mailbox INTEGER NOT NULL REFERENCES mailboxes(id) ON DELETE CASCADE,
                place INTEGER NOT NULL,
                name TEXT NOT NULL,
                PRIMARY KEY(mailbox, place)) WITHOUT ROWID;
            CREATE TABLE vanished(
                mailbox INTEGER NOT NULL REFERENCES mailboxes(id) ON DELETE CASCADE,
                modseq INTEGER NOT NULL,
                uids TEXT NOT NULL,
                PRIMARY KEY(mailbox, modseq)) WITHOUT ROWID;
            CREATE TABLE subscriptions(
                account INTEGER NOT NULL,
                name TEXT NOT NULL,
                PRIMARY KEY(account, name)) WITHOUT ROWID;
            CREATE TABLE rights(
                mailbox INTEGER NOT NULL REFERENCES mailboxes(id) ON DELETE CASCADE,
                who TEXT NOT NULL,
                letters TEXT NOT NULL,
                PRIMARY KEY(who, mailbox)) WITHOUT ROWID;
            CREATE INDEX rights_by_mailbox ON rights(mailbox);
            CREATE TABLE holdings(
                account INTEGER PRIMARY KEY,
                messages INTEGER NOT NULL DEFAULT 0,
                bytes INTEGER NOT NULL DEFAULT 0,
                most_messages INTEGER NOT NULL DEFAULT 0,
                most_bytes INTEGER NOT NULL DEFAULT 0);
            INSERT INTO holdings(account, messages, bytes)
                SELECT account, SUM(messages), SUM(bytes) FROM mailboxes GROUP BY account;
            CREATE TABLE bodies(
                number INTEGER PRIMARY KEY,
                parsed BLOB NOT NULL);
            INSERT INTO mailboxes(account, name, uid_validity, special_use)
                SELECT account, special, uid_validity + place, upper(special) FROM mailboxes, (
                    SELECT 'Drafts' AS special, 1 AS place UNION ALL SELECT 'Sent', 2
                    UNION ALL SELECT 'Junk', 3 UNION ALL SELECT 'Trash', 4
                    UNION ALL SELECT 'Archive', 5)
                WHERE name = 'INBOX';
            INSERT INTO subscriptions(account, name) SELECT account, name FROM mailboxes;
            INSERT INTO numbers(name, next)
                SELECT 'uid_validity', COALESCE(MAX(uid_validity), 0) + 1 FROM mailboxes;
            """;

    /** Accounts whose removal has begun: what a crash leaves of their mail is found by it. */
    private static final String LEAVING =
            "CREATE TABLE leaving(account INTEGER PRIMARY KEY) WITHOUT ROWID;";

    /** What listing a mailbox takes of a header; none for what came before, or was too much. */
    private static final String FIELDS = "ALTER TABLE bodies ADD COLUMN fields BLOB;";

    /** Numbered from 1, each run once for the life of a file. */
    static final List<String> MIGRATIONS =
            List.of(FIRST, MANY_MAILBOXES, MailQueue.SCHEMA, LEAVING, FIELDS);

    private MailSchema() {}
}
