package org.portolan.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** One transcript on its way through one pace. */
final class Performance implements AutoCloseable {
    /** RFC 5321 §4.2.1, RFC 959 §4.2: a code and a hyphen begin a reply of several lines. */
    private static final Pattern REPLY_GOES_ON = Pattern.compile("([0-9]{3})-.*", Pattern.DOTALL);

    private static final Pattern REPLY_ENDS = Pattern.compile("[0-9]{3}( .*)?", Pattern.DOTALL);

    private final Player player;
    private final Transcript transcript;
    private final Pace pace;
    private final SocketFactory sockets;
    private final List<Step> steps;
    private final Map<Integer, Client> clients = new HashMap<>();
    private final Map<String, String> captured = new HashMap<>();
    private final List<String> spoken = new ArrayList<>();

    /** At the pace "all at once": the answers that were not read yet, by their place in steps. */
    private final List<Integer> awaited = new ArrayList<>();

    private final Set<String> awaitedCaptures = new HashSet<>();
    private int lastClient;

    /** A connection and what is known of it. */
    private static final class Client {
        final RawClient raw;
        final ByteArrayOutputStream outbox = new ByteArrayOutputStream();
        boolean halfAfter;
        @Nullable Thread sender;
        volatile @Nullable IOException unsent;
        Step.@Nullable Skip skipping;
        boolean skippingBytes;
        String lastLine = "";
        @Nullable Step last;

        Client(RawClient raw) {
            this.raw = raw;
        }
    }

    Performance(Player player, Transcript transcript, Pace pace, SocketFactory sockets) {
        this.player = player;
        this.transcript = transcript;
        this.pace = pace;
        this.sockets = sockets;
        this.steps = transcript.steps();
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
        for (Client client : clients.values()) {
            nothingLeft(client);
        }
    }

    @Override
    public void close() {
        clients.values().forEach(client -> client.raw.abort());
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
            case Step.Wait _ -> client(step);
            case Step.Half _ -> {
                Client client = client(step);
                client.halfAfter = true;
                spoken.add(step.at().text());
                sendUnlessAtOnce(client, step);
            }
            case Step.Tls _ -> startTls(step);
            case Step.Close _ -> {
                Client client = client(step);
                nothingLeft(client);
                leave(step, client, false);
            }
            case Step.Reset _ -> leave(step, client(step), true);
        }
        Client client = clients.get(step.client());
        if (client != null) {
            client.last = step;
        }
    }

    // What the clients do.

    private Client client(Step step) {
        Client known = clients.get(step.client());
        return known != null ? known : connect(step, firstDoor(step));
    }

    private InetSocketAddress firstDoor(Step step) {
        Optional<String> on = transcript.on();
        // A test that knows no doors has chosen by itself where this dialogue belongs.
        return on.isEmpty() || player.doors().isEmpty() ? player.server() : door(step, on.get());
    }

    private InetSocketAddress door(Step step, String name) {
        InetSocketAddress door = player.doors().get(name);
        if (door != null) {
            return door;
        }
        if (name.matches("[0-9]{1,5}") && Integer.parseInt(name) < 65536) {
            return new InetSocketAddress(player.server().getAddress(), Integer.parseInt(name));
        }
        throw mismatch(step, "no door is known by the name " + name, null);
    }

    private void connect(Step.Connect step) {
        InetSocketAddress door =
                step.door().isEmpty()
                        ? firstDoor(step)
                        : door(step, step.door().get().bytes(captured));
        spoken.add(step.at().text());
        connect(step, door);
    }

    private Client connect(Step step, InetSocketAddress door) {
        try {
            Client client =
                    new Client(RawClient.connect(door, sockets).patience(player.patience()));
            clients.put(step.client(), client);
            return client;
        } catch (IOException e) {
            throw mismatch(step, "no connection to " + door, e);
        }
    }

    private void say(Step.Send step) {
        Client client = client(step);
        String bytes = step.bytes().bytes(captured);
        client.outbox.writeBytes(Spelling.raw(bytes));
        spoken.add(spelled(step, bytes));
        sendUnlessAtOnce(client, step);
    }

    private static String spelled(Step.Send step, String bytes) {
        String mark = step.client() == 1 ? "C" : "C" + step.client();
        if (step.hex()) {
            return mark + "< " + Spelling.hex(bytes);
        }
        return bytes.endsWith("\r\n")
                ? mark + ": " + Spelling.shown(bytes.substring(0, bytes.length() - 2))
                : mark + "- " + Spelling.shown(bytes);
    }

    private void sendUnlessAtOnce(Client client, Step step) {
        if (pace != Pace.ALL_AT_ONCE) {
            startSending(client);
            awaitSent(client, step);
        }
    }

    /** A thread of its own sends, so that a server which does not read cannot hold the test. */
    private void startSending(Client client) {
        byte[] bytes = client.outbox.toByteArray();
        boolean half = client.halfAfter;
        client.outbox.reset();
        client.halfAfter = false;
        if (bytes.length == 0 && !half) {
            return;
        }
        client.sender =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                if (pace == Pace.BYTE_BY_BYTE) {
                                    client.raw.sendByteByByte(bytes);
                                } else {
                                    client.raw.send(bytes);
                                }
                                if (half) {
                                    client.raw.halfClose();
                                }
                            } catch (IOException e) {
                                // Not a failure yet: the transcript may await the hang-up.
                                client.unsent = e;
                            }
                        });
    }

    private void awaitSent(Client client, Step step) {
        Thread sender = client.sender;
        if (sender == null) {
            return;
        }
        client.sender = null;
        try {
            if (!sender.join(sendingTime())) {
                throw mismatch(step, "the server does not read what is sent", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw mismatch(step, "interrupted while sending", e);
        }
    }

    /** Single bytes take longer, by a good measure for each of the few thousand at most. */
    private Duration sendingTime() {
        return pace == Pace.BYTE_BY_BYTE ? player.patience().multipliedBy(6) : player.patience();
    }

    private void startTls(Step step) {
        Client client = client(step);
        Trust trust =
                player.trust()
                        .orElseThrow(
                                () ->
                                        mismatch(
                                                step,
                                                "the player was not told whom to trust",
                                                null));
        try {
            client.raw.startTls(trust);
            spoken.add(step.at().text());
        } catch (IOException e) {
            throw mismatch(step, "TLS failed: " + e.getMessage(), e);
        }
    }

    private void leave(Step step, Client client, boolean rudely) {
        clients.remove(step.client());
        spoken.add(step.at().text());
        try {
            if (rudely) {
                client.raw.reset();
            } else {
                client.raw.close();
            }
        } catch (IOException e) {
            throw mismatch(step, "closing failed: " + e.getMessage(), e);
        }
    }

    // What the server says.

    private void await(int index, Set<String> captures) {
        Step step = steps.get(index);
        client(step);
        awaited.add(index);
        awaitedCaptures.addAll(captures);
        if (pace != Pace.ALL_AT_ONCE) {
            readAwaited();
        }
    }

    /** Sends what waits to be sent, while reading every answer that is due. */
    private void catchUp(Step step) {
        clients.values().forEach(this::startSending);
        readAwaited();
        clients.values().forEach(client -> awaitSent(client, step));
    }

    private void readAwaited() {
        for (int index : awaited) {
            Step step = steps.get(index);
            Client client = client(step);
            try {
                read(step, client, index);
            } catch (EOFException e) {
                throw mismatch(step, client, "the server hung up" + unread(client), e);
            } catch (IOException e) {
                throw mismatch(step, client, e.getMessage() + unread(client), e);
            }
        }
        awaited.clear();
        awaitedCaptures.clear();
    }

    private static String unread(Client client) {
        String unread = client.raw.unread();
        return unread.isEmpty() ? "" : ", after an unfinished " + Spelling.shown(unread);
    }

    private void read(Step step, Client client, int index) throws IOException {
        switch (step) {
            case Step.Line line -> readLine(line, client);
            case Step.Bytes bytes -> readBytes(bytes, client);
            case Step.Skip skip -> {
                Optional<Step> next = TranscriptReader.next(steps, index);
                client.skipping = skip;
                if (next.isEmpty()
                        || !(next.get() instanceof Step.Line
                                || next.get() instanceof Step.HangUp)) {
                    readToEndOfReply(skip, client);
                    client.skipping = null;
                }
            }
            case Step.Rest _ -> client.skippingBytes = true;
            case Step.HangUp _ -> awaitHangUp(step, client);
            default -> throw new IllegalStateException("not an answer: " + step);
        }
    }

    private void readLine(Step.Line step, Client client) throws IOException {
        Pattern pattern = step.pattern().pattern(captured);
        while (true) {
            String line = client.raw.readLine();
            Matcher matcher = pattern.matcher(line);
            boolean matches = matcher.matches();
            if (!matches && client.skipping == null) {
                throw mismatch(step, client, marked(step, ": ", Spelling.shown(line)), null);
            }
            heard(step, client, line, !matches);
            if (matches) {
                remember(step.pattern(), matcher);
                client.skipping = null;
                return;
            }
        }
    }

    /** Notes a line that came; one that is passed over may be forbidden. */
    private void heard(Step step, Client client, String line, boolean passedOver) {
        Step.Skip skip = client.skipping;
        if (passedOver && skip != null && skip.except().isPresent()) {
            Pattern except = skip.except().get().pattern(captured);
            if (except.matcher(line).matches()) {
                throw mismatch(skip, client, marked(step, ": ", Spelling.shown(line)), null);
            }
        }
        client.lastLine = line;
        spoken.add(marked(step, ": ", Spelling.shown(line)));
    }

    private void remember(Template pattern, Matcher matcher) {
        for (String name : pattern.captures()) {
            captured.put(name, String.valueOf(matcher.group(name)));
        }
    }

    private void readToEndOfReply(Step.Skip skip, Client client) throws IOException {
        Matcher begun = REPLY_GOES_ON.matcher(client.lastLine);
        if (!begun.matches()) {
            if (!REPLY_ENDS.matcher(client.lastLine).matches()) {
                throw mismatch(
                        skip,
                        client,
                        "the end of a reply that does not begin with a three-digit code cannot be"
                                + " told: "
                                + Spelling.shown(client.lastLine),
                        null);
            }
            return;
        }
        String code = begun.group(1);
        do {
            heard(skip, client, client.raw.readLine(), true);
        } while (!(REPLY_ENDS.matcher(client.lastLine).matches()
                && client.lastLine.startsWith(code)));
    }

    @SuppressWarnings("JdkObsolete") // hitEnd: bytes come in a stream, more may complete a match.
    private void readBytes(Step.Bytes step, Client client) throws IOException {
        Pattern pattern = step.pattern().pattern(captured);
        int wanted = step.pattern().shortest(captured);
        long deadline = client.raw.deadline();
        while (true) {
            String unread = client.raw.unread();
            int length = Math.min(wanted, unread.length());
            Matcher matcher = pattern.matcher(unread.substring(0, length));
            if (matcher.matches()) {
                remember(step.pattern(), matcher);
                spoken.add(marked(step, "> ", Spelling.hex(client.raw.take(length))));
                return;
            }
            if (!matcher.hitEnd()) {
                // No further byte can mend it.
                throw mismatch(step, client, marked(step, "> ", Spelling.hex(unread)), null);
            }
            if (length == wanted) {
                wanted++;
            } else if (!client.raw.fill(deadline)) {
                throw mismatch(
                        step, client, "the server hung up after " + Spelling.hex(unread), null);
            }
        }
    }

    private void awaitHangUp(Step step, Client client) throws IOException {
        boolean bytes = client.skippingBytes;
        while (client.skipping != null || bytes) {
            try {
                if (bytes) {
                    String rest = Spelling.ofRaw(client.raw.readToEnd());
                    spoken.add(marked(step, "> ", Spelling.hex(rest)));
                    bytes = false;
                } else {
                    heard(step, client, client.raw.readLine(), true);
                }
            } catch (EOFException _) {
                String unfinished = client.raw.unread();
                client.raw.take(unfinished.length());
                client.skipping = null;
            }
        }
        client.raw.awaitHangUp();
        spoken.add(step.at().text());
        clients.remove(step.client());
        client.raw.abort();
    }

    /** What came beyond the last line, or could not be sent, is no part of the dialogue. */
    private void nothingLeft(Client client) {
        Step last = client.last;
        if (last == null) {
            return;
        }
        IOException unsent = client.unsent;
        if (unsent != null) {
            throw mismatch(last, client, "the server took no more", unsent);
        }
        boolean answered = last instanceof Step.Line || last instanceof Step.Bytes;
        if (answered && !client.raw.unread().isEmpty()) {
            throw mismatch(
                    last, client, "and then more: " + Spelling.shown(client.raw.unread()), null);
        }
    }

    // What a failure shows.

    private static String marked(Step step, String mark, String what) {
        return (step.client() == 1 ? "S" : "S" + step.client()) + mark + what;
    }

    private Mismatch mismatch(
            Step step, Client client, @Nullable String received, @Nullable Throwable cause) {
        IOException unsent = client.unsent;
        String sending = unsent == null ? "" : " (and sending failed: " + unsent.getMessage() + ")";
        return mismatch(step, received + sending, cause == null ? unsent : cause);
    }

    private Mismatch mismatch(Step step, String received, @Nullable Throwable cause) {
        StringBuilder message = new StringBuilder();
        message.append(transcript.file()).append(':').append(step.at().line());
        message.append(" at the pace ").append(pace.title());
        message.append("\n  expected  ").append(step.at().text());
        for (String name : uses(step)) {
            message.append("\n  where     {").append(name).append("} is ");
            message.append(Spelling.shown(captured.getOrDefault(name, "")));
        }
        message.append("\n  received  ").append(received);
        message.append("\nThe dialogue so far:");
        spoken.forEach(line -> message.append("\n  ").append(line));
        return new Mismatch(message.toString(), cause);
    }

    private static Set<String> uses(Step step) {
        return switch (step) {
            case Step.Line line -> line.pattern().uses();
            case Step.Bytes bytes -> bytes.pattern().uses();
            default -> Set.of();
        };
    }
}
