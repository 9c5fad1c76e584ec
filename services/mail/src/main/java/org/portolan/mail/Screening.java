package org.portolan.mail;

import java.net.InetAddress;
import java.util.Optional;
import org.portolan.wire.Refusal;

/** Judges messages by where they come from and what they say of it. */
public interface Screening {
    /** Lets everything pass, and says nothing about it. */
    Screening NONE =
            arrival ->
                    new Sender() {
                        @Override
                        public Optional<Refusal> refusal() {
                            return Optional.empty();
                        }

                        @Override
                        public Screen screen(DotReader.Sink onward) {
                            return new Unseen(onward);
                        }
                    };

    /** Judges who speaks for whom, when MAIL was said; may wait for look-ups. */
    Sender sender(Arrival arrival);

    /**
     * A message that is announced.
     *
     * @param client the address that it comes from
     * @param hello what the client calls itself
     * @param from the reverse-path; empty for that of a report
     * @param account who logged in; empty for a stranger
     * @param id of the message, in events and fields
     */
    record Arrival(
            InetAddress client, String hello, Optional<Address> from, String account, String id) {}

    /** What is known once MAIL was said. */
    interface Sender {
        /** Why it is not taken, if it is not. */
        Optional<Refusal> refusal();

        /** Begins a message, of which {@code onward} gets what is to be kept. */
        Screen screen(DotReader.Sink onward);
    }

    /** Sees the message as it came, without dot-stuffing and before any field of ours. */
    interface Screen extends DotReader.Sink {
        /** How many bytes the fields have that it will put on top; known before they are. */
        int room();

        /** All of it has come. */
        Verdict end();
    }

    /**
     * What is to be done with a message.
     *
     * @param fields to put on top of it, each with its CR LF: as many bytes as there is room
     * @param refusal why it is not taken, if it is not
     * @param words for the event
     */
    record Verdict(String fields, Optional<Refusal> refusal, String words) {
        public static final Verdict NOTHING = new Verdict("", Optional.empty(), "");
    }

    /** A screen that does not look. */
    record Unseen(DotReader.Sink onward) implements Screen {
        @Override
        public void take(byte[] bytes, int from, int count) {
            onward.take(bytes, from, count);
        }

        @Override
        public int room() {
            return 0;
        }

        @Override
        public Verdict end() {
            return Verdict.NOTHING;
        }
    }
}
