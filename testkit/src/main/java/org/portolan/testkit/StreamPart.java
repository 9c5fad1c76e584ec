package org.portolan.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** A client with a connection: its lines are bytes in a stream. */
final class StreamPart implements Part {
    /** RFC 5321 §4.2.1, RFC 959 §4.2: a code and a hyphen begin a reply of several lines. */
    private static final Pattern REPLY_GOES_ON = Pattern.compile("([0-9]{3})-.*", Pattern.DOTALL);

    private static final Pattern REPLY_ENDS = Pattern.compile("[0-9]{3}( .*)?", Pattern.DOTALL);

    private final RawClient raw;
    private final Duration patience;
    private final Pace pace;
    private final Minutes minutes;
    private final ByteArrayOutputStream outbox = new ByteArrayOutputStream();
    private boolean halfAfter;
    private @Nullable Thread sender;
    private volatile @Nullable IOException unsent;
    private Step.@Nullable Skip skipping;
    private boolean skippingBytes;
    private String lastLine = "";
    private @Nullable Step last;

    StreamPart(
            InetSocketAddress server,
            SocketFactory sockets,
            Duration patience,
            Pace pace,
            Minutes minutes)
            throws IOException {
        this.raw = RawClient.connect(server, sockets).patience(patience);
        this.patience = patience;
        this.pace = pace;
        this.minutes = minutes;
    }

    // What the client does.

    @Override
    public void say(Step.Send step, byte[] bytes) {
        outbox.writeBytes(bytes);
    }

    @Override
    public void half(Step.Half step) {
        halfAfter = true;
        minutes.did(step);
    }

    /** A thread of its own sends, so that a server which does not read cannot hold the test. */
    @Override
    public void startSending() {
        byte[] bytes = outbox.toByteArray();
        boolean half = halfAfter;
        outbox.reset();
        halfAfter = false;
        if (bytes.length == 0 && !half) {
            return;
        }
        sender =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                if (pace == Pace.BYTE_BY_BYTE) {
                                    raw.sendByteByByte(bytes);
                                } else {
                                    raw.send(bytes);
                                }
                                if (half) {
                                    raw.halfClose();
                                }
                            } catch (IOException e) {
                                // Not a failure yet: the transcript may await the hang-up.
                                unsent = e;
                            }
                        });
    }

    @Override
    public void awaitSent(Step step) {
        Thread sending = sender;
        if (sending == null) {
            return;
        }
        sender = null;
        try {
            if (!sending.join(sendingTime())) {
                throw minutes.mismatch(step, "the server does not read what is sent", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw minutes.mismatch(step, "interrupted while sending", e);
        }
    }

    /** Single bytes take longer, by a good measure for each of the few thousand at most. */
    private Duration sendingTime() {
        return pace == Pace.BYTE_BY_BYTE ? patience.multipliedBy(6) : patience;
    }

    @Override
    public void startTls(Step.Tls step, Optional<Trust> trust) {
        if (trust.isEmpty()) {
            throw minutes.mismatch(step, "the player was not told whom to trust", null);
        }
        try {
            raw.startTls(trust.get());
            minutes.did(step);
        } catch (IOException e) {
            throw minutes.mismatch(step, "TLS failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void leave(Step step, boolean rudely) {
        try {
            if (rudely) {
                raw.reset();
            } else {
                raw.close();
            }
        } catch (IOException e) {
            throw minutes.mismatch(step, "closing failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void abort() {
        raw.abort();
    }

    @Override
    public void performed(Step step) {
        last = step;
    }

    // What the server says.

    @Override
    public void read(Step step, Optional<Step> next) {
        try {
            switch (step) {
                case Step.Line line -> readLine(line);
                case Step.Bytes bytes -> readBytes(bytes);
                case Step.Skip skip -> {
                    skipping = skip;
                    if (next.isEmpty()
                            || !(next.get() instanceof Step.Line
                                    || next.get() instanceof Step.HangUp)) {
                        readToEndOfReply(skip);
                        skipping = null;
                    }
                }
                case Step.Rest _ -> readRest(step, next);
                case Step.HangUp _ -> awaitHangUp(step);
                default -> throw new IllegalStateException("not an answer: " + step);
            }
        } catch (EOFException e) {
            throw mismatch(step, "the server hung up" + unread(), e);
        } catch (IOException e) {
            throw mismatch(step, e.getMessage() + unread(), e);
        }
    }

    private String unread() {
        String unread = raw.unread();
        return unread.isEmpty() ? "" : ", after an unfinished " + Spelling.shown(unread);
    }

    private void readLine(Step.Line step) throws IOException {
        Pattern pattern = step.pattern().pattern(minutes.captured());
        while (true) {
            String line = raw.readLine();
            Matcher matcher = pattern.matcher(line);
            boolean matches = matcher.matches();
            if (!matches && skipping == null) {
                throw mismatch(step, Minutes.line(step, line), null);
            }
            heard(step, line, !matches);
            if (matches) {
                minutes.remember(step.pattern(), matcher);
                skipping = null;
                return;
            }
        }
    }

    /** Notes a line that came; one that is passed over may be forbidden. */
    private void heard(Step step, String line, boolean passedOver) {
        Step.Skip skip = skipping;
        if (passedOver && skip != null && skip.except().isPresent()) {
            Pattern except = skip.except().get().pattern(minutes.captured());
            if (except.matcher(line).matches()) {
                throw mismatch(skip, Minutes.line(step, line), null);
            }
        }
        lastLine = line;
        minutes.heardLine(step, line);
    }

    private void readToEndOfReply(Step.Skip skip) throws IOException {
        Matcher begun = REPLY_GOES_ON.matcher(lastLine);
        if (!begun.matches()) {
            if (!REPLY_ENDS.matcher(lastLine).matches()) {
                throw mismatch(
                        skip,
                        "the end of a reply that does not begin with a three-digit code cannot be"
                                + " told: "
                                + Spelling.shown(lastLine),
                        null);
            }
            return;
        }
        String code = begun.group(1);
        do {
            heard(skip, raw.readLine(), true);
        } while (!(REPLY_ENDS.matcher(lastLine).matches() && lastLine.startsWith(code)));
    }

    @SuppressWarnings("JdkObsolete") // hitEnd: bytes come in a stream, more may complete a match.
    private void readBytes(Step.Bytes step) throws IOException {
        Pattern pattern = step.pattern().pattern(minutes.captured());
        int wanted = step.pattern().shortest(minutes.captured());
        long deadline = raw.deadline();
        while (true) {
            String unread = raw.unread();
            int length = Math.min(wanted, unread.length());
            Matcher matcher = pattern.matcher(unread.substring(0, length));
            if (matcher.matches()) {
                minutes.remember(step.pattern(), matcher);
                minutes.heardBytes(step, raw.take(length));
                return;
            }
            if (!matcher.hitEnd()) {
                // No further byte can mend it.
                throw mismatch(step, Minutes.bytes(step, unread), null);
            }
            if (length == wanted) {
                wanted++;
            } else if (!raw.fill(deadline)) {
                throw mismatch(step, "the server hung up after " + Spelling.hex(unread), null);
            }
        }
    }

    private void readRest(Step step, Optional<Step> next) {
        if (next.isEmpty() || !(next.get() instanceof Step.HangUp)) {
            throw mismatch(
                    step,
                    "{any…} at the end of a line must be followed by EOF where bytes come in a"
                            + " stream",
                    null);
        }
        skippingBytes = true;
    }

    private void awaitHangUp(Step step) throws IOException {
        boolean bytes = skippingBytes;
        while (skipping != null || bytes) {
            try {
                if (bytes) {
                    minutes.heardBytes(step, Spelling.ofRaw(raw.readToEnd()));
                    bytes = false;
                } else {
                    heard(step, raw.readLine(), true);
                }
            } catch (EOFException _) {
                String unfinished = raw.unread();
                raw.take(unfinished.length());
                skipping = null;
            }
        }
        raw.awaitHangUp();
        minutes.did(step);
    }

    @Override
    public void nothingLeft() {
        Step step = last;
        if (step == null) {
            return;
        }
        IOException failed = unsent;
        if (failed != null) {
            throw mismatch(step, "the server took no more", failed);
        }
        boolean answered = step instanceof Step.Line || step instanceof Step.Bytes;
        if (answered && !raw.unread().isEmpty()) {
            throw mismatch(step, "and then more: " + Spelling.shown(raw.unread()), null);
        }
    }

    private Mismatch mismatch(Step step, @Nullable String received, @Nullable Throwable cause) {
        IOException failed = unsent;
        String sending = failed == null ? "" : " (and sending failed: " + failed.getMessage() + ")";
        return minutes.mismatch(step, received + sending, cause == null ? failed : cause);
    }
}
