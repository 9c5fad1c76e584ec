package org.portolan.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Conversation;
import org.portolan.kernel.Door;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.KernelSettings;
import org.portolan.kernel.Port;
import org.portolan.kernel.Service;
import org.portolan.kernel.Tls;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Rule;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.HostKeys;
import org.portolan.stores.SiteCertificates;
import org.portolan.stores.SiteFolder;
import org.portolan.stores.SiteKey;
import org.portolan.stores.Spaces;
import org.portolan.stores.StoreException;
import org.portolan.stores.backup.Backups;
import org.portolan.stores.files.FileRules;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.mail.Draft;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.zones.SiteZone;
import org.portolan.stores.zones.Zones;

/** A small site with real stores and a real kernel, and one service that lets anybody log in. */
final class Office implements AutoCloseable, Site, Guard {
    final Path data;
    final SiteFolder folder;
    final Accounts accounts;
    final Mail mail;
    final Events events;
    final Zones zones;
    final SiteCertificates certificates;
    final Kernel kernel;
    final LoginGuard logins =
            new LoginGuard(
                    new LoginGuard.Limits(
                            Duration.ofMinutes(15),
                            3,
                            50,
                            100,
                            Duration.ZERO,
                            Duration.ofMinutes(15),
                            from -> false),
                    Clock.SYSTEM,
                    (refused, service) -> {});
    final Spaces spaces;
    final FileTree files;
    final Verbs verbs;
    volatile List<Kernel.Opened> doors;
    volatile List<Rule> rules = List.of();
    volatile List<Rule> settled = List.of();
    volatile List<Service> switchedOff = List.of();
    final List<String> called = new CopyOnWriteArrayList<>();
    private volatile Thread stopping;
    volatile Map<String, String> settings = Map.of();
    volatile long visits = 1;
    volatile Instant started = Instant.now().minusSeconds(3700);
    volatile Optional<TimeReport> time = Optional.empty();
    volatile Reloaded reloaded = new Reloaded(true, List.of(), List.of());

    Office(Path data) throws Exception {
        this.data = data;
        this.folder = SiteFolder.open(data).orElseThrow();
        SiteKey key = SiteKey.in(folder.stores().resolve("site.key"));
        List<String> domains = List.of("portolan.localhost");
        this.accounts = new Accounts(folder.stores(), key, domains, Clock.SYSTEM);
        this.mail = new Mail(folder.stores(), Clock.SYSTEM);
        this.events = new Events(folder.stores(), Clock.SYSTEM);
        this.zones = new Zones(data.resolve("zones"), events, Clock.SYSTEM);
        zones.start(SiteZone.of("office.example", domains, List.of())).join();
        this.certificates = new SiteCertificates(data, domains, Clock.SYSTEM);
        this.spaces = new Spaces(folder.stores(), Clock.SYSTEM);
        this.files = new FileTree(data, spaces, accounts::groupsOf, FileRules.USUAL, Clock.SYSTEM);
        KernelSettings settings =
                new KernelSettings(
                        List.of(InetAddress.getLoopbackAddress()),
                        KernelSettings.ANY_FREE_PORT,
                        100,
                        100,
                        100,
                        100,
                        Duration.ofSeconds(5),
                        Optional.empty(),
                        Set.of());
        this.kernel =
                new Kernel(
                        settings,
                        Clock.SYSTEM,
                        Admission.EVERYBODY,
                        name -> {
                            throw new IllegalStateException("nobody asks for TLS here");
                        });
        this.verbs =
                new Verbs(
                        this,
                        accounts,
                        mail,
                        events,
                        zones,
                        files,
                        this,
                        logins,
                        certificates,
                        new Backups(data, Optional.empty(), mail, Clock.SYSTEM),
                        new HostKeys(data.resolve("ssh"), "office.example"),
                        kernel.sockets(),
                        kernel.clock());
        this.doors = kernel.open(List.of(new AdminService(data, verbs), new Logins()));
    }

    /** Takes a name on the first line, and then anything. */
    private static final class Logins implements Service {
        @Override
        public String name() {
            return "logins";
        }

        @Override
        public List<Door> doors() {
            return List.of(
                    new Door.StreamDoor(
                            new Port(7, "echo"),
                            Tls.NEVER,
                            new Conversation() {
                                @Override
                                public void converse(Connection client) throws IOException {
                                    client.loggedIn(client.readLine());
                                    client.writeLine("welcome");
                                    client.readLine();
                                }

                                @Override
                                public Optional<String> farewell(Hangup.Reason reason) {
                                    return Optional.of("bye: " + reason.words());
                                }
                            },
                            "nc localhost {port}"),
                    new Door.DatagramDoor(
                            new Port(7, "echo"),
                            Door.Reception.upTo(100),
                            (request, replies) -> replies.reply(request.length()),
                            "nc -u localhost {port}"));
        }
    }

    int port() {
        return doors.getFirst().at().getPort();
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public long visits(String service) {
        return visits;
    }

    @Override
    public Firewall firewall() {
        return would(rules);
    }

    @Override
    public Firewall would(List<Rule> ofVerbs) {
        Map<String, List<Rule>> written = new LinkedHashMap<>();
        written.put("firewall.rules", ofVerbs);
        written.put("portolan.toml", settled);
        return Firewall.of(written, null);
    }

    @Override
    public List<Rule> ofVerbs() {
        return List.copyOf(rules);
    }

    @Override
    public void keep(List<Rule> changed) {
        rules = List.copyOf(changed);
    }

    int udpPort() {
        return doors.getLast().at().getPort();
    }

    void deliver(String name) throws StoreException {
        Draft draft = mail.draft();
        byte[] letter = "Subject: hello\r\n\r\nHello.\r\n".getBytes(UTF_8);
        draft.append(letter, 0, letter.length);
        mail.deliver(draft, accounts.recipients(name + "@portolan.localhost"));
    }

    @Override
    public String name() {
        return "portolan.localhost";
    }

    @Override
    public Optional<TimeReport> time() {
        return time;
    }

    @Override
    public Instant startedAt() {
        return started;
    }

    @Override
    public List<Kernel.Opened> doors() {
        return doors;
    }

    @Override
    public List<Service> switchedOff() {
        return switchedOff;
    }

    @Override
    public Path authority() {
        return data.resolve("ca.pem");
    }

    @Override
    public Reloaded reload(Optional<Connection> asker) {
        called.add("reload");
        return reloaded;
    }

    @Override
    public void stop() {
        called.add("stop");
        stopping = Thread.ofPlatform().start(this::closeAll);
    }

    @Override
    public String metricsText() {
        return "portolan_open_connections{service=\"logins\"} 0\n";
    }

    private void closeAll() {
        try {
            kernel.close();
            accounts.close();
            mail.close();
            files.close();
            spaces.close();
            events.close();
            folder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (stopping == null) {
            closeAll();
        } else {
            stopping.join();
        }
    }
}
