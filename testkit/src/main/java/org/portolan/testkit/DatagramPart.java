package org.portolan.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.portolan.testkit.Step.Origin;
import org.portolan.testkit.Template.Part.AnyRun;

/** A client at a door for datagrams: each of its lines is one. */
final class DatagramPart implements Part {
    private final RawDatagramClient raw;
    private final Minutes minutes;
    private final List<byte[]> outbox = new ArrayList<>();

    /** The line of the last answer; what is left open at its end was read together with it. */
    private @Nullable Origin answered;

    private @Nullable IOException unsent;
    private @Nullable Step last;

    DatagramPart(InetSocketAddress server, Duration patience, Minutes minutes) throws IOException {
        this.raw = RawDatagramClient.to(server).patience(patience);
        this.minutes = minutes;
    }

    @Override
    public void say(Step.Send step, byte[] bytes) {
        if (!step.hex()) {
            throw minutes.mismatch(step, "a datagram is written C< in hex", null);
        }
        outbox.add(bytes);
    }

    /** Nothing to wait for: a datagram leaves at once, or it is lost. */
    @Override
    public void startSending() {
        try {
            for (byte[] datagram : outbox) {
                raw.send(datagram);
            }
        } catch (IOException e) {
            // Said as soon as somebody asks: this may be on behalf of another client's step.
            unsent = e;
        }
        outbox.clear();
    }

    @Override
    public void awaitSent(Step step) {
        IOException failed = unsent;
        if (failed != null) {
            throw minutes.mismatch(step, "sending failed: " + failed.getMessage(), failed);
        }
    }

    @Override
    public void read(Step step, Optional<Step> next) {
        switch (step) {
            case Step.Bytes bytes -> read(bytes, bytes.pattern(), next);
            case Step.Rest _ -> {
                if (!step.at().equals(answered)) {
                    read(step, new Template(List.of(new AnyRun())), Optional.empty());
                }
            }
            default -> throw notHere(step);
        }
    }

    private void read(Step step, Template begins, Optional<Step> next) {
        boolean open =
                next.isPresent()
                        && next.get() instanceof Step.Rest
                        && next.get().at().equals(step.at());
        Template whole = open ? begins.followedBy(new AnyRun()) : begins;
        Pattern pattern = whole.pattern(minutes.captured());
        awaitSent(step);
        String came;
        try {
            came = Spelling.ofRaw(raw.receive());
        } catch (IOException e) {
            throw minutes.mismatch(step, String.valueOf(e.getMessage()), e);
        }
        Matcher matcher = pattern.matcher(came);
        if (!matcher.matches()) {
            throw minutes.mismatch(step, Minutes.bytes(step, came), null);
        }
        minutes.remember(whole, matcher);
        minutes.heardBytes(step, came);
        answered = step.at();
    }

    @Override
    public void performed(Step step) {
        last = step;
    }

    @Override
    public void nothingLeft() {
        Step step = last;
        if (step == null) {
            return;
        }
        try {
            Optional<byte[]> more = raw.waiting();
            if (more.isPresent()) {
                String said = Spelling.ofRaw(more.get());
                throw minutes.mismatch(step, "and then more: " + Minutes.bytes(step, said), null);
            }
        } catch (IOException e) {
            throw minutes.mismatch(step, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void half(Step.Half step) {
        throw notHere(step);
    }

    @Override
    public void startTls(Step.Tls step, Optional<Trust> trust) {
        throw notHere(step);
    }

    @Override
    public void leave(Step step, boolean rudely) {
        if (rudely) {
            throw notHere(step);
        }
        raw.close();
    }

    @Override
    public void abort() {
        raw.close();
    }

    private Mismatch notHere(Step step) {
        return minutes.mismatch(
                step, "at a door for datagrams there are C< and S>, WAIT and CLOSE", null);
    }
}
