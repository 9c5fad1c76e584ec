package org.portolan.shell.telnet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
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
    private static final int BREAK = 243;
    private static final int INTERRUPT_PROCESS = 244;
    private static final int ARE_YOU_THERE = 246;
    private static final int ERASE_CHARACTER = 247;
    private static final int ERASE_LINE = 248;

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
    private final Escaped out = new Escaped();
    private volatile Window window = new Window("", 0, 0);
    private volatile Charset charset = UTF_8;
    private volatile boolean over;
    private int negotiations;
    private boolean asksForCharset;

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
        ask(true, TelnetOptions.CHARSET);
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
            byte[] bytes = TelnetCharset.typed(octet, charset);
            typed.add(bytes, 0, bytes.length);
        }
    }

    private void negotiate(int verb, int option) throws IOException {
        negotiations++;
        Optional<TelnetOptions.Answer> answer = options.answer(verb, option);
        if (answer.isPresent()) {
            send(answer.get());
        }
        if (option == TelnetOptions.TERMINAL_TYPE) {
            if (verb == TelnetCodec.WILL) {
                say(option, (byte) 1); // RFC 1091: SEND
            } else {
                named.countDown();
            }
        } else if (option == TelnetOptions.CHARSET && verb == TelnetCodec.DO && !asksForCharset) {
            asksForCharset = true;
            say(option, TelnetCharset.request());
        }
        client.flush();
    }

    /** What is said about an option: RFC 855. None of it is the byte 255. */
    private void say(int option, byte... what) throws IOException {
        sendRaw(TelnetCodec.IAC, TelnetCodec.SB, option);
        client.write(what, 0, what.length);
        sendRaw(TelnetCodec.IAC, TelnetCodec.SE);
    }

    /** RFC 2066. */
    private void hearOfCharset(byte[] what) throws IOException {
        switch (what[0]) {
            case TelnetCharset.REQUEST -> {
                Optional<Charset> wanted = TelnetCharset.wanted(what);
                if (wanted.isEmpty() || asksForCharset) { // of two who ask, the server is answered
                    say(TelnetOptions.CHARSET, TelnetCharset.message(TelnetCharset.REJECTED));
                } else {
                    say(TelnetOptions.CHARSET, TelnetCharset.accept(wanted.get()));
                    charset = wanted.get();
                }
            }
            case TelnetCharset.ACCEPTED -> {
                asksForCharset = false;
                charset = TelnetCharset.accepted(what).orElse(charset);
            }
            case TelnetCharset.REJECTED -> asksForCharset = false;
            case TelnetCharset.TABLE_IS ->
                    say(TelnetOptions.CHARSET, TelnetCharset.message(TelnetCharset.TABLE_REJECTED));
            default -> {
                // the others are about tables, which are never agreed on
            }
        }
        client.flush();
    }

    private void hear(int option, byte[] what) throws IOException {
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
        } else if (option == TelnetOptions.CHARSET && what.length > 0) {
            hearOfCharset(what);
        }
    }

    private void command(int code) throws IOException {
        switch (code) {
            case INTERRUPT_PROCESS, BREAK -> type(3); // ^C
            case ERASE_CHARACTER -> type(127);
            case ERASE_LINE -> type(21); // ^U
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
                    String before = line.toString(UTF_8);
                    if (!before.isEmpty()) {
                        line.reset();
                        int rest = before.offsetByCodePoints(before.length(), -1);
                        line.writeBytes(before.substring(0, rest).getBytes(UTF_8));
                        print(shown ? "\b \b" : "");
                    }
                }
                default -> {
                    if (octet >= ' ' && line.size() < LONGEST_ANSWER) {
                        line.write(octet);
                        if (shown) {
                            out.write(octet);
                            out.flush();
                        }
                    }
                }
            }
        }
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.flush();
    }

    /** In the terminal's character set; the byte 255 is said twice: RFC 854. */
    private final class Escaped extends OutputStream {
        private final TelnetCharset.Outward outward = new TelnetCharset.Outward();

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] text, int from, int count) throws IOException {
            byte[] bytes = outward.encoded(text, from, count, charset);
            int begin = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == (byte) TelnetCodec.IAC) {
                    client.write(bytes, begin, i + 1 - begin);
                    begin = i;
                }
            }
            client.write(bytes, begin, bytes.length - begin);
        }

        @Override
        public void flush() throws IOException {
            client.flush();
        }
    }
}
