package org.portolan.mail.imap;

import java.io.IOException;
import java.time.Duration;
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
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.mail.Mail;
import org.portolan.wire.Ascii;

/** IMAP's doors: 143, where TLS may be asked for, and 993, where it is there at once. */
public final class ImapService implements Service, Conversation {
    private static final Port IMAP = new Port(143, "imap");
    private static final Port IMAPS = new Port(993, "imaps");

    /** Clients that synchronise name thousands of messages in one command. */
    private static final int LINE_BYTES = 64 * 1024;

    /** People's programs stay for as long as the machine is on. */
    private static final Duration LONGEST_SESSION = Duration.ofDays(30);

    /** Commands whose arguments hold a secret, or may. */
    private static final Set<String> SECRETIVE = Set.of("LOGIN", "AUTHENTICATE");

    private static final Set<String> HARMLESS =
            Set.of(
                    "CAPABILITY",
                    "NOOP",
                    "LOGOUT",
                    "ID",
                    "STARTTLS",
                    "ENABLE",
                    "SELECT",
                    "EXAMINE",
                    "CREATE",
                    "DELETE",
                    "RENAME",
                    "SUBSCRIBE",
                    "UNSUBSCRIBE",
                    "LIST",
                    "LSUB",
                    "NAMESPACE",
                    "STATUS",
                    "APPEND",
                    "REPLACE",
                    "IDLE",
                    "CHECK",
                    "CLOSE",
                    "UNSELECT",
                    "EXPUNGE",
                    "SEARCH",
                    "SORT",
                    "FETCH",
                    "STORE",
                    "COPY",
                    "MOVE",
                    "UID",
                    "GETQUOTA",
                    "GETQUOTAROOT",
                    "SETQUOTA",
                    "COMPRESS");

    private final String site;
    private final ImapSettings settings;
    private final Accounts accounts;
    private final LoginGuard guard;
    private final Mail mail;
    private final Events events;
    private final Clock clock;

    /**
     * @param site the name to greet with
     */
    public ImapService(
            String site,
            ImapSettings settings,
            Accounts accounts,
            LoginGuard guard,
            Mail mail,
            Events events,
            Clock clock) {
        this.site = site;
        this.settings = settings;
        this.accounts = accounts;
        this.guard = guard;
        this.mail = mail;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "imap";
    }

    @Override
    public List<Door> doors() {
        return List.of(
                new StreamDoor(
                        IMAP,
                        Tls.UPGRADE,
                        this,
                        "curl -sS 'imap://{host}:{port}/INBOX?ALL' -u {account}"),
                new StreamDoor(
                        IMAPS,
                        Tls.AT_ONCE,
                        this,
                        "curl -sS --cacert {ca} 'imaps://{host}:{port}/INBOX?ALL' -u {account}"));
    }

    /** Most commands are one look into the store, or one commit. */
    @Override
    public boolean wantsAttendants() {
        return true;
    }

    @Override
    public Limits limits() {
        return Limits.USUAL
                .withLineBytes(LINE_BYTES)
                .withIdle(settings.idle())
                .withSession(LONGEST_SESSION);
    }

    @Override
    public void converse(Connection client) throws IOException {
        new ImapSession(client, site, settings, accounts, guard, mail, events, clock).converse();
    }

    @Override
    public Optional<String> farewell(Hangup.Reason reason) {
        return Optional.of(ImapReply.farewell(reason));
    }

    /** Shows commands that hold no secret, and of those that do which they are. */
    @Override
    public String masked(String line) {
        int space = line.indexOf(' ');
        if (space < 0) {
            return Ascii.same(line, "DONE") || line.isEmpty() ? line : "***";
        }
        int end = line.indexOf(' ', space + 1);
        String verb = Ascii.upper(line.substring(space + 1, end < 0 ? line.length() : end));
        if (HARMLESS.contains(verb)) {
            return line;
        }
        return SECRETIVE.contains(verb) ? line.substring(0, space) + " " + verb + " ***" : "***";
    }
}
