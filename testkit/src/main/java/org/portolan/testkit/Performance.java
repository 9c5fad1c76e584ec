package org.portolan.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.SocketFactory;

/** One transcript on its way through one pace. */
final class Performance implements AutoCloseable {
    private final Player player;
    private final Transcript transcript;
    private final Pace pace;
    private final SocketFactory sockets;
    private final List<Step> steps;
    private final Minutes minutes;
    private final Map<Integer, Part> parts = new HashMap<>();

    /** At the pace "all at once": the answers that were not read yet, by their place in steps. */
    private final List<Integer> awaited = new ArrayList<>();

    private final Set<String> awaitedCaptures = new HashSet<>();
    private int lastClient;

    Performance(Player player, Transcript transcript, Pace pace, SocketFactory sockets) {
        this.player = player;
        this.transcript = transcript;
        this.pace = pace;
        this.sockets = sockets;
        this.steps = transcript.steps();
        this.minutes = new Minutes(transcript.file(), pace);
    }

    void run() {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (dependsOnAnswers(step)) {
                catchUp(step);
            }
            perform(step, i);
            lastClient = step.client();
        }
        Step last = steps.getLast();
        catchUp(last);
        parts.values().forEach(Part::nothingLeft);
    }

    @Override
    public void close() {
        parts.values().forEach(Part::abort);
    }

    /** Whether this must wait until everything above it was sent and every answer read. */
    private boolean dependsOnAnswers(Step step) {
        if (pace != Pace.ALL_AT_ONCE) {
            return false;
        }
        // What one client sees may be what another did.
        if (step.client() != lastClient) {
            return true;
        }
        return switch (step) {
            case Step.Send send -> send.bytes().uses().stream().anyMatch(awaitedCaptures::contains);
            case Step.Tls _, Step.Wait _, Step.Close _, Step.Reset _, Step.Connect _ -> true;
            case Step.Line _, Step.Bytes _, Step.Skip _, Step.Rest _, Step.HangUp _ -> false;
            case Step.Half _ -> false;
        };
    }

    private void perform(Step step, int index) {
        switch (step) {
            case Step.Send send -> say(send);
            case Step.Line line -> await(index, line.pattern().captures());
            case Step.Bytes bytes -> await(index, bytes.pattern().captures());
            case Step.Skip _, Step.Rest _, Step.HangUp _ -> await(index, Set.of());
            case Step.Connect connect -> connect(connect);
            case Step.Wait _ -> part(step);
            case Step.Half half -> {
                part(step).half(half);
                sendUnlessAtOnce(part(step), step);
            }
            case Step.Tls tls -> part(step).startTls(tls, player.trust());
            case Step.Close _ -> {
                part(step).nothingLeft();
                leave(step, false);
            }
            case Step.Reset _ -> leave(step, true);
        }
        Part part = parts.get(step.client());
        if (part != null) {
            part.performed(step);
        }
    }

    // What the clients do.

    private Part part(Step step) {
        Part known = parts.get(step.client());
        return known != null ? known : connect(step, firstDoor(step));
    }

    private Player.Place firstDoor(Step step) {
        Optional<String> on = transcript.on();
        // A test that knows no doors has chosen by itself where this dialogue belongs.
        return on.isEmpty() || player.doors().isEmpty() ? player.server() : door(step, on.get());
    }

    private Player.Place door(Step step, String name) {
        Player.Place door = player.doors().get(name);
        if (door != null) {
            return door;
        }
        if (name.matches("[0-9]{1,5}") && Integer.parseInt(name) < 65536) {
            return player.server().withPort(Integer.parseInt(name));
        }
        throw minutes.mismatch(step, "no door is known by the name " + name, null);
    }

    private void connect(Step.Connect step) {
        Player.Place door =
                step.door().isEmpty()
                        ? firstDoor(step)
                        : door(step, step.door().get().bytes(minutes.captured()));
        minutes.did(step);
        connect(step, door);
    }

    private Part connect(Step step, Player.Place door) {
        try {
            Part part =
                    door.datagrams()
                            ? new DatagramPart(door.at(), player.patience(), minutes)
                            : new StreamPart(door.at(), sockets, player.patience(), pace, minutes);
            parts.put(step.client(), part);
            return part;
        } catch (IOException e) {
            throw minutes.mismatch(step, "no connection to " + door.at(), e);
        }
    }

    private void say(Step.Send step) {
        Part part = part(step);
        String bytes = step.bytes().bytes(minutes.captured());
        part.say(step, Spelling.raw(bytes));
        minutes.said(step, bytes);
        sendUnlessAtOnce(part, step);
    }

    private void sendUnlessAtOnce(Part part, Step step) {
        if (pace != Pace.ALL_AT_ONCE) {
            part.startSending();
            part.awaitSent(step);
        }
    }

    private void leave(Step step, boolean rudely) {
        Part part = part(step);
        parts.remove(step.client());
        minutes.did(step);
        part.leave(step, rudely);
    }

    // What the server says.

    private void await(int index, Set<String> captures) {
        part(steps.get(index));
        awaited.add(index);
        awaitedCaptures.addAll(captures);
        if (pace != Pace.ALL_AT_ONCE) {
            readAwaited();
        }
    }

    /** Sends what waits to be sent, while reading every answer that is due. */
    private void catchUp(Step step) {
        parts.values().forEach(Part::startSending);
        readAwaited();
        parts.values().forEach(part -> part.awaitSent(step));
    }

    private void readAwaited() {
        for (int index : awaited) {
            Step step = steps.get(index);
            part(step).read(step, TranscriptReader.next(steps, index));
            if (step instanceof Step.HangUp) {
                Part gone = parts.remove(step.client());
                if (gone != null) {
                    gone.abort();
                }
            }
        }
        awaited.clear();
        awaitedCaptures.clear();
    }
}
