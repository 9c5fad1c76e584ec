package org.portolan.mail.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Certificates.Credential;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.KernelSettings;
import org.portolan.mail.Signing;
import org.portolan.mail.StatedNames;
import org.portolan.mail.queue.QueueSettings.Security;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.SiteCertificates;
import org.portolan.stores.SiteKey;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Draft;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.MailQueue;
import org.portolan.stores.mail.Message;
import org.portolan.stores.mail.Outgoing;
import org.portolan.testkit.FrozenClock;

/** A site of which only the way out is open. */
final class QueueSite implements AutoCloseable {
    static final String NAME = "portolan.example";

    final FrozenClock clock = FrozenClock.frozen();
    final StatedNames names = new StatedNames();
    final Accounts accounts;
    final Mail mail;
    final Events events;
    private final Kernel kernel;
    private int sent;

    /** By how much the clock is ahead while something is handed in. */
    Duration ahead = Duration.ZERO;

    QueueSite(Path root, List<Route> routes, Security security) throws IOException, StoreException {
        Path stores = Files.createDirectories(root.resolve("stores"));
        SiteKey key = SiteKey.in(root.resolve("site.key"));
        accounts = new Accounts(stores, key, List.of(NAME), clock);
        accounts.add("ada", "lovelace1815");
        mail = new Mail(stores, clock);
        events = new Events(stores, clock);
        SiteCertificates certificates =
                new SiteCertificates(root, List.of(NAME, "127.0.0.1"), Clock.SYSTEM);
        kernel =
                new Kernel(
                        new KernelSettings(
                                List.of(InetAddress.getByName("127.0.0.1")),
                                KernelSettings.ANY_FREE_PORT,
                                10_000,
                                10_000,
                                10_000,
                                10_000,
                                Duration.ofSeconds(10),
                                Optional.empty(),
                                Set.of()),
                        clock,
                        Admission.EVERYBODY,
                        host -> {
                            SiteCertificates.Credential found = certificates.forHost(host);
                            return new Credential(found.key(), found.chain());
                        });
        QueueSettings settings =
                new QueueSettings(
                        routes,
                        Optional.empty(),
                        security,
                        Optional.of(root.resolve("ca.pem")),
                        new Schedule(Duration.ofMinutes(5), Duration.ofHours(4)),
                        10,
                        100);
        kernel.open(
                List.of(
                        new QueueService(
                                NAME,
                                settings,
                                new Lifetime(Duration.ofHours(4), Duration.ofDays(5)),
                                mail,
                                accounts,
                                events,
                                names,
                                Signing.NONE,
                                address -> false,
                                kernel.ports(),
                                clock)));
    }

    /** All mail goes to the server at {@code port} of this machine. */
    static List<Route> allTo(int port) {
        return List.of(new Route("*", "127.0.0.1", port));
    }

    /** Hands in a message. */
    String send(String sender, Outgoing.Demands demands, String text, String... recipients)
            throws StoreException {
        return send(sender, demands, "", "", text, recipients);
    }

    /**
     * @param recipients each an address, with NOTIFY and ORCPT behind it if there are
     */
    String send(
            String sender,
            Outgoing.Demands demands,
            String returned,
            String envelopeId,
            String text,
            String... recipients)
            throws StoreException {
        Draft draft = mail.draft();
        byte[] path = ("Return-Path: <" + sender + ">\r\n").getBytes(UTF_8);
        byte[] bytes = text.getBytes(UTF_8);
        draft.append(path, 0, path.length);
        draft.append(bytes, 0, bytes.length);
        List<Outgoing.Recipient> to = new ArrayList<>();
        for (String recipient : recipients) {
            String[] words = recipient.split(" ");
            to.add(
                    new Outgoing.Recipient(
                            words[0],
                            Destinations.of(words[0].substring(words[0].lastIndexOf('@') + 1)),
                            words.length > 1 ? words[1] : "",
                            words.length > 2 ? words[2] : ""));
        }
        String id = "test-" + ++sent;
        Outgoing outgoing =
                new Outgoing(
                        id,
                        sender,
                        "",
                        demands,
                        returned,
                        envelopeId,
                        "",
                        path.length,
                        clock.instant().plus(Duration.ofHours(4)),
                        clock.instant().plus(Duration.ofDays(5)),
                        to);
        mail.deliver(
                draft,
                Set.of(),
                (sql, body, size) ->
                        MailQueue.insert(sql, body, size, outgoing, clock.instant().plus(ahead)));
        mail.queue().nudge();
        return id;
    }

    long queued() throws StoreException {
        return mail.queue().totals().messages();
    }

    /** {@code sent} when it is gone; {@code held}, {@code deferred}, {@code unreachable}. */
    String standing(String id) throws StoreException {
        Optional<MailQueue.Work> found = mail.queue().find(id);
        if (found.isEmpty()) {
            return "sent";
        }
        List<MailQueue.Recipient> recipients = found.get().recipients();
        if (recipients.stream().anyMatch(r -> r.state() == MailQueue.State.HELD)) {
            return "held";
        }
        if (recipients.stream().anyMatch(r -> r.tries() > 0)) {
            return "deferred";
        }
        boolean failed = mail.queue().destinations(10).stream().anyMatch(d -> d.failures() > 0);
        return failed ? "unreachable" : "waits";
    }

    /** What lies in ada's inbox, oldest first. */
    List<String> inbox() throws StoreException, IOException {
        Account ada = accounts.forLogin("ada").orElseThrow();
        List<String> texts = new ArrayList<>();
        try (Mail.Maildrop drop = mail.lock(ada).orElseThrow()) {
            for (Message message : drop.messages()) {
                try (FileChannel body = drop.open(message)) {
                    ByteBuffer bytes = ByteBuffer.allocate((int) body.size());
                    body.read(bytes, 0);
                    texts.add(new String(bytes.array(), UTF_8));
                }
            }
        }
        return texts;
    }

    @Override
    public void close() throws IOException {
        kernel.close();
        events.close();
        mail.close();
        accounts.close();
    }
}
