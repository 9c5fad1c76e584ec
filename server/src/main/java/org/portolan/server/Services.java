package org.portolan.server;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.portolan.auth.LoginGuard;
import org.portolan.files.ftp.FtpService;
import org.portolan.files.ftp.FtpSettings;
import org.portolan.files.tftp.TftpService;
import org.portolan.files.tftp.TftpSettings;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Section;
import org.portolan.kernel.Service;
import org.portolan.mail.Names;
import org.portolan.mail.Screening;
import org.portolan.mail.Signing;
import org.portolan.mail.imap.ImapService;
import org.portolan.mail.imap.ImapSettings;
import org.portolan.mail.pop3.Pop3Service;
import org.portolan.mail.pop3.Pop3Settings;
import org.portolan.mail.queue.Lifetime;
import org.portolan.mail.queue.QueueService;
import org.portolan.mail.queue.QueueSettings;
import org.portolan.mail.smtp.SmtpService;
import org.portolan.mail.smtp.SmtpSettings;
import org.portolan.names.dns.DnsService;
import org.portolan.names.dns.DnsSettings;
import org.portolan.names.dns.ServedZones;
import org.portolan.shell.console.Console;
import org.portolan.shell.ssh.SshService;
import org.portolan.shell.ssh.SshSettings;
import org.portolan.shell.telnet.TelnetService;
import org.portolan.shell.telnet.TelnetSettings;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.HostKeys;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.zones.Zones;
import org.portolan.watch.ntp.NtpService;
import org.portolan.watch.ntp.NtpSettings;
import org.portolan.watch.ntp.Timekeeping;

/** The one list of everything that can be served. */
final class Services {
    /** What services are made of. A constructor's line below is its list of dependencies. */
    record Materials(
            String site,
            Accounts accounts,
            LoginGuard guard,
            Mail mail,
            Events events,
            FileTree files,
            Zones zones,
            Names names,
            Screening screening,
            Signing signing,
            Predicate<InetAddress> ours,
            Lifetime lifetime,
            Ports ports,
            Timekeeping time,
            HostKeys hostKeys,
            Console console,
            Clock clock) {}

    /** A service: its name, what can be set, how it is made. */
    private record Kind<S>(
            String name, Function<Section, S> settings, BiFunction<S, Materials, Service> maker) {
        /** Reads the section now, and makes the service when it is wanted. */
        Function<Materials, Service> read(Section section) {
            S read = settings.apply(section);
            return materials -> maker.apply(read, materials);
        }
    }

    private static final List<Kind<?>> ALL =
            List.of(
                    new Kind<>("smtp", SmtpSettings::read, Services::smtp),
                    new Kind<>("queue", QueueSettings::read, Services::queue),
                    new Kind<>("pop3", Pop3Settings::read, Services::pop3),
                    new Kind<>("imap", ImapSettings::read, Services::imap),
                    new Kind<>("dns", DnsSettings::read, Services::dns),
                    new Kind<>("ntp", NtpSettings::read, Services::ntp),
                    new Kind<>("ssh", SshSettings::read, Services::ssh),
                    new Kind<>("telnet", TelnetSettings::read, Services::telnet),
                    new Kind<>("ftp", FtpSettings::read, Services::ftp),
                    new Kind<>("tftp", TftpSettings::read, Services::tftp));

    private static Service smtp(SmtpSettings settings, Materials m) {
        return new SmtpService(
                m.site,
                settings,
                m.accounts,
                m.guard,
                m.mail,
                m.events,
                m.clock,
                m.screening,
                m.signing,
                m.lifetime);
    }

    private static Service queue(QueueSettings settings, Materials m) {
        return new QueueService(
                m.site,
                settings,
                m.lifetime,
                m.mail,
                m.accounts,
                m.events,
                m.names,
                m.signing,
                m.ours,
                m.ports,
                m.clock);
    }

    private static Service pop3(Pop3Settings settings, Materials m) {
        return new Pop3Service(m.site, settings, m.accounts, m.guard, m.mail, m.events);
    }

    private static Service imap(ImapSettings settings, Materials m) {
        return new ImapService(m.site, settings, m.accounts, m.guard, m.mail, m.events, m.clock);
    }

    private static Service dns(DnsSettings settings, Materials m) {
        return new DnsService(settings, ServedZones.of(m.zones), m.ports, m.clock);
    }

    private static Service ntp(NtpSettings settings, Materials m) {
        return new NtpService(settings, m.clock, m.time);
    }

    private static Service ssh(SshSettings settings, Materials m) {
        return new SshService(
                settings,
                m.hostKeys,
                m.accounts,
                m.guard,
                m.console,
                m.files,
                m.events,
                m.ports,
                m.clock);
    }

    private static Service telnet(TelnetSettings settings, Materials m) {
        return new TelnetService(settings, m.accounts, m.guard, m.console, m.events, m.ports);
    }

    private static Service ftp(FtpSettings settings, Materials m) {
        return new FtpService(
                m.site, settings, m.accounts, m.guard, m.files, m.events, m.ports, m.clock);
    }

    private static Service tftp(TftpSettings settings, Materials m) {
        return new TftpService(settings, m.files, m.ports);
    }

    private final List<Function<Materials, Service>> enabled = new ArrayList<>();
    private final List<Function<Materials, Service>> disabled = new ArrayList<>();

    private final Set<String> traced = new HashSet<>();
    private final Set<String> names = new HashSet<>(); // of those that are enabled

    private Services() {}

    /** The names of all of them, which are also their sections of the settings. */
    static List<String> known() {
        return ALL.stream().map(Kind::name).toList();
    }

    /** Reads the settings of every service. */
    static Services read(SettingsFile file) {
        Services services = new Services();
        for (Kind<?> kind : ALL) {
            Section section = file.section(kind.name);
            services.readCommon(kind.name, section, kind);
        }
        return services;
    }

    private void readCommon(String name, Section section, Kind<?> kind) {
        boolean on = section.flag("enabled", true, "Whether " + name + " is served at all.");
        boolean trace =
                section.flag(
                        "trace",
                        false,
                        "Keeps each conversation as a file below traces/, passwords left out.");
        Function<Materials, Service> maker = kind.read(section);
        (on ? enabled : disabled).add(maker);
        if (on) {
            names.add(name);
        }
        if (trace) {
            traced.add(name);
        }
    }

    /** Makes every service that the settings do not switch off. */
    List<Service> make(Materials materials) {
        return enabled.stream().map(maker -> maker.apply(materials)).toList();
    }

    /** Makes those that the settings do switch off, to tell of their doors. */
    List<Service> makeDisabled(Materials materials) {
        return disabled.stream().map(maker -> maker.apply(materials)).toList();
    }

    boolean enabled(String name) {
        return names.contains(name);
    }

    Set<String> traced() {
        return traced;
    }
}
