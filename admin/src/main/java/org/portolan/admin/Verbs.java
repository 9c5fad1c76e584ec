package org.portolan.admin;

import java.io.IOException;
import java.util.List;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Shown;
import org.portolan.kernel.Sockets;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.HostKeys;
import org.portolan.stores.SiteCertificates;
import org.portolan.stores.StoreException;
import org.portolan.stores.backup.Backups;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.zones.Zones;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** Everything an administrator can ask of a running site, as command lines. */
public final class Verbs {
    /** Exit status: it is done. */
    public static final int DONE = 0;

    /** Exit status: it could not be done, for the reason that was said. */
    public static final int FAILED = 1;

    /** Exit status: there is no such verb, or it is written otherwise. */
    public static final int USAGE = 2;

    private static final Logger LOG = LoggerFactory.getLogger("portolan.admin");

    private final Site site;
    private final Accounts accounts;
    private final Mail mail;
    private final Events events;
    private final Zones zones;
    private final FileTree files;
    private final Guard guard;
    private final LoginGuard logins;
    private final SiteCertificates certificates;
    private final Backups backups;
    private final HostKeys hostKeys;
    private final Sockets sockets;
    private final Clock clock;

    public Verbs(
            Site site,
            Accounts accounts,
            Mail mail,
            Events events,
            Zones zones,
            FileTree files,
            Guard guard,
            LoginGuard logins,
            SiteCertificates certificates,
            Backups backups,
            HostKeys hostKeys,
            Sockets sockets,
            Clock clock) {
        this.site = site;
        this.accounts = accounts;
        this.mail = mail;
        this.events = events;
        this.zones = zones;
        this.files = files;
        this.guard = guard;
        this.logins = logins;
        this.certificates = certificates;
        this.backups = backups;
        this.hostKeys = hostKeys;
        this.sockets = sockets;
        this.clock = clock;
    }

    /**
     * Runs the command line {@code words} for {@code operator}.
     *
     * @return the exit status: {@link #DONE}, {@link #FAILED} or {@link #USAGE}
     * @throws IOException when the operator is gone; what was done by then is done
     */
    public int run(List<String> words, Operator operator) throws IOException {
        return run(grammar(operator), words, operator);
    }

    /**
     * The same with the rights of somebody who is perhaps no administrator.
     *
     * @throws IOException when the operator is gone; what was done by then is done
     */
    public int run(List<String> words, Operator operator, Rights rights) throws IOException {
        Grammar grammar = grammar(operator);
        try {
            return run(grammar, rights.completed(words, grammar), operator);
        } catch (ParameterException e) {
            operator.remark(grammar.complaint(e));
            return USAGE;
        } catch (Refusal e) {
            return refuse(operator, e.words(), e.status());
        }
    }

    /**
     * What may stand in place of the last of {@code words}, which may be empty or half a word, for
     * somebody with {@code rights}.
     */
    public static List<String> completions(List<String> words, Rights rights) {
        return Grammar.forReading().completions(words, rights.usable());
    }

    /** The same with a grammar of one's own. */
    static int run(Grammar grammar, List<String> words, Operator operator) throws IOException {
        try {
            ParseResult parsed = grammar.parse(words);
            if (grammar.asksForHelp(parsed)) {
                operator.say(grammar.help(parsed, operator.columns()));
                return DONE;
            }
            return new RunLast().execute(parsed);
        } catch (ParameterException e) {
            operator.remark(grammar.complaint(e));
            return USAGE;
        } catch (ExecutionException e) {
            return explain(e, operator);
        }
    }

    private Grammar grammar(Operator operator) {
        Journal journal = new Journal(events, operator);
        StatusPage status =
                new StatusPage(site, accounts, mail, events, certificates, sockets, clock);
        FirewallVerbs firewall =
                new FirewallVerbs(site, guard, accounts, sockets, journal, operator);
        Audit findings = new Audit(site, guard.firewall(), accounts, events, certificates, clock);
        AuditVerb audit = new AuditVerb(findings, operator);
        return new Grammar(
                new SiteVerbs(site, status, events, clock, firewall, audit, journal, operator),
                new AccountVerbs(accounts, mail, files, sockets, journal, operator),
                new GroupVerbs(accounts, files.spaces(), mail, journal, operator),
                new KeyVerbs(accounts, journal, operator),
                new AppPasswordVerbs(accounts, journal, operator),
                new SshVerbs(site, hostKeys, operator),
                new DomainVerbs(accounts, journal, operator),
                new AliasVerbs(accounts, mail, journal, operator),
                new MailboxVerbs(accounts, mail, journal, operator),
                new ZoneVerbs(zones, journal, operator),
                new MailVerbs(site, accounts, operator),
                new DkimVerbs(site, journal, operator),
                firewall,
                new LockoutVerbs(logins, journal, operator),
                new CertificateVerbs(certificates, clock, journal, operator),
                new FileVerbs(files, accounts, journal, operator),
                new BackupVerb(site, backups, journal, operator),
                new PortVerbs(new SitePorts(site, accounts, operator), operator),
                new SocketVerbs(site, sockets, clock, journal, operator),
                new QueueVerbs(mail, clock, journal, operator));
    }

    private static int explain(ExecutionException e, Operator operator) throws IOException {
        String verb = e.getCommandLine().getCommandSpec().qualifiedName();
        return switch (e.getCause()) {
            case Refusal refusal -> refuse(operator, refusal.words(), refusal.status());
            case StoreException store ->
                    refuse(operator, String.valueOf(store.getMessage()), FAILED);
            case IOException gone -> throw gone;
            case null, default -> {
                LOG.error("{} broke", verb, e);
                yield refuse(operator, "something broke in the server; its log says what", FAILED);
            }
        };
    }

    private static int refuse(Operator operator, String why, int status) throws IOException {
        operator.remark("portolan: " + Shown.of(why) + "\n");
        return status;
    }
}
