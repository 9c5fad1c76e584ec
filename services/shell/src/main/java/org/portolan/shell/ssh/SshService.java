package org.portolan.shell.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.server.session.SessionFactory;
import org.jspecify.annotations.Nullable;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Conversation;
import org.portolan.kernel.Door;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Limits;
import org.portolan.kernel.Port;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Ports.Listening;
import org.portolan.kernel.Service;
import org.portolan.kernel.Tls;
import org.portolan.shell.console.Console;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.HostKeys;
import org.portolan.stores.files.FileTree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SSH's door, 22: hands each peer to the library, over the kernel's own connection. */
public final class SshService implements Service, Conversation {
    private static final Logger LOG = LoggerFactory.getLogger("portolan.ssh");
    private static final Port SSH = new Port(22, "ssh");
    static final Duration LONGEST_SESSION = Duration.ofDays(365);

    private final SshSettings settings;
    private final HostKeys keys;
    private final LogIns logIns;
    private final SshCommands commands;
    private final Forwarding forwarding;
    private final Ports ports;
    private final Clock clock;
    private final Set<StillThere> peers = ConcurrentHashMap.newKeySet();
    private volatile boolean over;
    private @Nullable SessionFactory sessions; // guarded by this

    public SshService(
            SshSettings settings,
            HostKeys keys,
            Accounts accounts,
            LoginGuard guard,
            Console console,
            FileTree files,
            Events events,
            Ports ports,
            Clock clock) {
        this.settings = settings;
        this.keys = keys;
        this.logIns = new LogIns(accounts, guard, events);
        this.forwarding = new Forwarding(settings, accounts, events, ports);
        this.commands = new SshCommands(console, files, ports, clock);
        this.ports = ports;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "ssh";
    }

    @Override
    public List<Door> doors() {
        return List.of(new StreamDoor(SSH, Tls.OWN, this, "ssh -p {port} {account}@{host}"));
    }

    /** A session lasts as long as it is used. */
    @Override
    public Limits limits() {
        return Limits.USUAL.withSession(LONGEST_SESSION).withIdle(settings.idle());
    }

    /** The library is loaded while nobody waits for it. */
    @Override
    public void begin() {
        ports.inBackground("ssh-warm-up", this::load);
        Duration silence = settings.keepAlive();
        if (silence.isPositive()) {
            ports.whileWanted(silence.dividedBy(4), "ssh-still-there", this::lookAtPeers);
        }
    }

    /** Those who are here already stay, and are asked until the last of them has gone. */
    @Override
    public void end() {
        over = true;
    }

    private boolean lookAtPeers() {
        peers.forEach(peer -> peer.look(settings.keepAlive()));
        return !over || !peers.isEmpty();
    }

    private void load() {
        try {
            sessions();
        } catch (IOException e) { // the first peer is told
            LOG.error("SSH cannot be served", e);
        }
    }

    /** Made once, by whoever comes first. */
    private synchronized SessionFactory sessions() throws IOException {
        SessionFactory made = sessions;
        if (made == null) {
            made =
                    SshLibrary.sessions(
                            settings, keys, logIns, commands, forwarding, new KernelTimer(ports));
            sessions = made;
        }
        return made;
    }

    @Override
    public void converse(Connection client) throws IOException {
        SessionFactory handler = sessions();
        KernelSession socket = new KernelSession(client, ports, handler);
        StillThere stillThere = new StillThere(socket, clock);
        peers.add(stillThere);
        try {
            handler.sessionCreated(socket);
            new SshInput(settings, socket, handler, stillThere, ports, clock).feed();
        } catch (Hangup e) {
            sayFarewell(socket, e.reason());
            throw e;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            peers.remove(stillThere);
            socket.listening().values().forEach(Listening::close);
            socket.close(true);
            socket.drain();
        }
    }

    /** RFC 4253 §11.1. */
    private static void sayFarewell(KernelSession socket, Hangup.Reason reason) {
        Session session = AbstractSession.getSession(socket, true);
        if (session == null || reason == Hangup.Reason.PEER_GONE) {
            return;
        }
        try {
            session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, reason.words());
        } catch (IOException e) {
            socket.connection().log().debug("gone before the farewell: {}", e.toString());
        }
    }

    /** RFC 4253 §4.2 lets a server say other lines before its version. */
    @Override
    public Optional<String> farewell(Hangup.Reason reason) {
        return reason == Hangup.Reason.TOO_MANY_CONNECTIONS
                ? Optional.of("There are too many connections; please try again later.")
                : Optional.empty();
    }
}
