package org.portolan.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.portolan.admin.AdminService;
import org.portolan.admin.CutOff;
import org.portolan.admin.Guard;
import org.portolan.admin.MailReport;
import org.portolan.admin.TimeReport;
import org.portolan.admin.Verbs;
import org.portolan.auth.LoginGuard;
import org.portolan.files.tftp.TftpService;
import org.portolan.kernel.Certificates;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.DatagramLine;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.kernel.Peer;
import org.portolan.kernel.Service;
import org.portolan.kernel.Sockets;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Firewall.Numbered;
import org.portolan.kernel.firewall.Rule;
import org.portolan.kernel.posix.HostClock;
import org.portolan.kernel.posix.Turns;
import org.portolan.mail.screening.MailScreening;
import org.portolan.mail.screening.MailSigning;
import org.portolan.shell.console.Console;
import org.portolan.stores.Accounts;
import org.portolan.stores.DkimKeys;
import org.portolan.stores.Events;
import org.portolan.stores.HostKeys;
import org.portolan.stores.SiteCertificates;
import org.portolan.stores.SiteFolder;
import org.portolan.stores.SiteKey;
import org.portolan.stores.Spaces;
import org.portolan.stores.StoreException;
import org.portolan.stores.backup.Backups;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.FileRules;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.files.Holder;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.zones.Zones;
import org.portolan.watch.ntp.Timekeeping;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One site: its stores, its kernel, its services. Several can be open in one JVM. */
final class Site implements org.portolan.admin.Site, Guard, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Site.class);

    private static final String RULES = "firewall.rules";

    private static final Duration LOOK_AT_CERTIFICATES = Duration.ofHours(12);

    private final SiteFolder folder;
    private final Path config;
    private final boolean configured;
    private final Clock clock;
    private final Runnable stop;
    private final Instant startedAt;
    private final Accounts accounts;
    private final Mail mail;
    private final Events events;
    private final Spaces spaces;
    private final FileTree files;
    private final FileJournal journal;
    private final LoginGuard guard;
    private final Zones zones;
    private final CompletableFuture<Void> zonesAreRead;
    private final SiteCertificates certificates;
    private final FirewallRules firewall;
    private final Backups backups;
    private final Kernel kernel;
    private final Timekeeping time;
    private final Resolver resolver;
    private final DkimKeys dkim;
    private final SiteMail siteMail;
    private final HostKeys hostKeys;
    private final MetricsPage metrics;
    private final AtomicReference<SiteSettings> settings;
    private volatile List<Opened> doors = List.of();
    private volatile Set<String> traced;
    private volatile Map<String, String> values;
    private volatile List<Service> switchedOff = List.of();
    private volatile List<String> problems = List.of();

    /**
     * Opens the stores of {@code folder}.
     *
     * @param config the file that a reload reads again
     * @param configuration what it says now
     * @param stop asked by an administrator to have {@link #close} called soon
     * @param shared the folder that is all of its file tree; empty for a tree of its own
     */
    Site(
            SiteFolder folder,
            Path config,
            Configuration configuration,
            Clock clock,
            Runnable stop,
            Optional<Path> shared)
            throws IOException, StoreException {
        this.folder = folder;
        this.config = config;
        this.configured = Files.exists(config);
        this.clock = clock;
        this.stop = stop;
        this.startedAt = clock.instant();
        SiteSettings first = configuration.site();
        Services services = configuration.services();
        Logging.configure(first);
        this.settings = new AtomicReference<>(first);
        Path stores = folder.stores();
        this.certificates = new SiteCertificates(folder.root(), certificateNames(first), clock);
        SiteKey key = SiteKey.in(stores.resolve("site.key"));
        this.accounts = new Accounts(stores, key, first.domains(), clock, passwordThreads());
        this.mail = new Mail(stores, clock, accounts::groupsOf, accounts::nameOf);
        this.events = new Events(stores, clock);
        this.spaces = new Spaces(stores, clock);
        this.files = tree(shared, first.files());
        Optional<Path> settingsFile = configured ? Optional.of(config) : Optional.empty();
        this.journal = new FileJournal(files, events, this::peer, clock, first.fileEvents());
        this.backups = new Backups(folder.root(), settingsFile, mail, clock);
        this.guard = new LoginGuard(first.lockOut(), clock, this::noteLockOut);
        this.dkim = new DkimKeys(folder.root(), clock);
        this.zones = new Zones(folder.root().resolve("zones"), events, clock);
        this.zonesAreRead = zones.start(SiteMail.zone(first, dkim)); // while the rest is made
        this.firewall = new FirewallRules(folder.root());
        this.traced = services.traced();
        this.values = configuration.values();
        this.kernel =
                new Kernel(
                        first.forKernel(traces(), services.traced()),
                        clock,
                        admission(first),
                        host -> {
                            SiteCertificates.Credential found = certificates.forHost(host);
                            return new Certificates.Credential(found.key(), found.chain());
                        });
        this.hostKeys = new HostKeys(folder.root().resolve("ssh"), first.name());
        this.time = new Timekeeping(HostClock.system(), clock, kernel.ports(), events);
        SystemResolvers system = new SystemResolvers(Path.of("/etc/resolv.conf"));
        this.resolver = new Resolver(first.resolver(), system, kernel.ports(), clock);
        this.siteMail = new SiteMail(dkim, zones, new ResolvedNames(resolver), this::siteSettings);
        this.metrics = new MetricsPage(kernel.metrics().registry(), accounts);
    }

    private FileTree tree(Optional<Path> shared, FileRules rules) throws IOException {
        Path data = folder.root();
        return shared.isPresent()
                ? FileTree.alone(data, shared.get(), spaces, accounts::groupsOf, rules, clock)
                : new FileTree(data, spaces, accounts::groupsOf, rules, clock);
    }

    private void configureKernel() {
        SiteSettings now = siteSettings();
        kernel.configure(now.forKernel(traces(), traced), admission(now));
    }

    private SiteAdmission admission(SiteSettings now) {
        return new SiteAdmission(firewall.with(now.rules()), accounts, events);
    }

    @Override
    public Firewall firewall() {
        return firewall.current();
    }

    @Override
    public List<Rule> ofVerbs() {
        return firewall.ofVerbs();
    }

    @Override
    public Firewall would(List<Rule> rules) {
        return firewall.would(rules, siteSettings().rules());
    }

    @Override
    public synchronized void keep(List<Rule> rules) throws IOException {
        firewall.keep(rules);
        configureKernel();
    }

    private void noteLockOut(LoginGuard.Refused refused, String service) {
        String words =
                "log-ins are refused until %s, after %d failures; `portolan lockout lift %s`"
                        .formatted(refused.until(), refused.failures(), refused.who());
        events.note(Events.Kind.LOCKED_OUT, service, "", refused.who(), "", words);
    }

    private Path traces() {
        return folder.root().resolve("traces");
    }

    /** What the site's own certificate has to be good for. */
    private static ThreadFactory passwordThreads() {
        ThreadFactory threads = Thread.ofPlatform().daemon().name("password-", 1).factory();
        return work -> threads.newThread(Turns.courteous(work));
    }

    private static Set<String> certificateNames(SiteSettings settings) {
        Set<String> names = new LinkedHashSet<>();
        names.add(settings.name());
        names.addAll(settings.domains());
        names.add("localhost");
        names.add("127.0.0.1");
        names.add("0:0:0:0:0:0:0:1"); // ::1, as Java writes addresses
        settings.addresses().stream()
                .filter(address -> !address.isAnyLocalAddress())
                .forEach(address -> names.add(address.getHostAddress()));
        return names;
    }

    @Override
    public Optional<MailReport> mail() {
        return Optional.of(siteMail);
    }

    @Override
    public Optional<TimeReport> time() {
        return time.status().map(TimeReports::of);
    }

    /** Opens every door. */
    void serve(Configuration configuration) throws IOException {
        zonesAreRead.join();
        open(configuration.site(), configuration.services());
        kernel.warmUp();
        kernel.inBackground("sweep", this::sweep);
        kernel.inBackground("dkim-keys", this::makeKeys);
        kernel.every(LOOK_AT_CERTIFICATES, "certificates", this::renewCertificates);
        if (HeapKeeper.wanted()) {
            kernel.every(HeapKeeper.PAUSE, "heap", new HeapKeeper()::look);
        }
        events.note(Events.Kind.STARTED, "server", "", "", "", name());
    }

    private void open(SiteSettings wanted, Services services) throws IOException {
        ResolvedNames names = new ResolvedNames(resolver);
        Verbs verbs =
                new Verbs(
                        this,
                        accounts,
                        mail,
                        events,
                        zones,
                        files,
                        this,
                        guard,
                        certificates,
                        backups,
                        hostKeys,
                        kernel.sockets(),
                        clock);
        Services.Materials materials =
                new Services.Materials(
                        wanted.name(),
                        accounts,
                        guard,
                        mail,
                        events,
                        files,
                        zones,
                        names,
                        new MailScreening(wanted.name(), wanted.screening(), names, clock),
                        new MailSigning(dkim, accounts::isLocal, clock),
                        wanted::takesMailAt,
                        wanted.lifetime(),
                        kernel.ports(),
                        time,
                        hostKeys,
                        new Console(
                                wanted.name(), new ConsoleVerbs(verbs, accounts, kernel.sockets())),
                        clock);
        List<Service> all = new ArrayList<>(services.make(materials));
        all.add(new AdminService(folder.root(), verbs));
        doors = kernel.open(all);
        switchedOff = services.makeDisabled(materials);
        problems = serveMetrics(wanted.metricsPort());
    }

    /** Numbers that cannot be shown are no reason not to serve. */
    private List<String> serveMetrics(int port) {
        try {
            metrics.serveAt(port);
            return List.of();
        } catch (IOException e) {
            return List.of(
                    "the metrics page is not served at port %d: %s"
                            .formatted(port, e.getMessage()));
        }
    }

    /** A certificate must not run out because nobody restarted for a year. */
    private void renewCertificates() {
        try {
            certificates.reload(certificateNames(siteSettings()));
        } catch (IOException e) {
            LOG.error("the certificates cannot be read again; those in use stay", e);
        }
    }

    /** On the first run; it takes a moment, so the doors are open already. */
    private void makeKeys() {
        try {
            if (dkim.begin()) {
                siteMail.publish();
            }
        } catch (IOException | StoreException e) {
            LOG.error("there are no keys to sign mail with", e);
        }
    }

    private void sweep() {
        try {
            Set<Long> there = new HashSet<>();
            accounts.list().forEach(account -> there.add(account.id()));
            int left = mail.finishRemovals(there::contains);
            if (left > 0) {
                LOG.info("deleted the mail of {} accounts whose removal had broken off", left);
            }
            int swept = mail.sweep();
            if (swept > 0) {
                LOG.info("swept away {} message bodies that nothing names", swept);
            }
        } catch (IOException | StoreException e) {
            LOG.warn("message bodies that nothing names could not be swept away", e);
        }
        try {
            long swept = files.sweep();
            if (swept > 0) {
                LOG.info("swept away {} uploads that broke off", swept);
            }
        } catch (FileProblem e) {
            LOG.warn("uploads that broke off could not be swept away", e);
        }
    }

    @Override
    public synchronized Reloaded reload(Optional<Connection> asker) {
        try {
            if (configured && !Files.exists(config)) { // the defaults would move every port
                return refused(config + " is not there any more");
            }
            Configuration configuration = Configuration.read(config);
            if (!configuration.problems().isEmpty()) {
                return new Reloaded(false, List.of(), configuration.problems());
            }
            Optional<String> cutOff =
                    asker.isPresent() ? cutsOff(asker.get(), configuration) : Optional.empty();
            if (cutOff.isPresent()) {
                return refused(cutOff.get());
            }
            State before = state();
            List<String> wrong = apply(configuration);
            return new Reloaded(true, changes(before, state()), problems(wrong));
        } catch (IOException | StoreException e) {
            LOG.warn("a reload failed: {}", Serving.why(e));
            return refused(Serving.why(e));
        }
    }

    private static Reloaded refused(String why) {
        return new Reloaded(false, List.of(), List.of(why));
    }

    /** Why {@code asker} could not come back under these settings; empty if that is possible. */
    private Optional<String> cutsOff(Connection asker, Configuration wanted)
            throws IOException, StoreException {
        Firewall after = firewall.wouldBe(wanted.site().rules());
        Optional<Numbered> decides = new CutOff(accounts).by(after, asker);
        if (decides.isPresent()) {
            return decides.map(rule -> CutOff.sentence(asker, rule));
        }
        InetSocketAddress here = asker.local();
        boolean stays =
                wanted.services().enabled(asker.service().name())
                        && asker.port().number() + wanted.site().portOffset() == here.getPort()
                        && wanted.site().addresses().stream()
                                .anyMatch(
                                        at ->
                                                at.isAnyLocalAddress()
                                                        || at.equals(here.getAddress()));
        return stays
                ? Optional.empty()
                : Optional.of(
                        "this would cut you off: %s would not be served at %s port %d any more;"
                                        .formatted(
                                                asker.port().name(),
                                                here.getAddress().getHostAddress(),
                                                here.getPort())
                                + " nothing was changed, --force does it all the same");
    }

    private List<String> apply(Configuration configuration) throws IOException, StoreException {
        SiteSettings wanted = configuration.site();
        Services services = configuration.services();
        certificates.reload(certificateNames(wanted)); // first, because this may fail
        accounts.configureDomains(wanted.domains());
        Logging.configure(wanted);
        firewall.reload();
        traced = services.traced();
        settings.set(wanted);
        values = configuration.values();
        guard.configure(wanted.lockOut());
        resolver.configure(wanted.resolver());
        files.configure(wanted.files());
        journal.configure(wanted.fileEvents());
        configureKernel();
        List<String> wrong = zones.reload(SiteMail.zone(wanted, dkim));
        open(wanted, services);
        return wrong;
    }

    /** What a reload may change, as names and values. */
    private record State(
            Map<String, String> settings,
            Map<String, String> doors,
            Map<String, String> rules,
            Map<String, String> certificates) {}

    private State state() throws IOException {
        Map<String, String> open = new TreeMap<>();
        for (Opened door : doors) {
            if (door.problem().isEmpty()) {
                String name =
                        "%s (%d/%s)"
                                .formatted(
                                        door.door().port().name(),
                                        door.door().port().number(),
                                        door.door().transport());
                String at = new Peer(door.at().getAddress(), door.at().getPort()).toString();
                open.merge(name, at, (one, other) -> one + ", " + other);
            }
        }
        Map<String, String> rules = new LinkedHashMap<>();
        for (Numbered each : firewall.current().rules()) {
            rules.put('"' + each.rule().text() + '"', each.origin());
        }
        Map<String, String> kept = new TreeMap<>();
        for (SiteCertificates.Kept each : certificates.kept()) {
            X509Certificate leaf = each.chain().getFirst();
            kept.put(
                    each.name(),
                    "until %s, serial %x"
                            .formatted(leaf.getNotAfter().toInstant(), leaf.getSerialNumber()));
        }
        return new State(values, open, rules, kept);
    }

    private List<Change> changes(State before, State after) {
        Map<String, String> was = new LinkedHashMap<>(before.settings);
        Map<String, String> is = new LinkedHashMap<>(after.settings);
        was.remove(RULES); // told rule by rule
        is.remove(RULES);
        Changes changes =
                new Changes()
                        .compare("setting", was, is)
                        .compare("door", before.doors, after.doors)
                        .compare("rule", before.rules, after.rules)
                        .compare("certificate", before.certificates, after.certificates);
        if (ProgramFiles.changedSince(startedAt)) {
            changes.restart("the program was built or installed anew since it started");
        }
        return changes.all();
    }

    private List<String> problems(List<String> wrong) {
        List<String> sentences = new ArrayList<>();
        for (Opened door : doors) {
            door.problem()
                    .ifPresent(
                            problem ->
                                    sentences.add(
                                            "port %d is not open: %s"
                                                    .formatted(door.at().getPort(), problem)));
        }
        sentences.addAll(problems);
        sentences.addAll(wrong);
        return sentences;
    }

    SiteSettings siteSettings() {
        return settings.get();
    }

    HostKeys hostKeys() {
        return hostKeys;
    }

    @Override
    public Map<String, String> settings() {
        return values;
    }

    @Override
    public long visits(String service) {
        return kernel.metrics().visits(service);
    }

    Accounts accounts() {
        return accounts;
    }

    FileTree files() {
        return files;
    }

    /** Where somebody is who does something with files; empty if they are gone. */
    String peer(Holder who) {
        Sockets sockets = kernel.sockets();
        return sockets.named(who.conversation())
                .map(Connection::peer)
                .or(
                        () ->
                                sockets.lines().stream()
                                        .map(DatagramLine::peer)
                                        .filter(
                                                p ->
                                                        TftpService.conversation(p)
                                                                .equals(who.conversation()))
                                        .findFirst())
                .map(Peer::toString)
                .orElse("");
    }

    /** What the site's own certificate proves to be its own. */
    PublicKey publicKey() {
        return certificates.forHost(Optional.empty()).chain().getFirst().getPublicKey();
    }

    @Override
    public String name() {
        return siteSettings().name();
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public List<Opened> doors() {
        return doors;
    }

    @Override
    public List<Service> switchedOff() {
        return switchedOff;
    }

    @Override
    public Path authority() {
        return folder.root().resolve("ca.pem");
    }

    @Override
    public List<String> problems() {
        return Stream.concat(problems.stream(), zones.problems().stream()).toList();
    }

    @Override
    public void stop() {
        stop.run();
    }

    @Override
    public String metricsText() {
        return metrics.text();
    }

    @Override
    public void close() throws IOException {
        events.note(Events.Kind.STOPPED, "server", "", "", "", name());
        kernel.close();
        zones.close();
        metrics.close();
        mail.close();
        files.close();
        spaces.close();
        accounts.close();
        events.close();
    }
}
