package org.portolan.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.portolan.auth.LoginGuard;
import org.portolan.files.ftp.FtpService;
import org.portolan.files.ftp.FtpSettings;
import org.portolan.files.tftp.TftpService;
import org.portolan.files.tftp.TftpSettings;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Certificates.Credential;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.KernelSettings;
import org.portolan.kernel.Ports.PortRange;
import org.portolan.kernel.Size;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.SiteCertificates;
import org.portolan.stores.SiteKey;
import org.portolan.stores.Spaces;
import org.portolan.stores.files.FileRules;
import org.portolan.stores.files.FileTree;
import org.portolan.testkit.FrozenClock;
import org.portolan.testkit.Player;
import org.portolan.testkit.RawClient;

/**
 * The site at which the file services' dialogues are played: {@code portolan.example}, on free
 * ports of the loopback address, at a moment that does not pass.
 *
 * <p>{@code ada} lives there with the password {@code lovelace1815}, and strangers may read what is
 * public. Before each dialogue the tree is
 *
 * <pre>
 *   /home/lines.txt        "one\ntwo\n", changed 2026-01-02 03:04:05
 *   /home/docs/ünï.txt     "grüße\n"
 *   /home/docs/empty/
 *   /public/boot.bin       1,000 bytes, 0 to 249 again and again
 *   /public/motd           "a\nb\rc\n"
 * </pre>
 */
public final class FilesSite implements AutoCloseable {
    public static final String NAME = "portolan.example";
    public static final FtpSettings FTP =
            new FtpSettings(
                    Duration.ofMinutes(5),
                    Duration.ofDays(1),
                    PortRange.ANY,
                    Optional.empty(),
                    true,
                    false,
                    true,
                    true);

    private static final LoginGuard.Limits INDULGENT =
            new LoginGuard.Limits(
                    Duration.ofMinutes(1),
                    1_000_000,
                    1_000_000,
                    1_000_000,
                    Duration.ZERO,
                    Duration.ofMinutes(1),
                    from -> true);

    private final FrozenClock clock = FrozenClock.frozen();
    private final Path root;
    private final Path files;
    private final Accounts accounts;
    private final Events events;
    private final Spaces spaces;
    private final FileTree tree;
    private final Kernel kernel;
    private final List<Kernel.Opened> opened;

    public static FilesSite in(Path root) throws Exception {
        return new FilesSite(root, FTP, FileRules.USUAL);
    }

    public static FilesSite in(Path root, FtpSettings ftp, FileRules rules) throws Exception {
        return new FilesSite(root, ftp, rules);
    }

    private FilesSite(Path root, FtpSettings ftp, FileRules rules) throws Exception {
        this.root = root;
        this.files = root.resolve("files");
        Path stores = Files.createDirectories(root.resolve("stores"));
        SiteKey key = SiteKey.in(root.resolve("site.key"));
        accounts = new Accounts(stores, key, List.of(NAME), clock);
        events = new Events(stores, clock);
        spaces = new Spaces(stores, clock);
        tree = new FileTree(root, spaces, accounts::groupsOf, rules, clock);
        accounts.add("ada", "lovelace1815");
        spaces.grant(spaces.dropSpace(), Spaces.EVERYBODY, Spaces.Right.DROP);
        SiteCertificates certificates =
                new SiteCertificates(root, List.of(NAME, "127.0.0.1"), Clock.SYSTEM);
        KernelSettings settings =
                new KernelSettings(
                        List.of(InetAddress.getByName("127.0.0.1")),
                        KernelSettings.ANY_FREE_PORT,
                        20_000,
                        20_000,
                        20_000,
                        20_000,
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        Set.of());
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
        TftpSettings tftp = new TftpSettings(true, Size.of("100 kB"), 65_464, 2_000);
        opened =
                kernel.open(
                        List.of(
                                new FtpService(
                                        NAME,
                                        ftp,
                                        accounts,
                                        guard,
                                        tree,
                                        events,
                                        kernel.ports(),
                                        clock),
                                new TftpService(tftp, tree, kernel.ports())));
    }

    /** Waits until nobody is connected, and makes the tree as it is described above. */
    public FilesSite renewed() throws IOException {
        awaitQuiet();
        for (String space : List.of("homes", "public", "drop")) {
            empty(files.resolve(space));
        }
        write("homes/ada/lines.txt", "one\ntwo\n");
        Files.setLastModifiedTime(
                files.resolve("homes/ada/lines.txt"),
                FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
        write("homes/ada/docs/ünï.txt", "grüße\n");
        Files.createDirectories(files.resolve("homes/ada/docs/empty"));
        byte[] boot = new byte[1000];
        for (int i = 0; i < boot.length; i++) {
            boot[i] = (byte) (i % 250);
        }
        Files.write(files.resolve("public/boot.bin"), boot);
        write("public/motd", "a\nb\rc\n");
        return this;
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(files.resolve(path).getParent());
        Files.writeString(files.resolve(path), text);
    }

    private static void empty(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    if (!each.equals(folder)) {
                        Files.delete(each);
                    }
                }
            }
        }
    }

    /** Waits until nobody is connected. */
    public void awaitQuiet() {
        await().until(
                        () ->
                                kernel.sockets().open().isEmpty()
                                        && kernel.sockets().lines().isEmpty());
    }

    /** Waits for a condition; looks often, and long enough for a machine that is busy. */
    public static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(2)).atMost(Duration.ofSeconds(15));
    }

    /** Plays at the given door, and knows the others by their names. */
    public Player player(String door) {
        Player player =
                door.equals("tftp")
                        ? Player.against(door("ftp")).datagramDoor("tftp", door("tftp"))
                        : Player.against(door(door));
        for (Kernel.Opened each : opened) {
            if (!each.door().port().name().equals("tftp")) {
                player = player.door(each.door().port().name(), each.at());
            }
        }
        return player.trusting(root.resolve("ca.pem"));
    }

    public InetSocketAddress door(String name) {
        Kernel.Opened found =
                opened.stream()
                        .filter(each -> each.door().port().name().equals(name))
                        .findFirst()
                        .orElseThrow();
        assertThat(found.problem()).isEmpty();
        return found.at();
    }

    public RawClient connect(String door) throws IOException {
        return RawClient.connect(door(door));
    }

    public Kernel kernel() {
        return kernel;
    }

    public FrozenClock clock() {
        return clock;
    }

    public FileTree tree() {
        return tree;
    }

    public Events events() {
        return events;
    }

    /** Where the files lie. */
    public Path files() {
        return files;
    }

    @Override
    public void close() throws IOException {
        kernel.close();
        tree.close();
        spaces.close();
        events.close();
        accounts.close();
    }
}
