package org.portolan.shell;

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
import org.portolan.kernel.Clock;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.KernelSettings;
import org.portolan.shell.console.Console;
import org.portolan.shell.console.Person;
import org.portolan.shell.console.Verbs;
import org.portolan.shell.ssh.ForwardRule;
import org.portolan.shell.ssh.SshService;
import org.portolan.shell.ssh.SshSettings;
import org.portolan.shell.telnet.TelnetService;
import org.portolan.shell.telnet.TelnetSettings;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.HostKeys;
import org.portolan.stores.SiteKey;
import org.portolan.stores.Spaces;
import org.portolan.stores.StoreException;
import org.portolan.stores.files.FileRules;
import org.portolan.stores.files.FileTree;
import org.portolan.testkit.Player;
import org.portolan.testkit.RawClient;

/**
 * The site at which the shells are tested: {@code ada} has the password {@code lovelace1815}. Its
 * verbs are few: {@code echo WORDS}, {@code ask}, {@code watch}, {@code many}, {@code long}.
 */
public final class ShellSite implements AutoCloseable {
    public static final String PASSWORD = "lovelace1815";

    private static final LoginGuard.Limits INDULGENT =
            new LoginGuard.Limits(
                    Duration.ofMinutes(1),
                    1_000_000,
                    1_000_000,
                    1_000_000,
                    Duration.ZERO,
                    Duration.ofMinutes(1),
                    from -> true);

    private final Accounts accounts;
    private final Events events;
    private final Kernel kernel;
    private final List<Kernel.Opened> opened;
    private final HostKeys keys;
    private final FileTree files;

    /** A site in {@code root}. */
    public static ShellSite in(Path root) throws IOException, StoreException {
        return in(root, new Changed(Duration.ofHours(1), Duration.ofMinutes(5), List.of()));
    }

    /**
     * How a site differs from the usual one.
     *
     * @param forward rules, as the settings have them
     */
    public record Changed(Duration idle, Duration keepAlive, List<String> forward) {}

    /** A site in {@code root} whose SSH is set otherwise. */
    public static ShellSite in(Path root, Changed changed) throws IOException, StoreException {
        return new ShellSite(root, changed);
    }

    private ShellSite(Path root, Changed changed) throws IOException, StoreException {
        Path stores = Files.createDirectories(root.resolve("stores"));
        SiteKey key = SiteKey.in(root.resolve("site.key"));
        accounts = new Accounts(stores, key, List.of("portolan.example"), Clock.SYSTEM);
        accounts.add("ada", PASSWORD);
        events = new Events(stores, Clock.SYSTEM);
        files =
                new FileTree(
                        root,
                        new Spaces(stores, Clock.SYSTEM),
                        accounts::groupsOf,
                        FileRules.USUAL,
                        Clock.SYSTEM);
        keys = new HostKeys(root.resolve("ssh"), "portolan.example");
        KernelSettings settings =
                new KernelSettings(
                        List.of(InetAddress.getByName("127.0.0.1")),
                        KernelSettings.ANY_FREE_PORT,
                        10_000,
                        10_000,
                        10_000,
                        10_000,
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        Set.of());
        kernel =
                new Kernel(
                        settings,
                        Clock.SYSTEM,
                        Admission.EVERYBODY,
                        host -> {
                            throw new AssertionError("no TLS here");
                        });
        LoginGuard guard = new LoginGuard(INDULGENT, Clock.SYSTEM, (refused, service) -> {});
        SshSettings ssh =
                new SshSettings(
                        Duration.ofMinutes(1),
                        changed.idle(),
                        changed.keepAlive(),
                        true,
                        changed.forward().stream().map(ForwardRule::of).toList());
        Console console = new Console("portolan.example", new FewVerbs());
        opened =
                kernel.open(
                        List.of(
                                new SshService(
                                        ssh,
                                        keys,
                                        accounts,
                                        guard,
                                        console,
                                        files,
                                        events,
                                        kernel.ports(),
                                        Clock.SYSTEM),
                                new TelnetService(
                                        new TelnetSettings(false, Duration.ofHours(1)),
                                        accounts,
                                        guard,
                                        console,
                                        events,
                                        kernel.ports())));
    }

    /** Verbs that show what a console does. */
    public static final class FewVerbs implements Verbs {
        @Override
        public int run(List<String> words, Person person) throws IOException {
            return switch (words.getFirst()) {
                case "echo" -> {
                    person.say(String.join(" ", words.subList(1, words.size())) + "\n");
                    yield DONE;
                }
                case "ask" -> {
                    person.say("[" + person.ask("Secret: ", true) + "]\n");
                    yield DONE;
                }
                case "many" -> {
                    for (int i = 0; i < 1000; i++) {
                        person.say("line " + i + "\n");
                    }
                    yield DONE;
                }
                case "long" -> {
                    StringBuilder page = new StringBuilder();
                    for (int i = 0; i < 30; i++) {
                        page.append("line ").append(i).append('\n');
                    }
                    person.say(page.toString());
                    yield DONE;
                }
                case "watch" -> {
                    while (true) {
                        person.say("still here\n");
                        person.pause(Duration.ofMillis(1));
                    }
                }
                default -> {
                    person.remark("no such verb\n");
                    yield USAGE;
                }
            };
        }

        @Override
        public List<String> completions(List<String> words, Account account) {
            return List.of("echo", "ask", "many", "watch").stream()
                    .filter(verb -> words.size() == 1 && verb.startsWith(words.getFirst()))
                    .toList();
        }
    }

    public Accounts accounts() {
        return accounts;
    }

    public FileTree files() {
        return files;
    }

    public Events events() {
        return events;
    }

    public Kernel kernel() {
        return kernel;
    }

    public Account ada() throws StoreException {
        return accounts.forLogin("ada").orElseThrow();
    }

    /** Waits for a condition; looks often, and long enough for a machine that is busy. */
    public static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(40));
    }

    /** Waits until nobody is connected. */
    public ShellSite quiet() {
        await().until(() -> kernel.sockets().open().isEmpty());
        return this;
    }

    public InetSocketAddress door(String name) {
        return opened.stream()
                .filter(each -> each.door().port().name().equals(name))
                .findFirst()
                .orElseThrow()
                .at();
    }

    public Player player(String door) {
        return Player.against(door(door));
    }

    public RawClient connect(String door) throws IOException {
        return RawClient.connect(door(door));
    }

    @Override
    public void close() throws IOException {
        keys.pairs(); // while they are being made their folder cannot be deleted
        kernel.close();
        files.close();
        events.close();
        accounts.close();
    }
}
