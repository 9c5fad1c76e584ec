package org.portolan.mail.pop3;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.auth.LoginGuard;
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
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.mail.Mail;

/** POP3's doors: 110, where TLS may be asked for, and 995, where it is there at once. */
public final class Pop3Service implements Service, Conversation {
    private static final Port POP3 = new Port(110, "pop3");
    private static final Port POP3S = new Port(995, "pop3s");
    private static final int LINE_BYTES = 12_288; // RFC 5034 §4 has no limit; RFC 4954's will do

    /** Commands that a trace may show: no secret is part of them. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "USER", "CAPA", "STLS", "STAT", "LIST", "UIDL", "RETR", "TOP", "DELE", "RSET",
                    "NOOP", "QUIT");

    private final String site;
    private final Pop3Settings settings;
    private final Accounts accounts;
    private final LoginGuard guard;
    private final Mail mail;
    private final Events events;

    /**
     * @param site the name to greet with
     */
    public Pop3Service(
            String site,
            Pop3Settings settings,
            Accounts accounts,
            LoginGuard guard,
            Mail mail,
            Events events) {
        this.site = site;
        this.settings = settings;
        this.accounts = accounts;
        this.guard = guard;
        this.mail = mail;
        this.events = events;
    }

    @Override
    public String name() {
        return "pop3";
    }

    @Override
    public List<Door> doors() {
        return List.of(
                new StreamDoor(
                        POP3, Tls.UPGRADE, this, "curl -sS pop3://{host}:{port} -u {account}"),
                new StreamDoor(
                        POP3S,
                        Tls.AT_ONCE,
                        this,
                        "curl -sS --cacert {ca} pop3s://{host}:{port} -u {account}"));
    }

    @Override
    public Limits limits() {
        return Limits.USUAL.withLineBytes(LINE_BYTES).withIdle(settings.idle());
    }

    @Override
    public void converse(Connection client) throws IOException {
        new Pop3Session(client, site, accounts, guard, mail, events).converse();
    }

    @Override
    public Optional<String> farewell(Hangup.Reason reason) {
        return Optional.of(Pop3Reply.farewell(reason));
    }

    @Override
    public String masked(String line) {
        return MaskedLine.of(line, HARMLESS);
    }
}
