package org.portolan.shell.telnet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.portolan.auth.Attempt;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Ports;
import org.portolan.shell.console.Console;
import org.portolan.shell.console.Keystrokes;
import org.portolan.shell.console.Seat;
import org.portolan.shell.console.Window;
import org.portolan.shell.telnet.TelnetCodec.Event;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.portolan.wire.Refusal;

/** One peer: its options, its log-in, and then the console, which runs beside what reads. */
final class TelnetSession {
    private static final int MOST_FAILURES = 3;
    private static final int LONGEST_ANSWER = 256;
    private static final int MOST_TYPED_AHEAD = 16 * 1024;

    /** Each is answered once; who goes on and on is no terminal. */
    private static final int MOST_NEGOTIATIONS = 500;

    private static final Duration LOGIN_TIME = Duration.ofMinutes(1);
    private static final Duration OPTIONS_TIME = Duration.ofSeconds(1);
    private static final int INTERRUPT_PROCESS = 244;
    private static final int ARE_YOU_THERE = 246;

    private final Connection client;
    private final Duration idle;
    private final Accounts accounts;
    private final LoginGuard guard;
    private final Console console;
    private final Events events;
    private final Ports ports;
    private final TelnetOptions options = new TelnetOptions();
    private final Keystrokes typed = new Keystrokes(taken -> {});
    private final CountDownLatch named = new CountDownLatch(1);
    private volatile Window window = new Window("", 0, 0);
    private volatile boolean over;
    private int negotiations;

    TelnetSession(
            Connection client,
            Duration idle,
            Accounts accounts,
            LoginGuard guard,
            Console console,
            Events events,
            Ports ports) {
        this.client = client;
        this.idle = idle;
        this.accounts = accounts;
        this.guard = guard;
        this.console = console;
        this.events = events;
        this.ports = ports;
    }

    /** Reads until one of both ends has had enough. */
    void converse() throws IOException {
        ask(true, TelnetOptions.ECHO);
        ask(true, TelnetOptions.SUPPRESS_GO_AHEAD);
        ask(false, TelnetOptions.SUPPRESS_GO_AHEAD);
        ask(false, TelnetOptions.TERMINAL_TYPE);
        ask(false, TelnetOptions.WINDOW_SIZE);
        client.flush();
        ports.inBackground(client.id() + "-console", this::serve);
        try {
            read();
        } catch (Hangup e) {
            if (!over) {
                throw e;
            }
        } finally {
            typed.end();
        }
    }

    private void read() throws IOException {
        TelnetCodec codec = new TelnetCodec();
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        while (!over) {
            boolean in = !client.account().isEmpty();
            client.read(
                    buffer.clear(),
                    in ? idle : LOGIN_TIME,
                    in ? Hangup.Reason.IDLE : Hangup.Reason.TOO_SLOW);
            buffer.flip();
            try {
                while (buffer.hasRemaining()) {
                    codec.take(buffer.get() & 0xff, this::happened);
                }
            } catch (Refusal e) {
                client.log().info("broke off: {}", e.reply());
                throw new Hangup(Hangup.Reason.TOO_MANY_REFUSALS);
            }
            if (negotiations > MOST_NEGOTIATIONS) {
                throw new Hangup(Hangup.Reason.TOO_MANY_REFUSALS);
            }
        }
    }

    // ---- options

    private void ask(boolean byUs, int option) throws IOException {
        send(options.wanted(byUs, option));
    }

    private void send(TelnetOptions.Answer answer) throws IOException {
        sendRaw(TelnetCodec.IAC, answer.verb(), answer.option());
    }

    private void sendRaw(int... octets) throws IOException {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        client.write(bytes, 0, bytes.length);
    }

    private void happened(Event event) {
        try {
            switch (event) {
                case Event.Typed(int octet) -> type(octet);
                case Event.Negotiation(int verb, int option) -> negotiate(verb, option);
                case Event.About(int option, byte[] what) -> hear(option, what);
                case Event.Command(int code) -> command(code);
            }
        } catch (IOException e) {
            client.end(Hangup.Reason.PEER_GONE);
        }
    }

    private void type(int octet) {
        if (typed.available() < MOST_TYPED_AHEAD) { // what is beyond that nobody typed
            typed.add(new byte[] {(byte) octet}, 0, 1);
        }
    }

    private void negotiate(int verb, int option) throws IOException {
        negotiations++;
        Optional<TelnetOptions.Answer> answer = options.answer(verb, option);
        if (answer.isPresent()) {
            send(answer.get());
        }
        if (option == TelnetOptions.TERMINAL_TYPE) {
            if (verb == TelnetCodec.WILL) { // RFC 1091: SEND
                sendRaw(
                        TelnetCodec.IAC,
                        TelnetCodec.SB,
                        option,
                        1,
                        TelnetCodec.IAC,
                        TelnetCodec.SE);
            } else {
                named.countDown();
            }
        }
        client.flush();
    }

    private void hear(int option, byte[] what) {
        negotiations++;
        if (option == TelnetOptions.WINDOW_SIZE && what.length == 4) { // RFC 1073
            int columns = (what[0] & 0xff) << 8 | (what[1] & 0xff);
            int rows = (what[2] & 0xff) << 8 | (what[3] & 0xff);
            window.resize(columns, rows);
        } else if (option == TelnetOptions.TERMINAL_TYPE && what.length > 1 && what[0] == 0) {
            String type = new String(what, 1, what.length - 1, ISO_8859_1);
            if (named.getCount() > 0) { // RFC 1091: IS
                window = new Window(type, window.columns(), window.rows());
                named.countDown();
            }
        }
    }

    private void command(int code) throws IOException {
        switch (code) {
            case INTERRUPT_PROCESS -> type(3);
            case ARE_YOU_THERE -> {
                client.writeLine("[yes]");
                client.flush();
            }
            default -> {
                // the others mean nothing to a console
            }
        }
    }

    // ---- what runs beside

    private void serve() {
        try {
            if (!named.await(OPTIONS_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
                client.log().debug("it does not say what terminal it is");
            }
            Optional<Account> account = logIn();
            if (account.isPresent()) {
                OutputStream out = new Escaped();
                console.converse(
                        new Seat(account.get(), client.id(), typed, out, out, Optional.of(window)));
            }
        } catch (Hangup e) {
            client.end(e.reason());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | StoreException e) {
            client.log().info("the console ended early: {}", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            client.log().error("the console broke", e);
        } finally {
            over = true;
            client.end(Hangup.Reason.PEER_GONE); // wakes the thread that reads
        }
    }

    private Optional<Account> logIn() throws IOException, StoreException {
        for (int failures = 0; failures < MOST_FAILURES; failures++) {
            Optional<String> login = answer("login: ", true);
            Optional<String> password =
                    login.isEmpty() ? Optional.empty() : answer("Password: ", false);
            if (password.isEmpty()) {
                return Optional.empty();
            }
            Attempt attempt = guard.attempt(accounts, client.peer().address(), false, "telnet");
            Optional<Account> account =
                    attempt.refused().isPresent()
                            ? Optional.empty()
                            : attempt.verify(login.get(), password.get());
            if (account.isPresent()) {
                attempt.succeeded(account.get());
                client.loggedIn(account.get().name());
                note(Events.Kind.LOGGED_IN, account.get().name(), "");
                return account;
            }
            boolean refused = attempt.refused().isPresent();
            note(
                    Events.Kind.LOGIN_FAILED,
                    login.get(),
                    refused ? "too many failures before" : "wrong name or password");
            client.pause(attempt.failed(login.get()));
            client.writeLine(
                    refused ? "Too many failures; try again later." : "That is not right.");
        }
        return Optional.empty();
    }

    private void note(Events.Kind kind, String account, String text) {
        String peer = client.peer().toString();
        events.note(kind, client.service().name(), client.id(), peer, account, text);
    }

    /** What is typed up to the end of a line; empty when they leave. */
    private Optional<String> answer(String prompt, boolean shown) throws IOException {
        print(prompt);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int octet = typed.read();
            switch (octet) {
                case '\r', '\n' -> {
                    print("\r\n");
                    return Optional.of(line.toString(UTF_8));
                }
                case Keystrokes.END, 3, 4 -> {
                    return Optional.empty();
                }
                case 8, 127 -> {
                    byte[] before = line.toByteArray();
                    if (before.length > 0) {
                        line.reset();
                        line.write(before, 0, before.length - 1);
                        print(shown ? "\b \b" : "");
                    }
                }
                default -> {
                    if (octet >= ' ' && line.size() < LONGEST_ANSWER) {
                        line.write(octet);
                        if (shown) {
                            client.write(new byte[] {(byte) octet}, 0, 1);
                            client.flush();
                        }
                    }
                }
            }
        }
    }

    private void print(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        client.write(bytes, 0, bytes.length);
        client.flush();
    }

    /** The byte 255 is said twice: RFC 854. */
    private final class Escaped extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            int begin = from;
            for (int i = from; i < from + count; i++) {
                if (bytes[i] == (byte) TelnetCodec.IAC) {
                    client.write(bytes, begin, i + 1 - begin);
                    begin = i;
                }
            }
            client.write(bytes, begin, from + count - begin);
        }

        @Override
        public void flush() throws IOException {
            client.flush();
        }
    }
}
