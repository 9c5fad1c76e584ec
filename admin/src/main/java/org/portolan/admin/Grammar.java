package org.portolan.admin;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.portolan.kernel.Nearest;
import org.portolan.kernel.Shown;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** How command lines are written: every verb, its help, and what is said about mistakes. */
final class Grammar {
    private static final List<String> ORDER =
            List.of(
                    "serve",
                    "share",
                    "status",
                    "account",
                    "domain",
                    "alias",
                    "queue",
                    "mailbox",
                    "dns",
                    "mail",
                    "files",
                    "certificate",
                    "backup",
                    "restore",
                    "firewall",
                    "expose",
                    "hide",
                    "lockout",
                    "audit",
                    "ports",
                    "sockets",
                    "ssh",
                    "time",
                    "events",
                    "metrics",
                    "reload",
                    "stop",
                    "check",
                    "build",
                    "test",
                    "completion",
                    "version");

    private static final Map<String, String> EXIT_STATUS =
            Map.of(
                    "0", "It is done.",
                    "1", "It could not be done; standard error says why.",
                    "2", "There is no such verb, or it is written otherwise.");

    private final CommandLine root;

    /** The verbs of these objects. */
    Grammar(
            SiteVerbs site,
            AccountVerbs accounts,
            GroupVerbs groups,
            KeyVerbs keys,
            AppPasswordVerbs appPasswords,
            SshVerbs ssh,
            DomainVerbs domains,
            AliasVerbs aliases,
            MailboxVerbs mailboxes,
            ZoneVerbs zones,
            MailVerbs mail,
            DkimVerbs dkim,
            FirewallVerbs firewall,
            LockoutVerbs lockout,
            CertificateVerbs certificates,
            FileVerbs files,
            BackupVerb backup,
            PortVerbs ports,
            SocketVerbs sockets,
            QueueVerbs queue) {
        this(
                CommandSpec.wrapWithoutInspection(site),
                CommandSpec.wrapWithoutInspection(accounts),
                CommandSpec.wrapWithoutInspection(groups),
                CommandSpec.wrapWithoutInspection(keys),
                CommandSpec.wrapWithoutInspection(appPasswords),
                CommandSpec.wrapWithoutInspection(ssh),
                CommandSpec.wrapWithoutInspection(domains),
                CommandSpec.wrapWithoutInspection(aliases),
                CommandSpec.wrapWithoutInspection(zones),
                CommandSpec.wrapWithoutInspection(mail),
                CommandSpec.wrapWithoutInspection(dkim),
                CommandSpec.wrapWithoutInspection(firewall),
                CommandSpec.wrapWithoutInspection(lockout),
                CommandSpec.wrapWithoutInspection(certificates),
                CommandSpec.wrapWithoutInspection(files),
                List.of(
                        mailbox(CommandSpec.wrapWithoutInspection(mailboxes)),
                        BackupPages.backup(CommandSpec.wrapWithoutInspection(backup)),
                        PortPages.ports(ports),
                        PortPages.sockets(sockets),
                        QueuePages.queue(queue)));
    }

    private Grammar(
            CommandSpec site,
            CommandSpec accounts,
            CommandSpec groups,
            CommandSpec keys,
            CommandSpec appPasswords,
            CommandSpec ssh,
            CommandSpec domains,
            CommandSpec aliases,
            CommandSpec zones,
            CommandSpec mail,
            CommandSpec dkim,
            CommandSpec firewall,
            CommandSpec lockout,
            CommandSpec certificates,
            CommandSpec files,
            List<CommandSpec> others) {
        List<CommandLine> verbs = new ArrayList<>();
        verbs.addAll(verbsOf(SiteVerbs.class));
        CommandLine account = group(account(accounts), AccountVerbs.class);
        account.addSubcommand(group(accountGroup(groups), GroupVerbs.class));
        account.addSubcommand(group(accountKey(keys), KeyVerbs.class));
        account.addSubcommand(group(appPassword(appPasswords), AppPasswordVerbs.class));
        verbs.add(account);
        verbs.add(group(domain(domains), DomainVerbs.class));
        verbs.add(group(ssh(ssh), SshVerbs.class));
        verbs.add(group(alias(aliases), AliasVerbs.class));
        verbs.add(dns(group(zone(zones), ZoneVerbs.class)));
        CommandLine post = group(mail(mail), MailVerbs.class);
        post.addSubcommand(group(dkim(dkim), DkimVerbs.class));
        verbs.add(post);
        verbs.add(group(firewall(firewall), FirewallVerbs.class));
        verbs.add(group(lockout(lockout), LockoutVerbs.class));
        verbs.add(group(certificate(certificates), CertificateVerbs.class));
        verbs.add(group(files(files), FileVerbs.class));
        others.forEach(verb -> verbs.add(new CommandLine(verb)));
        verbs.sort(Comparator.comparingInt(verb -> ORDER.indexOf(verb.getCommandName())));
        root = new CommandLine(portolan(site));
        verbs.forEach(root::addSubcommand);
        complete(root);
    }

    /**
     * For explanations only: nothing of it can be run. Has the verbs of the launcher and of the
     * client as well.
     */
    static Grammar forReading() {
        return forReading(PortPages.ports());
    }

    /** The same, but these verbs can be run. */
    static Grammar forReading(PortVerbs ports) {
        return forReading(PortPages.ports(ports));
    }

    private static Grammar forReading(CommandSpec ports) {
        CommandSpec backup = BackupPages.backup(CommandSpec.create());
        backup.addSubcommand("verify", BackupPages.verify());
        return new Grammar(
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                CommandSpec.create(),
                List.of(
                        mailbox(CommandSpec.create()),
                        serve(),
                        SharePage.share(),
                        check(),
                        build(),
                        test(),
                        ShellCompletion.page(),
                        backup,
                        BackupPages.restore(),
                        ports,
                        PortPages.sockets(),
                        QueuePages.queue()));
    }

    private static CommandLine group(CommandSpec group, Class<?> verbs) {
        CommandLine command = new CommandLine(group);
        verbsOf(verbs).forEach(command::addSubcommand);
        return command;
    }

    private static List<CommandLine> verbsOf(Class<?> type) {
        return CommandLine.getCommandMethods(type, null).stream()
                .map(CommandLine::new)
                .sorted(Comparator.comparing(CommandLine::getCommandName))
                .toList();
    }

    private static CommandSpec portolan(CommandSpec spec) {
        spec.name("portolan")
                .usageMessage()
                .header("One process that runs a whole site's network services.")
                .description("Begin with `./portolan serve`; most verbs ask the server that runs.")
                .footer(
                        "  portolan serve",
                        "  portolan status",
                        "  portolan account add ada",
                        "  portolan help account add");
        return spec;
    }

    private static CommandSpec account(CommandSpec spec) {
        spec.name("account")
                .usageMessage()
                .header("People who log in and have a mailbox.")
                .description(
                        "An account logs in, to every service, as NAME or as NAME@ any domain of"
                                + " the site, and receives the mail to all of these addresses.")
                .footer("  portolan account add ada", "  portolan account list");
        return spec;
    }

    private static CommandSpec accountGroup(CommandSpec spec) {
        spec.name("group")
                .usageMessage()
                .header("Accounts under one name, for rules that speak of many.")
                .description("A group has no password, no mailbox and no address.")
                .footer(
                        "  portolan account group add crew ada grace",
                        "  portolan account group list");
        return spec;
    }

    private static CommandSpec accountKey(CommandSpec spec) {
        spec.name("key")
                .usageMessage()
                .header("Public keys that log in by SSH.")
                .description("A key is known by its fingerprint, as ssh-keygen -l shows it.")
                .footer(
                        "  portolan account key add ada \"$(cat ~/.ssh/id_ed25519.pub)\"",
                        "  portolan account key list ada");
        return spec;
    }

    private static CommandSpec appPassword(CommandSpec spec) {
        spec.name("app-password")
                .usageMessage()
                .header("Passwords for one program each, beside the account's own.")
                .description(
                        "One opens mail and files, never a console, and is taken away again"
                                + " without the account's password having to change.")
                .footer(
                        "  portolan account app-password add ada telephone",
                        "  portolan account app-password list ada");
        return spec;
    }

    private static CommandSpec ssh(CommandSpec spec) {
        spec.name("ssh")
                .usageMessage()
                .header("What SSH clients ask about the site.")
                .description("The site's keys are made on its first run and stay the same.")
                .footer("  portolan ssh hostkeys");
        return spec;
    }

    private static CommandSpec domain(CommandSpec spec) {
        spec.name("domain")
                .usageMessage()
                .header("Domains whose mail ends here.")
                .description(
                        "The domains that portolan.toml lists, which are removed there, and those"
                                + " that were added with these verbs.")
                .footer("  portolan domain add example.org", "  portolan domain list");
        return spec;
    }

    private static CommandSpec certificate(CommandSpec spec) {
        spec.name("certificate")
                .usageMessage()
                .header("What proves to clients who the site is.")
                .description(
                        "The site has an authority and a certificate of its own, renewed by itself."
                                + " Those of other authorities stand beside it, each for the names"
                                + " it lists.")
                .footer(
                        "  portolan certificate show",
                        "  portolan certificate install fullchain.pem privkey.pem");
        return spec;
    }

    private static CommandSpec files(CommandSpec spec) {
        spec.name("files")
                .usageMessage()
                .header("Homes, shared folders, and who may do what in them.")
                .description(
                        "Every account has a home, seen as /home; shared folders are /shared/NAME"
                                + " to those who have a right in them, /public is there for"
                                + " everybody to read, /drop to leave something in. All of it is"
                                + " ordinary files below DATA/files, and the same through every"
                                + " protocol.")
                .footer(
                        "  portolan files add plans",
                        "  portolan files grant plans write ada",
                        "  portolan files locks");
        return spec;
    }

    private static CommandSpec alias(CommandSpec spec) {
        spec.name("alias")
                .usageMessage()
                .header("Addresses that lead to accounts.")
                .description("Mail to an alias reaches every one of its targets once.")
                .footer("  portolan alias add postmaster admin", "  portolan alias list");
        return spec;
    }

    private static CommandSpec mailbox(CommandSpec spec) {
        spec.name("mailbox")
                .usageMessage()
                .header("What accounts keep, how much they may, and what they share.")
                .description("Mailboxes are made and deleted by their owners' mail programs.")
                .footer(
                        "  portolan mailbox list ada",
                        "  portolan mailbox limit ada --megabytes 2000",
                        "  portolan mailbox share ada Plans bob lrs");
        verbsOf(MailboxVerbs.class)
                .forEach(verb -> spec.addSubcommand(verb.getCommandName(), verb));
        return spec;
    }

    private static CommandLine dns(CommandLine zone) {
        CommandSpec spec = CommandSpec.create().name("dns");
        spec.usageMessage()
                .header("What the site tells about names.")
                .description("Zones are what a name server knows: all names below one.")
                .footer("  portolan dns zone list");
        return new CommandLine(spec).addSubcommand(zone);
    }

    private static CommandSpec mail(CommandSpec spec) {
        spec.name("mail")
                .usageMessage()
                .header("What the world has to know of the site's mail.")
                .description("The records of its domains, and the keys that sign.")
                .footer("  portolan mail dns example.org --check", "  portolan mail dkim list");
        return spec;
    }

    private static CommandSpec dkim(CommandSpec spec) {
        spec.name("dkim")
                .usageMessage()
                .header("The keys that mail is signed with.")
                .description(
                        "A pair of keys, RSA and Ed25519, signs what leaves the site, for all its"
                                + " domains. Each is a file in the folder DATA/dkim.")
                .footer("  portolan mail dkim list", "  portolan mail dkim rotate");
        return spec;
    }

    private static CommandSpec zone(CommandSpec spec) {
        spec.name("zone")
                .usageMessage()
                .header("The zones that the site answers for.")
                .description(
                        "Each is a master file, NAME.zone in the folder DATA/zones, and is read"
                                + " again when it changes. The site's own zone is written by"
                                + " Portolan, until you delete its first line.")
                .footer(
                        "  portolan dns zone add example.org",
                        "  portolan dns zone list",
                        "  portolan dns zone show example.org");
        return spec;
    }

    private static CommandSpec firewall(CommandSpec spec) {
        spec.name("firewall")
                .usageMessage()
                .header("Who may reach what.")
                .description(
                        "Rules in their order; the first that applies decides, before a byte is"
                                + " read. Without rules only this host reaches anything.",
                        "",
                        "A rule says allow, deny or limit, then services, ports or all, then from"
                                + " and networks, any, loopback or outside; a limit says to how"
                                + " many connections, new per minute or bytes per second.")
                .footer(
                        "  portolan firewall show",
                        "  portolan firewall try 10.0.0.7 25/tcp",
                        "  portolan firewall add \"limit smtp from any to 20 connections\"");
        return spec;
    }

    private static CommandSpec lockout(CommandSpec spec) {
        spec.name("lockout")
                .usageMessage()
                .header("Who guessed too many passwords.")
                .description(
                        "Failed log-ins are counted over all services. Each after the second waits"
                                + " longer for its answer; after too many, log-ins of that"
                                + " address, network or to that account are refused for a while.")
                .footer("  portolan lockout list", "  portolan lockout lift 192.0.2.7");
        return spec;
    }

    private static CommandSpec serve() {
        CommandSpec spec = CommandSpec.create().name("serve").addOption(config());
        spec.usageMessage()
                .header("Serves, until it is stopped.")
                .description(
                        "The first time it makes the data directory, the site's certificates and"
                                + " the account admin, whose password it prints on a terminal or"
                                + " else writes to admin-password in the data directory. Without"
                                + " settings it listens on the loopback addresses alone, each port"
                                + " 10000 higher than usual.",
                        "",
                        "Ctrl-C, SIGTERM and `portolan stop` let conversations finish what they"
                                + " have begun.")
                .footer("  portolan serve", "  portolan serve --data /srv/portolan");
        return spec;
    }

    private static CommandSpec check() {
        CommandSpec spec =
                CommandSpec.create()
                        .name("check")
                        .addOption(config())
                        .addOption(
                                OptionSpec.builder("--sample")
                                        .description(
                                                "Print settings with every key, what it is for, and"
                                                        + " its default instead.")
                                        .build());
        spec.usageMessage()
                .header("Reads the settings and says what is wrong with them.")
                .description("Changes nothing, and needs no server.")
                .footer(
                        "  portolan check --config portolan.toml",
                        "  portolan check --sample > portolan.toml");
        return spec;
    }

    private static CommandSpec build() {
        CommandSpec spec = CommandSpec.create().name("build");
        spec.usageMessage()
                .header("Builds this clone, and serves nothing.")
                .description(
                        "Also trains the start-up cache, which `serve` would do at its first start."
                                + " An installation without sources trains the cache only.")
                .footer("  portolan build");
        return spec;
    }

    private static OptionSpec config() {
        return OptionSpec.builder("--config")
                .type(String.class)
                .paramLabel("FILE")
                .description("The settings; ./portolan.toml, if there is one, if left out.")
                .build();
    }

    private static CommandSpec test() {
        CommandSpec spec =
                CommandSpec.create()
                        .name("test")
                        .addOption(
                                OptionSpec.builder("--install")
                                        .description("Install the clients first, and skip nothing.")
                                        .build())
                        .addOption(
                                OptionSpec.builder("--quick")
                                        .description("Without the real clients.")
                                        .build());
        spec.usageMessage()
                .header("Runs all tests of this clone.")
                .description(
                        "Those of every module, then real clients against a server of their own.")
                .footer("  portolan test --quick");
        return spec;
    }

    /** Gives every verb what all of them have. */
    private static void complete(CommandLine verb) {
        verb.setExpandAtFiles(false); // an argument like @crew is no file to be read
        CommandSpec spec = verb.getCommandSpec();
        if (spec.findOption("--help") == null) {
            spec.addOption(
                    OptionSpec.builder("-h", "--help")
                            .usageHelp(true)
                            .description("Show this.")
                            .build());
            spec.addOption(
                    OptionSpec.builder("--data")
                            .type(String.class)
                            .paramLabel("DIR")
                            .description("The site's data directory; ./portolan-data if left out.")
                            .build());
        }
        spec.usageMessage()
                .synopsisSubcommandLabel(standsAlone(verb) ? "[VERB …]" : "VERB …")
                .descriptionHeading("%n")
                .parameterListHeading("%n")
                .optionListHeading("%n")
                .commandListHeading("%nVerbs:%n")
                .exitCodeListHeading("%nExit status:%n")
                .exitCodeList(exitStatus(spec.name()))
                .footerHeading("%nFor example:%n");
        verb.getSubcommands().values().forEach(Grammar::complete);
    }

    private static Map<String, String> exitStatus(String verb) {
        Map<String, String> all = new TreeMap<>(EXIT_STATUS);
        if (verb.equals("audit")) {
            all.put(
                    Integer.toString(AuditVerb.FOUND),
                    "It is done, and something is to be mended.");
        }
        return all;
    }

    /** Whether it can be run without a verb behind it: it takes words or options of its own. */
    private static boolean standsAlone(CommandLine verb) {
        CommandSpec spec = verb.getCommandSpec();
        return verb.getSubcommands().isEmpty()
                || !spec.mixins().isEmpty()
                || !spec.positionalParameters().isEmpty();
    }

    /**
     * Reads a command line; {@code help account add} means {@code account add --help}.
     *
     * @throws ParameterException when it is not one
     */
    ParseResult parse(List<String> words) {
        List<String> plain = new ArrayList<>(words);
        if (plain.isEmpty()) {
            plain.add("--help");
        } else if (plain.getFirst().equals("help")) {
            plain.removeFirst();
            plain.add("--help");
        }
        ParseResult parsed = root.parseArgs(plain.toArray(String[]::new));
        CommandLine verb = parsed.asCommandLineList().getLast();
        // who asks for help is forgiven everything but a verb that nobody can explain
        if (!verb.getUnmatchedArguments().isEmpty() && !verb.getSubcommands().isEmpty()) {
            throw new UnmatchedArgumentException(verb, verb.getUnmatchedArguments());
        }
        return parsed;
    }

    boolean asksForHelp(ParseResult parsed) {
        return parsed.asCommandLineList().stream().anyMatch(CommandLine::isUsageHelpRequested);
    }

    /** The page about the verb that {@code parsed} names. */
    String help(ParseResult parsed, int columns) {
        CommandLine verb = parsed.asCommandLineList().getLast();
        return verb.setUsageHelpWidth(columns).getUsageMessage(Ansi.OFF);
    }

    /** What is wrong with a command line, and how it is written. */
    String complaint(ParameterException e) {
        CommandLine verb = e.getCommandLine();
        CommandSpec spec = verb.getCommandSpec();
        String wrong = String.valueOf(e.getMessage()).replaceFirst("^Error: ", "");
        if (e instanceof UnmatchedArgumentException unmatched) {
            wrong = unmatched(unmatched.getUnmatched().getFirst(), verb);
        } else if (e instanceof MissingParameterException missing) {
            wrong =
                    missing.getMissing().stream().map(ArgSpec::paramLabel).collect(joining(", "))
                            + " is missing";
        } else if (!standsAlone(verb)) {
            wrong = "a verb is missing: " + String.join(", ", verb.getSubcommands().keySet());
        }
        return "portolan: %s\n%sTry `%s --help`.\n"
                .formatted(Shown.of(wrong), usage(verb), spec.qualifiedName());
    }

    private static String usage(CommandLine verb) {
        return verb.getHelp().synopsisHeading() + verb.getHelp().synopsis(7);
    }

    private static String unmatched(String word, CommandLine verb) {
        String path = verb.getCommandSpec().qualifiedName();
        boolean option = word.startsWith("-");
        if (!option && verb.getSubcommands().isEmpty()) {
            return "`%s` takes no \"%s\"".formatted(path, word);
        }
        List<String> known =
                option
                        ? verb.getCommandSpec().optionsMap().keySet().stream().toList()
                        : verb.getSubcommands().keySet().stream().toList();
        String near = Nearest.of(word, known);
        return "there is no %s \"%s\" in `%s`%s"
                .formatted(
                        option ? "option" : "verb",
                        word,
                        path,
                        near.isEmpty() ? "" : "; did you mean " + near + "?");
    }

    /**
     * What may stand in place of the last of {@code words}, which may be empty or half a word.
     *
     * @param usable which verbs are offered
     */
    List<String> completions(List<String> words, Predicate<CommandLine> usable) {
        CommandLine verb = root;
        int begin = words.getFirst().equals("help") && words.size() > 1 ? 1 : 0;
        for (String word : words.subList(begin, words.size() - 1)) {
            CommandLine next = verb.getSubcommands().get(word);
            if (next == null && !verb.getSubcommands().isEmpty() && !standsAlone(verb)) {
                return List.of();
            }
            verb = next == null ? verb : next;
        }
        String half = words.getLast();
        Stream<String> verbs =
                verb.getSubcommands().entrySet().stream()
                        .filter(inner -> usable.test(inner.getValue()))
                        .map(Map.Entry::getKey);
        Stream<String> options =
                usable.test(verb)
                        ? verb.getCommandSpec().optionsMap().keySet().stream()
                        : Stream.empty();
        return Stream.concat(verbs, options.filter(option -> half.startsWith("-")))
                .filter(word -> word.startsWith(half))
                .sorted()
                .toList();
    }

    /**
     * What a shell reads to complete command lines.
     *
     * @throws Refusal for a shell that is not known
     */
    String completion(String shell) throws Refusal {
        return ShellCompletion.script(root, shell);
    }

    /** Every verb with its group: {@code account add}, {@code status}. */
    List<String> verbs() {
        return verbs(root).toList();
    }

    private static Stream<String> verbs(CommandLine group) {
        return group.getSubcommands().entrySet().stream()
                .flatMap(verb -> verbs(verb.getKey(), verb.getValue()));
    }

    private static Stream<String> verbs(String name, CommandLine verb) {
        Stream<String> inner = verbs(verb).map(word -> name + " " + word);
        return standsAlone(verb) ? Stream.concat(Stream.of(name), inner) : inner;
    }
}
