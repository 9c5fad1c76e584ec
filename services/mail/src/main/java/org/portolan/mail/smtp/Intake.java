package org.portolan.mail.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Connection;
import org.portolan.mail.DotReader;
import org.portolan.mail.Screening;
import org.portolan.mail.Signing;
import org.portolan.mail.queue.Lifetime;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Destination;
import org.portolan.stores.mail.Draft;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.MailQueue;
import org.portolan.stores.mail.Outgoing;
import org.portolan.stores.mime.BinaryParts;
import org.portolan.wire.Refusal;

/**
 * A message while it comes: what is to be kept of it goes into a draft. A store that fails in the
 * meantime is remembered: the peer goes on sending to the end, and is told then.
 */
final class Intake {
    private final Connection client;
    private final Envelope envelope;
    private final Mail mail;
    private final Lifetime lifetime;
    private final Instant now;
    private final Draft draft;
    private final Incoming incoming;
    private final Optional<BinaryParts> binary;
    private final Screening.Screen screen;
    private final Signing.Signature signature;
    private final long returnPath;
    private @Nullable StoreException failure;
    private Screening.Verdict verdict = Screening.Verdict.NOTHING;
    private boolean delivered;

    /**
     * @param received our own trace field
     * @param completion what is put behind the header
     */
    Intake(
            Connection client,
            Envelope envelope,
            byte[] received,
            Incoming.Completion completion,
            Signing signing,
            Mail mail,
            Lifetime lifetime,
            Instant now)
            throws StoreException {
        this.client = client;
        this.envelope = envelope;
        this.mail = mail;
        this.lifetime = lifetime;
        this.now = now;
        this.signature = (envelope.leaving().isEmpty() ? Signing.NONE : signing).begin();
        this.binary =
                envelope.binary() ? Optional.of(new BinaryParts(this::keep)) : Optional.empty();
        this.incoming = new Incoming(this::passOn, completion);
        this.screen = envelope.sender().screen(incoming);
        this.draft = mail.draft();
        byte[] path = TraceFields.returnPath(envelope.from()).getBytes(UTF_8);
        this.returnPath = path.length;
        append(path, 0, path.length);
        if (screen.room() > 0) { // RFC 8601 §4.1: what was found out stands above the trace
            draft.reserve(screen.room());
        }
        append(received, 0, received.length);
    }

    /** Takes the message as it comes. */
    DotReader.Sink sink() {
        return screen;
    }

    private void passOn(byte[] bytes, int from, int count) {
        if (binary.isPresent()) {
            binary.get().take(bytes, from, count);
        } else {
            keep(bytes, from, count);
        }
    }

    private void keep(byte[] bytes, int from, int count) {
        signature.take(bytes, from, count);
        append(bytes, from, count);
    }

    private void append(byte[] bytes, int from, int count) {
        if (failure != null) {
            return;
        }
        try {
            draft.append(bytes, from, count);
        } catch (StoreException e) {
            failure = e;
        }
    }

    /** Whom the message says it is from. */
    List<String> from() {
        return incoming.from();
    }

    /** What was found out about it, for the event. */
    String found() {
        return verdict.words();
    }

    /** All of it has come. */
    void end() {
        verdict = screen.end();
        incoming.end();
        binary.ifPresent(BinaryParts::end);
    }

    /**
     * Accepts what has come to its {@link #end}: it is on disk for everybody when this returns.
     *
     * @return how many bytes it has
     */
    long accept() throws Refusal, StoreException {
        if (failure != null) {
            throw failure;
        }
        if (binary.isPresent() && binary.get().malformed()) {
            throw SmtpReply.malformedMessage();
        }
        if (incoming.looping()) {
            throw SmtpReply.looping(); // RFC 5321 §6.3
        }
        if (verdict.refusal().isPresent()) {
            throw verdict.refusal().get();
        }
        if (screen.room() > 0) {
            draft.fill(verdict.fields().getBytes(UTF_8));
        }
        Set<Destination> inboxes =
                envelope.reached().stream().map(Destination::of).collect(Collectors.toSet());
        Optional<Outgoing> leaving =
                envelope.leaving().isEmpty()
                        ? Optional.empty()
                        : Optional.of(outgoing(signature.fields()));
        mail.deliver(
                draft,
                inboxes,
                (sql, body, size) -> {
                    if (leaving.isPresent()) {
                        MailQueue.insert(sql, body, size, leaving.get(), now);
                    }
                });
        delivered = true;
        if (leaving.isPresent()) {
            mail.queue().nudge();
        }
        return draft.size();
    }

    /** The accepted message, as reports speak of it. */
    MailQueue.Queued queued() {
        Outgoing message = outgoing("");
        return new MailQueue.Queued(
                0,
                message.id(),
                draft.number(),
                draft.size(),
                message.skipped(),
                "",
                message.sender(),
                message.account(),
                message.demands(),
                message.returned(),
                message.envelopeId(),
                now,
                message.warns(),
                message.expires());
    }

    private Outgoing outgoing(String fields) {
        SmtpCommand.MailFrom from = envelope.mail();
        boolean international =
                envelope.recipients().stream().anyMatch(to -> to.international())
                        || from.from().filter(sender -> sender.international()).isPresent();
        return new Outgoing(
                envelope.id(),
                from.from().map(sender -> sender.written()).orElse(""),
                client.account(),
                new Outgoing.Demands(
                        incoming.eightBit(),
                        international,
                        from.utf8() && incoming.utf8(),
                        from.requireTls()),
                from.returned(),
                from.envelopeId(),
                fields,
                returnPath,
                now.plus(lifetime.warnAfter()),
                now.plus(lifetime.giveUp()),
                envelope.leaving());
    }

    /** Forgets what came, unless it was accepted. */
    void close() {
        if (!delivered) {
            draft.discard();
        }
    }
}
