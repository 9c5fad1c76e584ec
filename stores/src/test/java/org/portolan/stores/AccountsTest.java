package org.portolan.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.stores.Accounts.Alias;
import org.portolan.stores.StoreException.Kind;

/** Who there is, what they log in with, and which addresses lead to them. */
class AccountsTest {
    private static final String PASSWORD = "correct horse";
    private static final String OTHER = "battery staple";

    @TempDir Path folder;
    private final SteppedClock clock = new SteppedClock();
    private Accounts accounts;

    @BeforeEach
    void open() throws Exception {
        SiteKey key = SiteKey.in(folder.resolve("site.key"));
        accounts = new Accounts(folder, key, List.of("site.test", "localhost"), clock);
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    private void reopen() throws Exception {
        accounts.close();
        open();
    }

    private interface Verb {
        void run() throws StoreException;
    }

    private static Kind refusal(Verb verb) {
        return catchThrowableOfType(StoreException.class, verb::run).kind();
    }

    private Set<String> reached(String address) throws StoreException {
        return accounts.recipients(address).stream().map(Account::name).collect(Collectors.toSet());
    }

    // ---- logging in

    @Test
    void whatStandsBehindAPlusSignIsLeftOutIfNobodyIsCalledSo() throws Exception {
        accounts.add("plus", PASSWORD);
        accounts.add("plus+work", PASSWORD);
        assertThat(accounts.recipients("plus+lists@site.test"))
                .extracting(Account::name)
                .containsExactly("plus");
        assertThat(accounts.recipients("plus+work@site.test"))
                .extracting(Account::name)
                .containsExactly("plus+work");
        assertThat(accounts.recipients("+plus@site.test")).isEmpty();
    }

    @Test
    void anAliasLeadsToAMailbox() throws Exception {
        Account ada = accounts.add("ada", PASSWORD);
        accounts.add("bob", PASSWORD);
        accounts.addAlias("plans", List.of("ADA/Plans/2026", "bob"));
        accounts.addAlias("crew", List.of("plans", "ada"));
        assertThat(accounts.reached("crew@site.test"))
                .containsExactlyInAnyOrder(
                        new Accounts.Reached(ada, "INBOX"),
                        new Accounts.Reached(ada, "Plans/2026"),
                        new Accounts.Reached(accounts.forLogin("bob").orElseThrow(), "INBOX"));
        assertThat(accounts.reached("ada/Plans/2026@site.test")).isEmpty();
        assertThat(refusal(() -> accounts.addAlias("none", List.of("nobody/Plans"))))
                .isEqualTo(Kind.MISSING);
        assertThat(refusal(() -> accounts.addAlias("none", List.of("ada/Plans\n"))))
                .isEqualTo(Kind.REFUSED);
        accounts.remove("ada");
        assertThat(reached("plans@site.test")).containsExactly("bob");
        assertThat(accounts.aliases()).hasSize(2);
    }

    @Test
    void oneAliasHasWhatBelongsToNobodyElse() throws Exception {
        accounts.add("every", PASSWORD);
        accounts.add("own", PASSWORD);
        accounts.addAlias("*@site.test", List.of("every"));
        assertThat(accounts.recipients("whoever@site.test"))
                .extracting(Account::name)
                .containsExactly("every");
        assertThat(accounts.recipients("own@site.test"))
                .extracting(Account::name)
                .containsExactly("own");
        assertThat(refusal(() -> accounts.addAlias("*", List.of("every")))).isEqualTo(Kind.REFUSED);
    }

    @Test
    void anAccountLogsInWithItsPasswordAndNoOther() throws Exception {
        Account ada = accounts.add("Ada", PASSWORD);
        assertThat(ada.name()).isEqualTo("ada");
        for (int i = 0; i < 2; i++) { // the second time by what is remembered
            assertThat(accounts.verify("ada", PASSWORD)).contains(ada);
            assertThat(accounts.verify("ADA@Site.Test", PASSWORD)).contains(ada);
            assertThat(accounts.verify("ada@localhost", PASSWORD)).contains(ada);
            assertThat(accounts.verify("ada", OTHER)).isEmpty();
            assertThat(accounts.verify("ada", "")).isEmpty();
            assertThat(accounts.verify("ada@elsewhere.test", PASSWORD)).isEmpty();
            assertThat(accounts.verify("bob", PASSWORD)).isEmpty();
            assertThat(accounts.verify("", PASSWORD)).isEmpty();
            assertThat(accounts.verify("@", PASSWORD)).isEmpty();
            assertThat(accounts.verify("@site.test", PASSWORD)).isEmpty();
        }
        reopen();
        assertThat(accounts.verify("ada", PASSWORD)).contains(ada);
        assertThat(accounts.list()).containsExactly(ada);
    }

    @Test
    void whatAnArgon2CostsDoesNotTellWhoExists() throws Exception {
        accounts.add("ada", PASSWORD);
        for (String name : List.of("ada", "nobody", "ada@elsewhere.test", "")) {
            long before = accounts.passwords.runs();
            assertThat(accounts.verify(name, OTHER)).isEmpty();
            assertThat(accounts.passwords.runs() - before).as(name).isEqualTo(1);
        }
        accounts.verify("ada", PASSWORD);
        long before = accounts.passwords.runs();
        for (int i = 0; i < 100; i++) { // a client that looks every minute
            assertThat(accounts.verify("ada", PASSWORD)).isPresent();
        }
        assertThat(accounts.passwords.runs()).isEqualTo(before);
        clock.advance(java.time.Duration.ofMinutes(11));
        assertThat(accounts.verify("ada", PASSWORD)).isPresent();
        assertThat(accounts.passwords.runs()).isEqualTo(before + 1);
    }

    @Test
    void anOldPasswordIsForgottenAtOnce() throws Exception {
        Account ada = accounts.add("ada", PASSWORD);
        assertThat(accounts.verify("ada", PASSWORD)).contains(ada); // remembered now
        accounts.setPassword("ada", OTHER);
        assertThat(accounts.verify("ada", PASSWORD)).isEmpty();
        assertThat(accounts.verify("ada", OTHER)).contains(ada);
        assertThat(refusal(() -> accounts.setPassword("bob", OTHER))).isEqualTo(Kind.MISSING);
    }

    @Test
    void aRemovedAccountIsGoneAndItsNumberIsNotGivenAgain() throws Exception {
        Account ada = accounts.add("ada", PASSWORD);
        assertThat(accounts.verify("ada", PASSWORD)).contains(ada);
        assertThat(reached("ada@site.test")).containsExactly("ada");
        accounts.remove("ada");
        assertThat(accounts.verify("ada", PASSWORD)).isEmpty();
        assertThat(reached("ada@site.test")).isEmpty();
        assertThat(accounts.list()).isEmpty();
        assertThat(refusal(() -> accounts.remove("ada"))).isEqualTo(Kind.MISSING);
        reopen();
        Account again = accounts.add("ada", OTHER);
        assertThat(again.id()).isGreaterThan(ada.id());
        assertThat(accounts.verify("ada", PASSWORD)).isEmpty();
        assertThat(accounts.verify("ada", OTHER)).contains(again);
    }

    @Test
    void aNameIsGivenOnce() throws Exception {
        accounts.add("ada", PASSWORD);
        assertThat(refusal(() -> accounts.add("ADA", OTHER))).isEqualTo(Kind.EXISTS);
        accounts.add("jos\u00e9", PASSWORD);
        assertThat(refusal(() -> accounts.add("jose\u0301", OTHER))).isEqualTo(Kind.EXISTS);
        assertThat(accounts.verify("JOSE\u0301", PASSWORD)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".ada",
                "ada.",
                "a..b",
                "-ada",
                "a b",
                "a\tb",
                "a\0",
                "ada@",
                "@site.test",
                "ada@-\u0000",
                "a/b",
                "../ada",
                "a\"b",
                "ada@site..test",
                "0123456789012345678901234567890123456789012345678901234567890123",
            })
    void whatIsNoNameIsRefused(String name) {
        assertThat(refusal(() -> accounts.add(name, PASSWORD))).isEqualTo(Kind.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "seven77", "with\nline", "nul\0nul\0nul"})
    void whatIsNoPasswordIsRefused(String password) throws Exception {
        accounts.add("ada", PASSWORD);
        assertThat(refusal(() -> accounts.add("bob", password))).isEqualTo(Kind.REFUSED);
        assertThat(refusal(() -> accounts.setPassword("ada", password))).isEqualTo(Kind.REFUSED);
        assertThat(accounts.verify("ada", PASSWORD)).isPresent();
    }

    @Test
    void aPasswordIsTheSameHoweverItIsTyped() throws Exception {
        accounts.add("ada", "pa\u00dfw\u00f6rter");
        assertThat(accounts.verify("ada", "pa\u00dfwo\u0308rter")).isPresent();
        assertThat(accounts.verify("ada", "pa\u00dfworter")).isEmpty();
        String longest = "\u00e4".repeat(256);
        accounts.setPassword("ada", longest);
        assertThat(accounts.verify("ada", longest)).isPresent();
        assertThat(refusal(() -> accounts.setPassword("ada", longest + "x")))
                .isEqualTo(Kind.REFUSED);
    }

    @Test
    void nothingOfAPasswordCanBeReadInTheFile() throws Exception {
        accounts.add("ada", PASSWORD);
        ScramVerifier scram = accounts.scramVerifier("ada");
        close();
        byte[] file = java.nio.file.Files.readAllBytes(folder.resolve("accounts.db"));
        String text = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain(PASSWORD);
        for (byte[] secret : List.of(scram.storedKey(), scram.serverKey(), scram.salt())) {
            assertThat(text)
                    .doesNotContain(
                            new String(secret, java.nio.charset.StandardCharsets.ISO_8859_1));
        }
        open();
    }

    @Test
    void withAnotherSiteKeyNobodyLogsIn() throws Exception {
        accounts.add("ada", PASSWORD);
        close();
        java.nio.file.Files.delete(folder.resolve("site.key"));
        open();
        assertThat(refusal(() -> accounts.verify("ada", PASSWORD))).isEqualTo(Kind.BROKEN);
    }

    @Test
    void changesWhileOthersLogInLeaveNoStaleAnswers() throws Exception {
        accounts.add("ada", PASSWORD);
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> curious = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            curious.add(
                    Thread.startVirtualThread(
                            () -> {
                                while (!over.get()) {
                                    try {
                                        accounts.recipients("eve@site.test");
                                        accounts.forLogin("eve");
                                    } catch (StoreException e) {
                                        throw new AssertionError(e);
                                    }
                                }
                            }));
        }
        try {
            for (int i = 0; i < 10; i++) {
                Account eve = accounts.add("eve", PASSWORD);
                assertThat(accounts.recipients("eve@site.test")).containsExactly(eve);
                accounts.remove("eve");
                assertThat(accounts.recipients("eve@site.test")).isEmpty();
                assertThat(accounts.forLogin("eve")).isEmpty();
            }
        } finally {
            over.set(true);
            for (Thread one : curious) {
                one.join();
            }
        }
    }

    // ---- SCRAM

    @Test
    void aVerifierIsKeptForScramAndRenewedWithThePassword() throws Exception {
        accounts.add("ada", PASSWORD);
        ScramVerifier first = accounts.scramVerifier("ada");
        ScramVerifier made = Passwords.scram(PASSWORD, first.salt(), first.iterations());
        assertThat(first.storedKey()).isEqualTo(made.storedKey());
        assertThat(first.serverKey()).isEqualTo(made.serverKey());
        assertThat(first.iterations()).isGreaterThanOrEqualTo(4096); // RFC 7677 §4
        assertThat(accounts.scramVerifier("ADA@site.test").salt()).isEqualTo(first.salt());
        accounts.setPassword("ada", OTHER);
        ScramVerifier second = accounts.scramVerifier("ada");
        assertThat(second.salt()).isNotEqualTo(first.salt());
        assertThat(second.storedKey()).isNotEqualTo(first.storedKey());
    }

    @Test
    void aStrangerGetsADecoyThatLooksTheSameEachTime() throws Exception {
        accounts.add("ada", PASSWORD);
        ScramVerifier ada = accounts.scramVerifier("ada");
        ScramVerifier nobody = accounts.scramVerifier("nobody");
        assertThat(nobody.salt()).hasSameSizeAs(ada.salt());
        assertThat(nobody.iterations()).isEqualTo(ada.iterations());
        // An account has one salt by all its spellings; so must somebody who does not exist.
        for (String spelling :
                List.of("nobody", "NoBody", "nobody@site.test", "Nobody@LOCALHOST")) {
            assertThat(accounts.scramVerifier(spelling).salt()).isEqualTo(nobody.salt());
        }
        assertThat(accounts.scramVerifier("nobody2").salt()).isNotEqualTo(nobody.salt());
        reopen();
        assertThat(accounts.scramVerifier("nobody").salt()).isEqualTo(nobody.salt());
        assertThat(accounts.scramVerifier("nobody").storedKey()).isEqualTo(nobody.storedKey());
    }

    // ---- addresses

    @Test
    void anAccountReceivesAtEveryDomainOfTheSite() throws Exception {
        accounts.add("ada", PASSWORD);
        for (String address : List.of("ada@site.test", "ADA@LOCALHOST", "Ada@Site.Test", "ada")) {
            assertThat(reached(address)).as(address).containsExactly("ada");
        }
        for (String address :
                List.of("ada@elsewhere.test", "bob@site.test", "ada@", "@site.test", "", "@")) {
            assertThat(reached(address)).as(address).isEmpty();
        }
        assertThat(reached("\"ada@elsewhere.test\"@site.test")).isEmpty();
        assertThat(reached("x@ada@site.test")).isEmpty();
    }

    @Test
    void theExactAddressGoesBeforeTheLocalPart() throws Exception {
        accounts.add("info", PASSWORD);
        accounts.add("info@localhost", PASSWORD);
        accounts.add("ada", PASSWORD);
        assertThat(reached("info@site.test")).containsExactly("info");
        assertThat(reached("info@localhost")).containsExactly("info@localhost");
        accounts.addAlias("info@site.test", List.of("ada"));
        assertThat(reached("info@site.test")).containsExactly("ada");
        assertThat(reached("info")).containsExactly("info");
        assertThat(accounts.verify("info@localhost", PASSWORD).orElseThrow().name())
                .isEqualTo("info@localhost");
        accounts.removeAlias("INFO@Site.test");
        assertThat(reached("info@site.test")).containsExactly("info");
    }

    @Test
    void anAliasLeadsToSeveral() throws Exception {
        accounts.add("ada", PASSWORD);
        accounts.add("bob", PASSWORD);
        accounts.addAlias("Team", List.of("ADA", "bob@site.test"));
        assertThat(reached("team@site.test")).containsExactlyInAnyOrder("ada", "bob");
        assertThat(accounts.aliases())
                .containsExactly(new Alias("team", "ada"), new Alias("team", "bob@site.test"));
        accounts.addAlias("all", List.of("team", "ada")); // twice the same reader, one copy
        assertThat(reached("all@localhost")).containsExactlyInAnyOrder("ada", "bob");
        accounts.removeAlias("team");
        assertThat(reached("team@site.test")).isEmpty();
        assertThat(reached("all@site.test")).containsExactly("ada");
        assertThat(refusal(() -> accounts.removeAlias("team"))).isEqualTo(Kind.MISSING);
        assertThat(refusal(() -> accounts.addAlias("x", List.of("nobody"))))
                .isEqualTo(Kind.MISSING);
        assertThat(refusal(() -> accounts.addAlias("x", List.of("ada@elsewhere.test"))))
                .isEqualTo(Kind.MISSING);
        assertThat(refusal(() -> accounts.addAlias("x y", List.of("ada")))).isEqualTo(Kind.REFUSED);
    }

    @Test
    void removingAnAccountTakesItOutOfAliases() throws Exception {
        accounts.add("ada", PASSWORD);
        accounts.add("bob", PASSWORD);
        accounts.addAlias("team", List.of("ada", "bob"));
        accounts.remove("ada");
        assertThat(reached("team@site.test")).containsExactly("bob");
        accounts.add("ada", PASSWORD); // a new ada is not the old one
        assertThat(reached("team@site.test")).containsExactly("bob");
    }

    @Test
    void aLongChainOfAliasesIsFollowed() throws Exception {
        accounts.add("ada", PASSWORD);
        accounts.addAlias("step0", List.of("ada"));
        for (int i = 1; i <= 100; i++) {
            accounts.addAlias("step" + i, List.of("step" + (i - 1)));
        }
        assertThat(reached("step100@site.test")).containsExactly("ada");
    }

    @Test
    void aliasesThatGoInCirclesEnd() throws Exception {
        accounts.add("ada", PASSWORD);
        accounts.addAlias("one", List.of("ada"));
        accounts.addAlias("two", List.of("one"));
        accounts.addAlias("one", List.of("two"));
        accounts.removeAlias("one");
        accounts.addAlias("one", List.of("ada"));
        accounts.addAlias("one", List.of("two", "one"));
        assertThat(reached("one@site.test")).containsExactly("ada");
        assertThat(reached("two@site.test")).containsExactly("ada");
        // Every one of twenty leads to every other: followed once each, not in every order.
        for (int i = 0; i < 20; i++) {
            accounts.addAlias("web" + i, List.of("ada"));
        }
        for (int i = 0; i < 20; i++) {
            for (int j = 0; j < 20; j++) {
                accounts.addAlias("web" + i, List.of("web" + j));
            }
        }
        assertThat(reached("web0@site.test")).containsExactly("ada");
    }

    @Test
    void anAliasWithTheNameOfAnAccountMayKeepACopyOrNot() throws Exception {
        accounts.add("ada", PASSWORD);
        accounts.add("bob", PASSWORD);
        accounts.addAlias("bob", List.of("ada"));
        assertThat(reached("bob@site.test")).containsExactly("ada"); // all of it goes on
        accounts.addAlias("list", List.of("bob", "bob@site.test", "ada"));
        assertThat(reached("list@site.test")).containsExactly("ada");
        accounts.addAlias("bob", List.of("bob")); // and now a copy stays
        assertThat(reached("bob@site.test")).containsExactlyInAnyOrder("ada", "bob");
        assertThat(reached("list@site.test")).containsExactlyInAnyOrder("ada", "bob");
    }

    // ---- domains

    @Test
    void domainsComeAndGo() throws Exception {
        accounts.add("ada", PASSWORD);
        assertThat(accounts.domains()).containsExactly("site.test", "localhost");
        accounts.addDomain("New.Test");
        assertThat(accounts.domains()).containsExactly("site.test", "localhost", "new.test");
        assertThat(accounts.isLocal("NEW.test")).isTrue();
        assertThat(reached("ada@new.test")).containsExactly("ada");
        assertThat(refusal(() -> accounts.addDomain("new.TEST"))).isEqualTo(Kind.EXISTS);
        reopen();
        assertThat(reached("ada@new.test")).containsExactly("ada");
        accounts.removeDomain("new.test");
        assertThat(reached("ada@new.test")).isEmpty();
        assertThat(refusal(() -> accounts.removeDomain("new.test"))).isEqualTo(Kind.MISSING);
        assertThat(refusal(() -> accounts.removeDomain("site.test"))).isEqualTo(Kind.REFUSED);
        for (String wrong : List.of("", "a b", "a..b", "x".repeat(64) + ".test", "a/b", "a@b")) {
            assertThat(refusal(() -> accounts.addDomain(wrong))).as(wrong).isEqualTo(Kind.REFUSED);
        }
    }

    @Test
    void theSettingsDomainsMayChange() throws Exception {
        accounts.add("ada", PASSWORD);
        assertThat(reached("ada@localhost")).containsExactly("ada");
        accounts.configureDomains(List.of("site.test", "other.test"));
        assertThat(accounts.domains()).containsExactly("site.test", "other.test");
        assertThat(reached("ada@localhost")).isEmpty();
        assertThat(reached("ada@other.test")).containsExactly("ada");
    }

    @Test
    void aDomainInAnotherScriptIsOneDomainInBothSpellings() throws Exception {
        accounts.add("ada", PASSWORD);
        accounts.addDomain("b\u00fccher.test");
        assertThat(accounts.domains()).contains("xn--bcher-kva.test");
        accounts.add("info@B\u00dcCHER.test", PASSWORD);
        accounts.addAlias("sales@b\u00fccher.test", List.of("info@b\u00fccher.test"));
        for (String domain :
                List.of("b\u00fccher.test", "XN--BCHER-KVA.test", "bu\u0308cher.test")) {
            assertThat(accounts.isLocal(domain)).isTrue();
            assertThat(reached("ada@" + domain)).containsExactly("ada");
            assertThat(reached("info@" + domain)).containsExactly("info@xn--bcher-kva.test");
            assertThat(reached("sales@" + domain)).containsExactly("info@xn--bcher-kva.test");
            assertThat(accounts.verify("info@" + domain, PASSWORD)).isPresent();
        }
        accounts.removeAlias("sales@b\u00fccher.test");
        accounts.remove("info@b\u00fccher.test");
        accounts.removeDomain("b\u00fccher.test");
        assertThat(new HashSet<>(accounts.domains())).isEqualTo(Set.of("site.test", "localhost"));
    }

    @Test
    void strangersGuessesAreNotKept() throws Exception {
        for (int i = 0; i < 200; i++) {
            assertThat(accounts.recipients("guess" + i + "@site.test")).isEmpty();
        }
        assertThat(accounts.remembered()).isZero();
    }

    // ---- groups

    @Test
    void aGroupIsSomeAccountsUnderOneName() throws Exception {
        Account ada = accounts.add("ada", PASSWORD);
        Account bob = accounts.add("bob", PASSWORD);
        assertThat(accounts.nameOf(ada.id())).contains("ada");
        assertThat(accounts.nameOf(ada.id())).contains("ada"); // from memory
        assertThat(accounts.nameOf(Long.MAX_VALUE)).isEmpty();
        assertThat(accounts.groupsOf(ada)).isEmpty();
        assertThat(accounts.addGroup("Crew")).isEqualTo("crew");
        accounts.addGroup("boats");
        accounts.join("CREW", List.of("ADA", "ada", "bob"));
        accounts.join("crew", List.of("ada"));
        accounts.join("boats", List.of("ada"));
        assertThat(accounts.groupsOf(ada)).containsExactly("boats", "crew");
        assertThat(accounts.groupsOf(bob)).containsExactly("crew");
        accounts.leave("crew", List.of("bob", "bob"));
        assertThat(accounts.groupsOf(bob)).isEmpty();
        reopen();
        assertThat(accounts.groups())
                .containsExactly(
                        new Accounts.Group("boats", List.of("ada")),
                        new Accounts.Group("crew", List.of("ada")));
        accounts.removeGroup("boats");
        assertThat(accounts.groupsOf(ada)).containsExactly("crew");
        accounts.remove("ada");
        assertThat(accounts.groups()).containsExactly(new Accounts.Group("crew", List.of()));
        assertThat(accounts.groupsOf(ada)).isEmpty();
    }

    @Test
    void groupsThatCannotBeAreRefused() throws Exception {
        accounts.add("ada", PASSWORD);
        accounts.addGroup("crew");
        assertThat(refusal(() -> accounts.addGroup("CREW"))).isEqualTo(Kind.EXISTS);
        for (String name : List.of("", " ", "a b", "-a", "a@b", "a/b", "a,b", "x".repeat(64))) {
            assertThat(refusal(() -> accounts.addGroup(name))).as(name).isEqualTo(Kind.REFUSED);
        }
        assertThat(refusal(() -> accounts.removeGroup("boats"))).isEqualTo(Kind.MISSING);
        assertThat(refusal(() -> accounts.join("boats", List.of("ada")))).isEqualTo(Kind.MISSING);
        assertThat(refusal(() -> accounts.join("crew", List.of("ada", "bob"))))
                .isEqualTo(Kind.MISSING);
        assertThat(accounts.groups()).containsExactly(new Accounts.Group("crew", List.of()));
    }
}
