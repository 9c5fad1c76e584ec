package org.portolan.mail.imap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Addition;
import org.portolan.stores.mail.Draft;
import org.portolan.stores.mail.Mail;
import org.portolan.wire.Refusal;

/**
 * The messages that APPEND and REPLACE bring (RFC 9051 §6.3.12, RFC 3502, RFC 8508): each goes to
 * its draft as it comes, and all become the mailbox's together, or none.
 */
final class AppendVerb {
    private final Mail mail;
    private final InstantSource clock;
    private final Connection client;
    private final CommandReader reader;
    private final long mostBytes;
    private final List<Draft> drafts = new ArrayList<>();

    AppendVerb(
            Mail mail,
            InstantSource clock,
            Connection client,
            CommandReader reader,
            long mostBytes) {
        this.mail = mail;
        this.clock = clock;
        this.client = client;
        this.reader = reader;
        this.mostBytes = mostBytes;
    }

    /** What came: the whole command, and its messages. */
    record Received(ImapCommand command, List<Addition> additions) {}

    /** May refuse before a byte of a message is read: there is no such mailbox. */
    interface Check {
        void before(ImapCommand command) throws Refusal, StoreException;
    }

    /**
     * Takes the messages of the command that {@code first} began.
     *
     * @throws Refusal when they cannot be taken; what the client sends of them unasked is read past
     */
    Received receive(CommandReader.Read first, Check check)
            throws IOException, Refusal, StoreException, CommandReader.Refused {
        CommandReader.Read read = first;
        int taken = 0;
        @Nullable Refusal refusal = null;
        while (read.beforeMessage().isPresent()) {
            ImapCommand command = read.beforeMessage().get();
            List<ImapCommand.Incoming> messages = CommandParser.messages(command);
            ImapCommand.Incoming message = messages.getLast();
            if (refusal == null) {
                refusal = refusal(command, message, check, taken);
            }
            if (refusal != null) {
                if (message.waits()) {
                    throw refusal; // the client waits for leave, and gets none
                }
                skip(message.size(), CommandParser.tagOf(read.text()) + " " + refusal.reply());
            } else {
                try {
                    take(message);
                } catch (StoreException e) { // what else belongs to the command is still read
                    refusal = failed(e);
                }
            }
            taken++;
            read = reader.after(read.text());
        }
        if (refusal != null) {
            throw refusal;
        }
        ImapCommand command = CommandParser.parse(read.text());
        return new Received(command, additions(CommandParser.messages(command)));
    }

    /** An administrator reads more of it. */
    private Refusal failed(StoreException e) {
        if (e.kind() == StoreException.Kind.FULL) {
            return ImapReply.overQuota();
        }
        client.log().error("a store failed", e);
        return ImapReply.temporary();
    }

    private @Nullable Refusal refusal(
            ImapCommand command, ImapCommand.Incoming message, Check check, int taken) {
        try {
            if (message.size() > mostBytes) {
                throw ImapReply.tooBig();
            }
            if (message.size() == 0) { // RFC 3502 §6.3.11: it takes all of the command back
                throw ImapReply.emptyMessage();
            }
            FlagWords.named(message.flags());
            if (taken == 0) {
                check.before(command);
            }
            return null;
        } catch (Refusal refusal) {
            return refusal;
        } catch (StoreException e) {
            return failed(e);
        }
    }

    /** Reads all of the message, even if it cannot be kept: what follows is read as a command. */
    private void take(ImapCommand.Incoming message) throws IOException, StoreException {
        if (message.waits()) {
            client.writeLine(ImapReply.GO_AHEAD);
        }
        @Nullable StoreException failure = null;
        @Nullable Draft draft = null;
        try {
            draft = mail.draft();
            drafts.add(draft);
        } catch (StoreException e) {
            failure = e;
        }
        long left = message.size();
        while (left > 0) {
            ByteBuffer chunk = client.arrived();
            int step = (int) Math.min(left, chunk.remaining());
            if (draft != null && failure == null) {
                try { // what has arrived lies in an array, from its start
                    draft.append(array(chunk), chunk.position(), step);
                } catch (StoreException e) {
                    failure = e;
                }
            }
            client.traceBody(array(chunk), chunk.position(), step);
            chunk.position(chunk.position() + step);
            left -= step;
        }
        if (failure != null) {
            throw failure;
        }
    }

    @SuppressWarnings("ByteBufferBackingArray") // Connection.arrived says that there is one
    private static byte[] array(ByteBuffer chunk) {
        return chunk.array();
    }

    private void skip(long size, String answer) throws IOException {
        if (size > 2 * mostBytes) {
            client.writeLine(answer);
            throw new Hangup(Hangup.Reason.TOO_MANY_REFUSALS); // RFC 7888 §4
        }
        long left = size;
        while (left > 0) {
            ByteBuffer chunk = client.arrived();
            int step = (int) Math.min(left, chunk.remaining());
            chunk.position(chunk.position() + step);
            left -= step;
        }
    }

    private List<Addition> additions(List<ImapCommand.Incoming> messages) throws Refusal {
        List<Addition> additions = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            ImapCommand.Incoming message = messages.get(i);
            FlagWords.Named flags = FlagWords.named(message.flags());
            Optional<Instant> received = message.received().map(OffsetDateTime::toInstant);
            additions.add(
                    new Addition(
                            drafts.get(i),
                            flags.system(),
                            flags.keywords(),
                            received.orElseGet(clock::instant)));
        }
        return additions;
    }

    /** Forgets what was taken, where it did not become messages. */
    void discard() {
        for (Draft draft : drafts) {
            draft.discard();
        }
    }
}
