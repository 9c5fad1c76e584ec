package org.portolan.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.mail.Draft;
import org.portolan.stores.mail.Mail;

/** One process at a time has the data directory. */
class SiteFolderTest {
    @TempDir Path folder;

    /** Tries to take the folder, says whether it has it, and holds it until its input ends. */
    static final class Holder {
        public static void main(String[] folder) throws Exception {
            try (SiteFolder held = SiteFolder.open(Path.of(folder[0])).orElse(null)) {
                System.out.println(held == null ? "taken" : "mine");
                while (System.in.read() >= 0) {
                    System.out.println("reading");
                }
            }
        }
    }

    private static Process start(Path root) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        root.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String answerOf(Path root) throws Exception {
        Process process = start(root);
        try (BufferedReader out = process.inputReader(UTF_8)) {
            process.getOutputStream().close();
            String answer = out.readLine();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return answer;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void twoSitesInOneProcessDoNotShareIt() throws Exception {
        Path root = folder.resolve("data");
        try (SiteFolder first = SiteFolder.open(root).orElseThrow()) {
            assertThat(SiteFolder.open(root)).isEmpty();
            try (SiteFolder other = SiteFolder.open(folder.resolve("other")).orElseThrow()) {
                assertThat(other.root()).isNotEqualTo(first.root());
                assertThat(SiteFolder.open(folder.resolve("other/../data"))).isEmpty();
            }
            // Having tried has not let go of the lock that other processes see.
            assertThat(answerOf(root)).isEqualTo("taken");
        }
        Optional<SiteFolder> again = SiteFolder.open(root);
        assertThat(again).isPresent();
        again.get().close();
        again.get().close(); // once more does no harm
        assertThat(answerOf(root)).isEqualTo("mine");
    }

    @Test
    void aProcessThatIsKilledLetsGo() throws Exception {
        Path root = folder.resolve("data");
        Process holder = start(root);
        try (BufferedReader out = holder.inputReader(UTF_8)) {
            assertThat(out.readLine()).isEqualTo("mine");
            assertThat(SiteFolder.open(root)).isEmpty();
            holder.destroyForcibly();
            assertThat(holder.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            holder.destroyForcibly();
        }
        Optional<SiteFolder> mine = SiteFolder.open(root);
        assertThat(mine).isPresent();
        mine.get().close();
    }

    @Test
    void othersMayPassThroughAndSeeNothing() throws Exception {
        Path root = folder.resolve("data");
        try (SiteFolder held = SiteFolder.open(root).orElseThrow()) {
            assertThat(Permissions.of(root)).isEqualTo("rwx--x--x");
            assertThat(Permissions.of(held.stores())).isEqualTo("rwx------");
            // Who could open the lock could hold it, and keep the site from starting.
            assertThat(Permissions.of(root.resolve("lock"))).isEqualTo("rw-------");
        }
    }

    @Test
    void everythingAStartMakesIsItsOwnersButTheAuthoritysCertificate() throws Exception {
        Path root = folder.resolve("data");
        SteppedClock clock = new SteppedClock();
        try (SiteFolder held = SiteFolder.open(root).orElseThrow()) {
            SiteKey key = SiteKey.in(held.stores().resolve("site.key"));
            SiteCertificates certificates =
                    new SiteCertificates(root, java.util.List.of("site.test"), clock);
            assertThat(certificates.forHost(Optional.empty()).chain()).isNotEmpty();
            try (Accounts accounts =
                            new Accounts(
                                    held.stores(), key, java.util.List.of("site.test"), clock);
                    Mail mail = new Mail(held.stores(), clock);
                    Events events = new Events(held.stores(), clock)) {
                Account ada = accounts.add("ada", "correct horse");
                Draft draft = mail.draft();
                draft.append("x".getBytes(UTF_8), 0, 1);
                mail.deliver(draft, java.util.List.of(ada));
                events.note(Events.Kind.STARTED, "test", "", "", "", "");
                assertThat(Permissions.openToOthers(root))
                        .isEqualTo(Map.of("", "rwx--x--x", "ca.pem", "rw-r--r--"));
            }
            assertThat(Permissions.openToOthers(root))
                    .isEqualTo(Map.of("", "rwx--x--x", "ca.pem", "rw-r--r--"));
        }
        assertThat(Files.exists(root.resolve("lock"))).isTrue();
    }
}
