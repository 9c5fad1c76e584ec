package org.portolan.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages sent by Postfix's smtp-source.
 *
 * @param mailboxes here, or whole addresses elsewhere
 * @param sessions conversations at a time, at least one for each mailbox
 * @param reuse sends the next message over the same connection instead of a new one
 */
record SmtpLoad(
        String name,
        List<String> mailboxes,
        int sessions,
        int messages,
        int messageBytes,
        boolean reuse) {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    SmtpLoad withMessages(int count) {
        return new SmtpLoad(name, mailboxes, sessions, count, messageBytes, reuse);
    }

    /** Sends everything; returns when the last message was accepted. */
    void send(int port, boolean lmtp, Path output) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        List<Process> senders = new ArrayList<>();
        try {
            for (String mailbox : mailboxes) {
                senders.add(start(mailbox, port, lmtp, output.toFile()));
            }
            for (Process sender : senders) {
                Duration rest = Duration.ofNanos(deadline - System.nanoTime());
                int status = Command.awaitExit(sender, rest);
                if (status != 0) {
                    throw new IOException("smtp-source ended with " + status + ": see " + output);
                }
            }
        } finally {
            senders.forEach(Process::destroy);
        }
    }

    private Process start(String mailbox, int port, boolean lmtp, File output) throws IOException {
        List<String> command = new ArrayList<>(List.of("smtp-source"));
        if (lmtp) {
            command.add("-L");
        }
        if (reuse) {
            command.add("-d");
        }
        command.addAll(List.of("-s", Integer.toString(sessions / mailboxes.size())));
        command.addAll(List.of("-m", Integer.toString(messages / mailboxes.size())));
        command.addAll(List.of("-l", Integer.toString(messageBytes)));
        command.addAll(List.of("-f", "load@client.invalid", "-t", address(mailbox)));
        command.add("127.0.0.1:" + port);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                .start();
    }

    private static String address(String mailbox) {
        return mailbox.contains("@") ? mailbox : mailbox + "@bench.invalid";
    }

    /** What is really sent, after the division among mailboxes. */
    int total() {
        return messages / mailboxes.size() * mailboxes.size();
    }
}
