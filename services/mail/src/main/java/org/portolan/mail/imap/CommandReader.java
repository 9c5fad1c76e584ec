package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.Optional;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.MalformedLine;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/**
 * Gathers a command: its lines and the literals between them. The literal of a message is left
 * where it is, for the store to take as it comes.
 */
final class CommandReader {
    /** Literals of somebody who has not logged in: a name, a password. */
    private static final int STRANGERS_LITERAL = 1024;

    /** Other literals than messages, and all of a command together. */
    private static final int MOST_COMMAND = 256 * 1024;

    /** RFC 7888 §6: what LITERAL- allows without waiting. */
    private static final int MOST_UNASKED = 4096;

    /** What was read: the text so far, and whether a message's literal is next. */
    record Read(String text, Optional<ImapCommand> beforeMessage) {}

    private final Connection client;

    CommandReader(Connection client) {
        this.client = client;
    }

    /** Reads a command. */
    Read next(boolean loggedIn) throws IOException, Refused {
        StringBuilder text = new StringBuilder();
        return more(text, client.readLine(), loggedIn);
    }

    /** Reads on behind a message's literal: the rest of an APPEND. */
    Read after(String before) throws IOException, Refused {
        StringBuilder text = new StringBuilder(before).append("\r\n");
        try {
            return more(text, client.readLine(), true);
        } catch (MalformedLine e) {
            throw new Refused(CommandParser.tagOf(before), ImapReply.malformed(e.fault()));
        }
    }

    /** A refusal of a command whose tag is known only here. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String tag;
        private final transient Refusal refusal;

        Refused(String tag, Refusal refusal) {
            super(refusal.reply(), refusal, false, false);
            this.tag = tag;
            this.refusal = refusal;
        }

        String tag() {
            return tag;
        }

        String reply() {
            return refusal.reply();
        }
    }

    private Read more(StringBuilder text, String first, boolean loggedIn)
            throws IOException, Refused {
        String line = first;
        while (true) {
            text.append(line);
            long literal = literalAtEnd(line);
            if (literal < 0) {
                return new Read(text.toString(), Optional.empty());
            }
            String soFar = text.toString();
            String tag = CommandParser.tagOf(soFar);
            try {
                if (text.length() > MOST_COMMAND) {
                    throw ImapReply.commandTooBig();
                }
                Optional<ImapCommand> message =
                        loggedIn ? CommandParser.messageFollows(soFar) : Optional.empty();
                if (message.isPresent()) {
                    return new Read(soFar, message);
                }
                takeLiteral(text, literal, !line.endsWith("+}"), loggedIn);
            } catch (Refusal refusal) {
                if (line.endsWith("+}")) {
                    skip(literal, tag, refusal, loggedIn);
                }
                throw new Refused(tag, refusal);
            }
            line = readOn(soFar, tag);
        }
    }

    private String readOn(String soFar, String tag) throws IOException, Refused {
        try {
            boolean secret = Ascii.same(verb(soFar), "LOGIN");
            return secret ? client.readSecretLine() : client.readLine();
        } catch (MalformedLine e) {
            throw new Refused(tag, ImapReply.malformed(e.fault()));
        }
    }

    private static String verb(String text) {
        int from = text.indexOf(' ') + 1;
        int to = text.indexOf(' ', from);
        return text.substring(from, to < 0 ? text.length() : to);
    }

    /** The size in {@code {5}}, {@code {5+}} or {@code ~{5}} at the end; -1 where there is none. */
    static long literalAtEnd(String line) {
        int end = line.length() - 1;
        if (end < 2 || line.charAt(end) != '}') {
            return -1;
        }
        int at = line.charAt(end - 1) == '+' ? end - 2 : end - 1;
        int last = at;
        while (at > 0 && line.charAt(at) >= '0' && line.charAt(at) <= '9') {
            at--;
        }
        if (line.charAt(at) != '{' || at == last) {
            return -1;
        }
        return last - at > 18 ? Long.MAX_VALUE : Long.parseLong(line.substring(at + 1, last + 1));
    }

    private void takeLiteral(StringBuilder text, long size, boolean waits, boolean loggedIn)
            throws IOException, Refusal {
        if (size > (loggedIn ? MOST_COMMAND : STRANGERS_LITERAL)) {
            throw ImapReply.literalTooBig();
        }
        if (text.length() + size > MOST_COMMAND) {
            throw ImapReply.commandTooBig();
        }
        if (waits) {
            client.writeLine(ImapReply.GO_AHEAD);
        }
        byte[] bytes = client.readBytes((int) size);
        text.append("\r\n").append(new String(bytes, ISO_8859_1));
    }

    /**
     * Reads past a literal that comes without being asked for, and past what is left of its
     * command. One too large to be read past ends the conversation (RFC 7888 §4).
     */
    private void skip(long size, String tag, Refusal refusal, boolean loggedIn) throws IOException {
        if (size > (loggedIn ? MOST_COMMAND : MOST_UNASKED)) {
            client.writeLine(tag + " " + refusal.reply());
            throw new Hangup(Hangup.Reason.TOO_MANY_REFUSALS);
        }
        long left = size;
        String line;
        do {
            client.readBytes((int) left);
            line = client.readSecretLine();
            left = line.endsWith("+}") ? literalAtEnd(line) : -1;
            if (left > MOST_UNASKED) {
                throw new Hangup(Hangup.Reason.TOO_MANY_REFUSALS);
            }
        } while (left >= 0);
    }
}
