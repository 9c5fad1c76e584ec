package org.portolan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Certificates.Credential;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.KernelSettings;
import org.portolan.kernel.Size;
import org.portolan.mail.imap.ImapService;
import org.portolan.mail.imap.ImapSettings;
import org.portolan.mail.pop3.Pop3Service;
import org.portolan.mail.pop3.Pop3Settings;
import org.portolan.mail.queue.Lifetime;
import org.portolan.mail.smtp.SmtpService;
import org.portolan.mail.smtp.SmtpSettings;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.SiteCertificates;
import org.portolan.stores.SiteKey;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.MailQueue;
import org.portolan.testkit.FrozenClock;
import org.portolan.testkit.Player;
import org.portolan.testkit.RawClient;

/**
 * The site at which the mail services' dialogues are played: {@code portolan.example}, on free
 * ports of the loopback address, at a moment that does not pass.
 *
 * <p>It takes messages of 200,000 bytes for up to five recipients. Two domains are its own, {@code
 * portolan.example} and {@code second.example}. Who lives there:
 *
 * <ul>
 *   <li>{@code ada} with the password {@code lovelace1815}, also reached as {@code postmaster},
 *       {@code countess} and {@code ada.lovelace}
 *   <li>{@code grace} with the password {@code of the navy 1906}
 *   <li>{@code jörg} with the password {@code grüße aus köln}
 *   <li>{@code friends} leads to ada and grace
 * </ul>
 */
public final class MailSite implements AutoCloseable {
    public static final String NAME = "portolan.example";
    public static final int MESSAGE_SIZE = 200_000;

    private final FrozenClock clock = FrozenClock.frozen();

    /** Dialogues fail to log in often, and all from one address. */
    private static final LoginGuard.Limits INDULGENT =
            new LoginGuard.Limits(
                    Duration.ofMinutes(1),
                    1_000_000,
                    1_000_000,
                    1_000_000,
                    Duration.ZERO,
                    Duration.ofMinutes(1),
                    from -> true);

    private final Path root;
    private final Accounts accounts;
    private final Mail mail;
    private final Events events;
    private final Kernel kernel;
    private final List<Kernel.Opened> opened;

    /** A site in {@code root}, without traces. */
    public static MailSite in(Path root) throws IOException, StoreException {
        return new MailSite(root, Optional.empty());
    }

    /** A site in {@code root} that keeps a trace of every conversation in {@code traces}. */
    public static MailSite traced(Path root, Path traces) throws IOException, StoreException {
        return new MailSite(root, Optional.of(traces));
    }

    private MailSite(Path root, Optional<Path> traces) throws IOException, StoreException {
        this.root = root;
        Path stores = Files.createDirectories(root.resolve("stores"));
        SiteKey key = SiteKey.in(root.resolve("site.key"));
        accounts = new Accounts(stores, key, List.of(NAME, "second.example"), clock);
        mail = new Mail(stores, clock);
        events = new Events(stores, clock);
        // clients look at the real clock when they judge a certificate
        SiteCertificates certificates =
                new SiteCertificates(root, List.of(NAME, "127.0.0.1"), Clock.SYSTEM);
        populate();
        KernelSettings settings =
                new KernelSettings(
                        List.of(InetAddress.getByName("127.0.0.1")),
                        KernelSettings.ANY_FREE_PORT,
                        10_000,
                        10_000,
                        10_000,
                        10_000,
                        Duration.ofSeconds(10),
                        traces,
                        traces.isEmpty() ? Set.of() : Set.of("smtp", "pop3", "imap"));
        kernel =
                new Kernel(
                        settings,
                        clock,
                        Admission.EVERYBODY,
                        host -> {
                            SiteCertificates.Credential found = certificates.forHost(host);
                            return new Credential(found.key(), found.chain());
                        });
        LoginGuard guard = new LoginGuard(INDULGENT, clock, (refused, service) -> {});
        SmtpSettings smtp =
                new SmtpSettings(new Size(MESSAGE_SIZE), 5, Duration.ofMinutes(5), List.of(), true);
        Pop3Settings pop3 = new Pop3Settings(Duration.ofMinutes(10));
        ImapSettings imap = new ImapSettings(Duration.ofMinutes(30), new Size(MESSAGE_SIZE));
        opened =
                kernel.open(
                        List.of(
                                new SmtpService(
                                        NAME,
                                        smtp,
                                        accounts,
                                        guard,
                                        mail,
                                        events,
                                        clock,
                                        Screening.NONE,
                                        Signing.NONE,
                                        new Lifetime(Duration.ofHours(4), Duration.ofDays(5))),
                                new Pop3Service(NAME, pop3, accounts, guard, mail, events),
                                new ImapService(NAME, imap, accounts, guard, mail, events, clock)));
    }

    private void populate() throws StoreException {
        accounts.add("ada", "lovelace1815");
        accounts.add("grace", "of the navy 1906");
        accounts.add("jörg", "grüße aus köln");
        accounts.addAlias("postmaster", List.of("ada"));
        accounts.addAlias("countess", List.of("ada"));
        accounts.addAlias("ada.lovelace", List.of("ada"));
        accounts.addAlias("friends", List.of("ada", "grace"));
    }

    /** Waits until nobody is connected, and forgets all mail: every dialogue begins alike. */
    public MailSite emptied() throws StoreException {
        awaitQuiet();
        for (Account account : accounts.list()) {
            mail.removeAccount(account);
        }
        mail.queue().cancel(MailQueue.Wanted.ALL);
        return this;
    }

    /** Waits until nobody is connected; nothing may have broken on our side until then. */
    public void awaitQuiet() {
        await().until(() -> kernel.sockets().open().isEmpty());
        assertThat(hungUp("our_fault")).as("conversations that broke").isZero();
    }

    /** Waits for a condition; looks often, and long enough for a machine that is busy. */
    public static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(2)).atMost(Duration.ofSeconds(40));
    }

    /** How many conversations the kernel ended for a reason. */
    public double hungUp(String why) {
        double sum = 0;
        for (MetricSnapshot snapshot : kernel.metrics().registry().scrape()) {
            if (snapshot instanceof CounterSnapshot counter
                    && counter.getMetadata().getName().equals("portolan_hangups")) {
                sum +=
                        counter.getDataPoints().stream()
                                .filter(point -> why.equals(point.getLabels().get("why")))
                                .mapToDouble(CounterDataPointSnapshot::getValue)
                                .sum();
            }
        }
        return sum;
    }

    /** Plays at the given door, and knows the others by their names. */
    public Player player(String door) {
        Player player = Player.against(door(door));
        for (Kernel.Opened each : opened) {
            player = player.door(each.door().port().name(), each.at());
        }
        return player.trusting(root.resolve("ca.pem"));
    }

    /** Where {@code smtp}, {@code submission}, {@code pop3} and so on listen. */
    public InetSocketAddress door(String name) {
        return opened.stream()
                .filter(each -> each.door().port().name().equals(name))
                .findFirst()
                .orElseThrow()
                .at();
    }

    public RawClient connect(String door) throws IOException {
        return RawClient.connect(door(door));
    }

    public FrozenClock clock() {
        return clock;
    }

    public Accounts accounts() {
        return accounts;
    }

    public Events events() {
        return events;
    }

    /** How many messages somebody has. */
    public long messagesOf(String name) throws StoreException {
        Account account = accounts.forLogin(name).orElseThrow();
        return mail.usage().getOrDefault(account.id(), Mail.Usage.NONE).messages();
    }

    @Override
    public void close() throws IOException {
        kernel.close();
        events.close();
        mail.close();
        accounts.close();
    }
}
