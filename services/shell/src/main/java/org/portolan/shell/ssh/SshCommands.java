package org.portolan.shell.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Ports;
import org.portolan.shell.console.Console;
import org.portolan.shell.console.Keystrokes;
import org.portolan.shell.console.Seat;
import org.portolan.shell.console.Window;
import org.portolan.shell.sftp.ScpSession;
import org.portolan.shell.sftp.SftpSession;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.files.View;

/** What runs in the channels of a session: the console, or one of its commands. */
final class SshCommands {
    private static final int FAILED = 1;

    /** RFC 4254 §6.9: what would end a program; there is none, but what is done here ends. */
    private static final Signal[] ENDS = {
        Signal.HUP, Signal.INT, Signal.QUIT, Signal.KILL, Signal.TERM
    };

    private final Console console;
    private final FileTree files;
    private final Ports ports;
    private final Clock clock;

    SshCommands(Console console, FileTree files, Ports ports, Clock clock) {
        this.console = console;
        this.files = files;
        this.ports = ports;
        this.clock = clock;
    }

    /** What somebody does at a seat, until they have an exit status. */
    private interface Work {
        int at(Seat seat) throws IOException;
    }

    /** RFC 4254 §6.5, {@code shell}. */
    Command shell(ChannelSession channel) {
        return new Running(
                channel,
                "console",
                false,
                seat -> {
                    console.converse(seat);
                    return 0;
                });
    }

    /** RFC 4254 §6.5, {@code exec}. */
    Command command(ChannelSession channel, String line) {
        Optional<ScpSession.Wanted> copy = ScpSession.Wanted.of(Console.words(line));
        return copy.isPresent()
                ? new Running(channel, "scp", true, seat -> copy(copy.get(), seat))
                : new Running(channel, "exec", false, seat -> console.execute(line, seat));
    }

    /** RFC 4254 §6.5, {@code subsystem}. */
    Command sftp(ChannelSession channel) {
        return new Running(channel, "sftp", true, this::sftp);
    }

    private int copy(ScpSession.Wanted wanted, Seat seat) throws IOException {
        View view = files.view(seat.account(), "ssh", seat.conversation());
        return new ScpSession(view, seat.in(), seat.out()).run(wanted);
    }

    private int sftp(Seat seat) throws IOException {
        View view = files.view(seat.account(), "ssh", seat.conversation());
        String account = seat.account().name();
        try (SftpSession session = new SftpSession(view, account, seat.in(), seat.out(), clock)) {
            session.converse();
        }
        return 0;
    }

    /** One channel's work, in a thread of its own. */
    private final class Running implements Command, ChannelDataReceiver {
        private final ChannelSession channel;
        private final String name;
        private final boolean movesFiles;
        private final Work work;
        private final Keystrokes in;
        private @Nullable OutputStream out;
        private @Nullable OutputStream err;
        private @Nullable ExitCallback exit;

        Running(ChannelSession channel, String name, boolean movesFiles, Work work) {
            this.channel = channel;
            this.name = name;
            this.movesFiles = movesFiles;
            this.work = work;
            this.in = new Keystrokes(this::taken);
            channel.setDataReceiver(this);
        }

        /** The window opens again by what was read; so no more waits than it was wide. */
        private void taken(int bytes) {
            try {
                channel.getLocalWindow().release(bytes);
            } catch (IOException e) {
                LogIns.connection(channel.getSession()).log().debug("gone: {}", e.toString());
            }
        }

        @Override
        public int data(ChannelSession from, byte[] bytes, int offset, int length) {
            in.add(bytes, offset, length);
            return 0;
        }

        /** The client has said its last. */
        @Override
        public void close() {
            in.end();
        }

        @Override
        public void setInputStream(InputStream unused) {
            // data() brings it
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            err = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession started, Environment environment) {
            Connection client = LogIns.connection(channel.getSession());
            Optional<Window> window = window(environment);
            Seat seat =
                    new Seat(
                            LogIns.account(channel.getSession()),
                            client.id(),
                            in,
                            output(),
                            Objects.requireNonNull(window.isPresent() ? out : err),
                            window);
            environment.addSignalListener((ended, signal) -> in.leave(), ENDS);
            client.trace(name);
            begin(client.id() + "-" + name, () -> run(seat, client));
        }

        private OutputStream output() {
            return movesFiles ? new ChannelOutput(channel, socket()) : Objects.requireNonNull(out);
        }

        private KernelSession socket() {
            return (KernelSession) channel.getSession().getIoSession();
        }

        private void begin(String thread, Runnable run) {
            if (!movesFiles) {
                ports.inBackground(thread, run);
                return;
            }
            socket().beginMoving();
            ports.attended(
                    thread,
                    () -> {
                        try {
                            run.run();
                        } finally {
                            socket().endMoving();
                        }
                    });
        }

        private void run(Seat seat, Connection client) {
            int status = FAILED;
            try {
                status = work.at(seat);
                seat.out().flush();
                seat.err().flush();
            } catch (IOException e) {
                client.log().info("{} ended early: {}", name, String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                client.log().error(name + " broke", e);
            } finally {
                Objects.requireNonNull(exit).onExit(status);
            }
        }

        private static Optional<Window> window(Environment environment) {
            Map<String, String> values = environment.getEnv();
            String type = values.get(Environment.ENV_TERM);
            String columns = values.get(Environment.ENV_COLUMNS);
            if (type == null || columns == null) { // no pty-req: RFC 4254 §6.2
                return Optional.empty();
            }
            Window window = new Window(type, number(columns), rows(values));
            environment.addSignalListener(
                    (channel, signal) ->
                            window.resize(
                                    number(values.get(Environment.ENV_COLUMNS)), rows(values)),
                    Signal.WINCH);
            return Optional.of(window);
        }

        private static int rows(Map<String, String> values) {
            return number(values.get(Environment.ENV_LINES));
        }

        private static int number(@Nullable String digits) {
            try {
                return digits == null ? 0 : Integer.parseInt(digits);
            } catch (NumberFormatException e) { // a client may set such a variable itself
                return 0;
            }
        }

        @Override
        public void destroy(ChannelSession ended) {
            in.leave();
        }
    }
}
