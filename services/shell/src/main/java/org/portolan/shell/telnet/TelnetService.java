package org.portolan.shell.telnet;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Conversation;
import org.portolan.kernel.Door;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Limits;
import org.portolan.kernel.Port;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Service;
import org.portolan.kernel.Tls;
import org.portolan.shell.console.Console;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;

/** Telnet's door, 23. */
public final class TelnetService implements Service, Conversation {
    private static final Port TELNET = new Port(23, "telnet");

    private final TelnetSettings settings;
    private final Accounts accounts;
    private final LoginGuard guard;
    private final Console console;
    private final Events events;
    private final Ports ports;

    public TelnetService(
            TelnetSettings settings,
            Accounts accounts,
            LoginGuard guard,
            Console console,
            Events events,
            Ports ports) {
        this.settings = settings;
        this.accounts = accounts;
        this.guard = guard;
        this.console = console;
        this.events = events;
        this.ports = ports;
    }

    @Override
    public String name() {
        return "telnet";
    }

    @Override
    public List<Door> doors() {
        return List.of(new StreamDoor(TELNET, Tls.NEVER, this, "telnet {host} {port}"));
    }

    @Override
    public Limits limits() {
        return Limits.USUAL.withSession(Duration.ofDays(30)).withIdle(settings.idle());
    }

    @Override
    public void converse(Connection client) throws IOException {
        if (!client.confidential() && !settings.anywhere()) {
            client.writeLine(
                    "Telnet shows passwords to whoever listens on the way, so nobody logs in here"
                            + " from another host. Use SSH, which this site serves as well.");
            return;
        }
        new TelnetSession(client, settings.idle(), accounts, guard, console, events, ports)
                .converse();
    }

    @Override
    public Optional<String> farewell(Hangup.Reason reason) {
        return Optional.of("Goodbye: " + reason.words() + ".");
    }
}
