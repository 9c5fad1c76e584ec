package org.portolan.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords for one program each: how they are typed, what they open, and when no longer. */
class AppPasswordsTest {
    private static final String OWN = "correct horse";

    @TempDir Path folder;
    private final SteppedClock clock = new SteppedClock();
    private Accounts accounts;
    private Account ada;

    @BeforeEach
    void open() throws Exception {
        SiteKey key = SiteKey.in(folder.resolve("site.key"));
        accounts = new Accounts(folder, key, List.of("site.test"), clock);
        ada =
                accounts.list().isEmpty()
                        ? accounts.add("ada", OWN)
                        : accounts.forLogin("ada").orElseThrow();
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    private String add(String label, String... services) throws StoreException {
        return accounts.appPasswords().add(ada, label, List.of(services));
    }

    private Optional<String> shown(String password, String service) throws StoreException {
        return accounts.appPassword("ada", password, service);
    }

    private AppPasswords.Entry only() throws StoreException {
        assertThat(accounts.appPasswords().list(ada)).hasSize(1);
        return accounts.appPasswords().list(ada).getFirst();
    }

    @Test
    void oneIsMadeOfTwentyCharactersThatAreToldApart() throws Exception {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            String password = add("program " + i);
            assertThat(password).matches("([a-km-np-z2-9]{4}-){4}[a-km-np-z2-9]{4}");
            all.add(password);
        }
        assertThat(all).hasSize(20);
    }

    @Test
    void howItIsTypedDoesNotMatter() throws Exception {
        String password = add("telephone");
        String plain = password.replace("-", "");
        for (String typed :
                List.of(
                        password,
                        plain,
                        plain.toUpperCase(Locale.ROOT),
                        password.replace('-', ' '),
                        password.replace('-', '\u2013'),
                        " " + password.replace('-', '\u00a0') + " ")) {
            assertThat(shown(typed, "imap")).as(typed).contains("telephone");
            assertThat(accounts.appPassword("ADA@site.test", typed, "imap")).contains("telephone");
        }
        for (String other : List.of(plain.substring(1), plain + "a", "", "-", plain + plain)) {
            assertThat(shown(other, "imap")).as(other).isEmpty();
        }
        String turned = plain.substring(1) + plain.charAt(0);
        assertThat(turned.equals(plain) ? Optional.empty() : shown(turned, "imap")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"aaaaaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaaaaal", "\u0130aaaaaaaaaaaaaaaaaaa"})
    void whatItCannotBeIsNotLookedFor(String text) {
        assertThat(AppPasswords.plain(text)).isEmpty();
    }

    @Test
    void itOpensMailAndFilesAndNeverAConsole() throws Exception {
        String all = add("all");
        for (String service : List.of("smtp", "imap", "pop3", "ftp")) {
            assertThat(shown(all, service)).as(service).contains("all");
        }
        for (String service : List.of("ssh", "telnet", "admin", "", "IMAP", "unheard-of")) {
            assertThat(shown(all, service)).as(service).isEmpty();
        }
    }

    @Test
    void oneOfSomeServicesOpensNoOther() throws Exception {
        String mail = add("mail", "smtp", "imap", "smtp");
        assertThat(shown(mail, "imap")).contains("mail");
        assertThat(shown(mail, "smtp")).contains("mail");
        assertThat(shown(mail, "pop3")).isEmpty();
        assertThat(shown(mail, "ftp")).isEmpty();
        assertThat(only().services()).containsExactly("imap", "smtp");
    }

    @Test
    void itBelongsToOneAccount() throws Exception {
        accounts.add("bob", OWN);
        String password = add("telephone");
        for (String login : List.of("bob", "nobody", "", "ada@elsewhere.test")) {
            assertThat(accounts.appPassword(login, password, "imap")).as(login).isEmpty();
        }
    }

    @Test
    void aRemovedOneIsNotRecognisedAnyMore() throws Exception {
        String password = add("telephone");
        String other = add("tablet");
        assertThat(shown(password, "imap")).isPresent();
        accounts.appPasswords().remove(ada, " telephone ");
        assertThat(shown(password, "imap")).isEmpty();
        assertThat(accounts.verify("ada", password)).isEmpty();
        assertThat(shown(other, "imap")).isPresent();
        assertThatThrownBy(() -> accounts.appPasswords().remove(ada, "telephone"))
                .hasMessageContaining("ada has no app password telephone");
        assertThat(add("telephone")).isNotEqualTo(password);
        assertThat(shown(password, "imap")).isEmpty();
    }

    @Test
    void aNewPasswordOfTheAccountLeavesThemAndItsRemovalDoesNot() throws Exception {
        String password = add("telephone");
        accounts.setPassword("ada", "battery staple");
        assertThat(shown(password, "imap")).isPresent();
        accounts.remove("ada");
        assertThat(shown(password, "imap")).isEmpty();
        Account again = accounts.add("ada", OWN);
        assertThat(accounts.appPasswords().list(again)).isEmpty();
        assertThat(shown(password, "imap")).isEmpty();
    }

    @Test
    void itsUseIsNotedOnceADayAndCostsNoArgon2() throws Exception {
        String password = add("telephone");
        assertThat(only().used()).isEmpty();
        assertThat(only().created()).isEqualTo(SteppedClock.START);
        LocalDate today = LocalDate.ofInstant(SteppedClock.START, ZoneOffset.UTC);
        long runs = accounts.passwords.runs();
        for (int i = 0; i < 10; i++) {
            assertThat(shown(password, "imap")).isPresent();
            assertThat(only().used()).contains(today);
        }
        assertThat(accounts.passwords.runs()).isEqualTo(runs);
        clock.advance(Duration.ofDays(1));
        assertThat(shown(password, "pop3")).isPresent();
        assertThat(only().used()).contains(today.plusDays(1));
        reopen();
        assertThat(shown(password, "imap")).isPresent();
    }

    private void reopen() throws Exception {
        close();
        open();
    }

    @Test
    void aLabelNamesOneOfThem() throws Exception {
        add(" Ada's telephone ");
        assertThat(only().label()).isEqualTo("Ada's telephone");
        assertThatThrownBy(() -> add("Ada's telephone"))
                .hasMessageContaining("has an app password Ada's telephone already");
        for (String wrong : List.of("", "  ", "a\nb", "a\u001b[2Jb", "x".repeat(65))) {
            assertThatThrownBy(() -> add(wrong)).as(wrong).isInstanceOf(StoreException.class);
        }
        assertThatThrownBy(() -> add("console", "imap", "ssh"))
                .hasMessage("app passwords open ftp, imap, pop3, smtp, but not ssh");
        assertThat(only().services()).isEmpty();
    }

    @Test
    void thereIsAnEndToThem() throws Exception {
        for (int i = 0; i < 100; i++) {
            add("program " + i);
        }
        assertThatThrownBy(() -> add("one more")).hasMessageContaining("100 app passwords");
        accounts.appPasswords().remove(ada, "program 7");
        assertThat(add("one more")).isNotEmpty();
    }

    @Test
    void nothingOfItCanBeReadInTheFileNorWithAnotherKey() throws Exception {
        String password = add("telephone");
        close();
        byte[] file = Files.readAllBytes(folder.resolve("accounts.db"));
        String text = new String(file, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("telephone").doesNotContain(password, password.replace("-", ""));
        Files.delete(folder.resolve("site.key"));
        open();
        assertThat(shown(password, "imap")).isEmpty();
    }
}
