package org.portolan.mail.pop3;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Message;
import org.portolan.wire.Refusal;

/** A maildrop, and what of it is marked as deleted. Messages are numbered from 1. */
final class Marked implements AutoCloseable {
    private final Mail.Maildrop maildrop;
    private final List<Message> messages;
    private final BitSet deleted = new BitSet();
    private long size;
    private int count;
    private boolean closed;

    Marked(Mail.Maildrop maildrop) {
        this.maildrop = maildrop;
        this.messages = maildrop.messages();
        reset();
    }

    /** How many are not deleted. */
    int count() {
        return count;
    }

    /** The bytes of those. */
    long size() {
        return size;
    }

    /** The highest number. */
    int last() {
        return messages.size();
    }

    /** Message {@code number}, unless it is deleted. */
    Optional<Message> unmarked(int number) {
        return deleted.get(number) ? Optional.empty() : Optional.of(messages.get(number - 1));
    }

    Message message(int number) throws Refusal {
        if (number < 1 || number > messages.size()) {
            throw Pop3Reply.noSuchMessage();
        }
        return unmarked(number).orElseThrow(Pop3Reply::deletedMessage);
    }

    /** A name that no other message of this maildrop ever gets (RFC 1939 §7, UIDL). */
    String uniqueName(Message message) {
        return maildrop.uidValidity() + "." + message.uid();
    }

    void delete(int number) throws Refusal {
        size -= message(number).size();
        count--;
        deleted.set(number);
    }

    void reset() {
        deleted.clear();
        count = messages.size();
        size = messages.stream().mapToLong(Message::size).sum();
    }

    FileChannel open(Message message) throws IOException {
        return maildrop.open(message);
    }

    /** Deletes what is marked. */
    void commit() throws StoreException {
        maildrop.delete(deleted.stream().mapToObj(number -> messages.get(number - 1)).toList());
    }

    /** Lets others in; a second call must not let in one more while another holds it. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            maildrop.close();
        }
    }
}
