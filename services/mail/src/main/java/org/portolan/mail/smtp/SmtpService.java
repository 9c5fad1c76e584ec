package org.portolan.mail.smtp;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Conversation;
import org.portolan.kernel.Door;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Limits;
import org.portolan.kernel.Port;
import org.portolan.kernel.Service;
import org.portolan.kernel.Tls;
import org.portolan.mail.MaskedLine;
import org.portolan.mail.Screening;
import org.portolan.mail.Signing;
import org.portolan.mail.queue.Lifetime;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.mail.Mail;

/** SMTP's doors: 25 for other servers, 587 and 465 for people's programs. */
public final class SmtpService implements Service, Conversation {
    static final Port SMTP = new Port(25, "smtp");
    static final Port SUBMISSION = new Port(587, "submission");
    static final Port SUBMISSIONS = new Port(465, "submissions");

    private static final int LINE_BYTES = 12_288; // RFC 4954 §4

    private static final String MESSAGE = "printf 'Subject: hello\\r\\n\\r\\nIt works.\\r\\n' | ";
    private static final String ENVELOPE =
            " --mail-from {account}@{domain} --mail-rcpt {account}@{domain} -T -";

    /** Commands that a trace may show: no secret is part of them. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "EHLO",
                    "HELO",
                    "MAIL",
                    "RCPT",
                    "DATA",
                    "BDAT",
                    "RSET",
                    "NOOP",
                    "QUIT",
                    "VRFY",
                    "EXPN",
                    "HELP",
                    "STARTTLS");

    private final String site;
    private final SmtpSettings settings;
    private final Accounts accounts;
    private final LoginGuard guard;
    private final Mail mail;
    private final Events events;
    private final Clock clock;
    private final Screening screening;
    private final Signing signing;
    private final Lifetime lifetime;

    /**
     * @param site the name to greet with
     * @param screening of what comes in
     * @param signing of what leaves
     * @param lifetime of what leaves
     */
    public SmtpService(
            String site,
            SmtpSettings settings,
            Accounts accounts,
            LoginGuard guard,
            Mail mail,
            Events events,
            Clock clock,
            Screening screening,
            Signing signing,
            Lifetime lifetime) {
        this.site = site;
        this.settings = settings;
        this.accounts = accounts;
        this.guard = guard;
        this.mail = mail;
        this.events = events;
        this.clock = clock;
        this.screening = screening;
        this.signing = signing;
        this.lifetime = lifetime;
    }

    @Override
    public String name() {
        return "smtp";
    }

    @Override
    public List<Door> doors() {
        return List.of(
                new StreamDoor(
                        SMTP,
                        Tls.UPGRADE,
                        this,
                        MESSAGE + "curl -sS smtp://{host}:{port}" + ENVELOPE),
                new StreamDoor(
                        SUBMISSION,
                        Tls.UPGRADE,
                        this,
                        MESSAGE
                                + "curl -sS --ssl-reqd --cacert {ca} -u {account}"
                                + " smtp://{host}:{port}"
                                + ENVELOPE),
                new StreamDoor(
                        SUBMISSIONS,
                        Tls.AT_ONCE,
                        this,
                        MESSAGE
                                + "curl -sS --cacert {ca} -u {account} smtps://{host}:{port}"
                                + ENVELOPE));
    }

    @Override
    public Limits limits() {
        return Limits.USUAL.withLineBytes(LINE_BYTES).withIdle(settings.idle());
    }

    @Override
    public void converse(Connection client) throws IOException {
        new SmtpSession(
                        client, site, settings, accounts, guard, mail, events, clock, screening,
                        signing, lifetime)
                .converse();
    }

    @Override
    public Optional<String> farewell(Hangup.Reason reason) {
        return Optional.of(SmtpReply.farewell(reason));
    }

    @Override
    public String masked(String line) {
        return MaskedLine.of(line, HARMLESS);
    }
}
