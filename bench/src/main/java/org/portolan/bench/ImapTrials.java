package org.portolan.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What clients of a large mailbox do again and again. The mailbox is INBOX; what a trial changes it
 * changes back, or does in mailboxes of its own.
 */
final class ImapTrials {
    static final List<String> MAILBOXES = List.of("Appended", "Copies", "Here", "There");

    /** Messages that are copied or moved at once. */
    private static final int SOME = 100;

    private static final int CROWD = 20;
    private static final int BATCH = 100;
    private static final int BYTES = 4096;

    /** One turn of one client, of which there is the number; returns how many operations it was. */
    interface Task {
        long run(ImapClient client, int number) throws IOException;
    }

    record Trial(String title, String explanation, int clients, Task task) {
        static Trial alone(String title, String explanation, Task task) {
            return new Trial("IMAP, " + title, explanation, 1, task);
        }

        static Trial crowd(String title, String explanation, Task task) {
            return new Trial("IMAP, " + title, CROWD + " clients: " + explanation, CROWD, task);
        }
    }

    private ImapTrials() {}

    static List<Trial> of(int messages) {
        String text = message(0);
        String append = "APPEND Appended {" + text.length() + "+}\r\n" + text;
        List<Trial> trials = new ArrayList<>();
        trials.add(
                Trial.alone(
                        "APPEND",
                        "One message at a time.",
                        (client, number) -> {
                            client.ask(append);
                            return 1;
                        }));
        trials.add(
                Trial.crowd(
                        "APPEND",
                        "each one message at a time.",
                        (client, number) -> {
                            client.ask(append);
                            return 1;
                        }));
        trials.addAll(readings(messages));
        trials.addAll(changes(messages));
        return trials;
    }

    private static List<Trial> readings(int messages) {
        return List.of(
                Trial.alone(
                        "SELECT",
                        "The mailbox is not open already.",
                        (client, number) -> {
                            client.ask("UNSELECT");
                            client.ask("SELECT INBOX");
                            return 1;
                        }),
                fetch("FLAGS", "(UID FLAGS)"),
                fetch("headers", "(UID FLAGS BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])"),
                fetch("envelopes", "(UID ENVELOPE BODYSTRUCTURE)"),
                fetch("bodies", "(UID BODY.PEEK[])"),
                Trial.crowd(
                        "FETCH of single messages",
                        "each reads one body at a time.",
                        (client, number) -> fetchSome(client, number, messages)),
                search("a header", "SUBJECT"),
                search("texts", "TEXT"),
                Trial.alone(
                        "QRESYNC",
                        "A client comes back and has missed nothing.",
                        (client, number) -> resume(client)));
    }

    private static Trial fetch(String what, String items) {
        return Trial.alone(
                "FETCH of " + what,
                "Of all messages, by one client.",
                (client, number) -> client.ask("UID FETCH 1:* " + items));
    }

    private static Trial search(String what, String key) {
        return Trial.alone(
                "SEARCH of " + what,
                "Every message is looked at.",
                (client, number) -> {
                    client.ask("SEARCH " + key + " \"nothing of that kind\"");
                    return 1;
                });
    }

    private static long fetchSome(ImapClient client, int number, int messages) throws IOException {
        for (int i = 0; i < SOME; i++) {
            int place = (number * 7919 + i * 104_729) % messages + 1;
            client.ask("FETCH " + place + " (UID FLAGS BODY.PEEK[])");
        }
        return SOME;
    }

    private static List<Trial> changes(int messages) {
        return List.of(
                Trial.alone(
                        "STORE",
                        "One flag of one message, set and cleared.",
                        (client, number) -> flags(client, number, messages)),
                Trial.crowd(
                        "STORE",
                        "each one flag of one message; what is refused does not count.",
                        (client, number) -> flags(client, number, messages)),
                Trial.alone(
                        "STORE of a hundred",
                        "One flag of a hundred messages, set and cleared.",
                        (client, number) -> {
                            client.ask("STORE 1:" + SOME + " +FLAGS.SILENT (\\Answered)");
                            client.ask("STORE 1:" + SOME + " -FLAGS.SILENT (\\Answered)");
                            return 2 * SOME;
                        }),
                Trial.alone(
                        "COPY",
                        "A hundred messages at once.",
                        (client, number) -> {
                            client.ask("COPY 1:" + SOME + " Copies");
                            return SOME;
                        }),
                Trial.alone(
                        "MOVE",
                        "A hundred messages at once, there and back.",
                        (client, number) -> {
                            if (client.ask("SELECT Here") == 0) {
                                throw new IOException("nothing to move");
                            }
                            client.ask("MOVE 1:" + SOME + " There");
                            client.ask("SELECT There");
                            client.ask("MOVE 1:" + SOME + " Here");
                            return 2 * SOME;
                        }));
    }

    private static long flags(ImapClient client, int number, int messages) throws IOException {
        int place = (number * 131 + 1) % messages + 1;
        long done = client.tried("STORE " + place + " +FLAGS (\\Flagged)") ? 1 : 0;
        return done + (client.tried("STORE " + place + " -FLAGS (\\Flagged)") ? 1 : 0);
    }

    private static long resume(ImapClient client) throws IOException {
        String status = client.told("STATUS INBOX (UIDVALIDITY HIGHESTMODSEQ)");
        String known = "(QRESYNC (" + number(status, "UIDVALIDITY");
        String command = "SELECT INBOX " + known + " " + number(status, "HIGHESTMODSEQ") + "))";
        for (int i = 0; i < SOME; i++) {
            client.ask("UNSELECT");
            client.ask(command);
        }
        return SOME;
    }

    private static String number(String status, String item) {
        return status.replaceFirst("(?s).*" + item + " (\\d+).*", "$1");
    }

    /** Makes the mailboxes, and fills those that are read: many messages with each command. */
    static void fill(ImapClient client, int messages) throws IOException {
        for (String mailbox : MAILBOXES) {
            client.ask("CREATE " + mailbox);
        }
        append(client, "INBOX", messages);
        append(client, "Here", SOME);
    }

    private static void append(ImapClient client, String mailbox, int messages) throws IOException {
        for (int from = 0; from < messages; from += BATCH) {
            StringBuilder command = new StringBuilder("APPEND ").append(mailbox);
            for (int i = from; i < Math.min(from + BATCH, messages); i++) { // RFC 3502, 7888
                String text = message(i);
                command.append(" {").append(text.length()).append("+}\r\n").append(text);
            }
            client.ask(command.toString());
        }
    }

    /** No two alike, 4 KB, with as many fields as messages have that came a short way. */
    static String message(int number) {
        String head =
                """
                Return-Path: <sender%1$d@client.example>
                Received: from client.example (client.example [192.0.2.7])
                \tby mx.example with ESMTPS id %1$08x
                \tfor <u0@bench.invalid>; Mon, 6 Jan 2025 09:%2$02d:%3$02d +0000
                Message-ID: <%1$d.bench@client.example>
                Date: Mon, 6 Jan 2025 09:%2$02d:%3$02d +0000
                From: Sender Number %1$d <sender%1$d@client.example>
                To: The Owner <u0@bench.invalid>
                Subject: Report %1$d of the harbour, with what came and what left
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 7bit
                User-Agent: bench

                """
                        .formatted(number, number / 60 % 60, number % 60)
                        .replace("\n", "\r\n");
        String line = "Ships came in with the tide, and went out again as it fell again.\r\n";
        return head + line.repeat((BYTES - head.length()) / line.length());
    }
}
