package org.portolan.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.portolan.admin.Rights;
import org.portolan.stores.PrivateFiles;
import org.portolan.stores.SiteFolder;
import org.portolan.stores.SshPublicKey;
import org.portolan.stores.StoreException;

/** What a new site needs before anybody can use it: an account, and a sample of the settings. */
final class FirstRun {
    static final String ACCOUNT = "admin";
    private static final String PASSWORD_FILE = "admin-password";

    /** No letters that look alike. */
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int GROUPS = 4;
    private static final int GROUP = 5; // 20 letters of 31: 99 bits

    private FirstRun() {}

    static void welcome(Site site, SiteFolder folder, PrintStream out)
            throws IOException, StoreException {
        Path sample = folder.root().resolve("portolan.sample.toml");
        byte[] text = SettingsFile.sample().getBytes(UTF_8);
        if (!Files.exists(sample) || !java.util.Arrays.equals(Files.readAllBytes(sample), text)) {
            PrivateFiles.write(sample, text);
        }
        if (!site.accounts().list().isEmpty()) {
            return;
        }
        String password = randomPassword();
        boolean watched =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        Path file = folder.root().resolve(PASSWORD_FILE);
        if (!watched) { // before the account: a crash between the two must not lock everybody out
            PrivateFiles.write(file, (password + "\n").getBytes(UTF_8));
        }
        site.accounts().add(ACCOUNT, password);
        site.accounts().addGroup(Rights.ADMINISTRATORS);
        site.accounts().join(Rights.ADMINISTRATORS, List.of(ACCOUNT));
        for (String role : List.of("postmaster", "abuse", "hostmaster")) { // RFC 2142
            site.accounts().addAlias(role, List.of(ACCOUNT));
        }
        out.println(
                watched
                        ? "First run. Account "
                                + ACCOUNT
                                + " has the password "
                                + password
                                + " (shown this once; portolan account passwd changes it)"
                        : "First run. Account " + ACCOUNT + " has the password in " + file);
        showHostKeys(site, out);
    }

    private static void showHostKeys(Site site, PrintStream out) throws IOException {
        out.println("SSH clients should be shown one of these fingerprints:");
        for (SshPublicKey key : site.hostKeys().publicKeys()) {
            out.println("  " + key.fingerprint() + " (" + key.type() + ")");
        }
    }

    private static String randomPassword() {
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < GROUPS * GROUP; i++) {
            if (i > 0 && i % GROUP == 0) {
                password.append('-');
            }
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }
}
