package org.portolan.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.portolan.auth.LoginGuard.Limits;
import org.portolan.auth.LoginGuard.Refused;
import org.portolan.stores.Account;
import org.portolan.stores.ScramVerifier;

/** Who guesses is slowed and refused, and the owner still gets in. */
class LoginGuardTest {
    private static final InetAddress STRANGER = InetAddress.ofLiteral("192.0.2.7");
    private static final InetAddress HOME = InetAddress.ofLiteral("198.51.100.1");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-11-21T09:00:00Z"));
    private final List<Refused> noted = new ArrayList<>();
    private final InstantSource clock = now::get;
    private final LoginGuard guard =
            new LoginGuard(
                    new Limits(
                            Duration.ofMinutes(15),
                            5,
                            12,
                            20,
                            Duration.ofMillis(250),
                            Duration.ofMinutes(10),
                            from -> from.getHostAddress().startsWith("10.")),
                    clock,
                    (refused, service) -> noted.add(refused));

    private int compared;

    /** Knows ada, whose password is right. */
    private final Verifiers people =
            new Verifiers() {
                @Override
                public Optional<Account> verify(String login, String password) {
                    compared++;
                    return password.equals("right") ? forLogin(login) : Optional.empty();
                }

                @Override
                public Optional<Account> forLogin(String login) {
                    return login.startsWith("ada")
                            ? Optional.of(new Account(1, "ada"))
                            : Optional.empty();
                }

                @Override
                public ScramVerifier scramVerifier(String login) {
                    throw new AssertionError("nobody asked for it");
                }
            };

    private void pass(Duration time) {
        now.updateAndGet(at -> at.plus(time));
    }

    /** A log-in; what it came to is {@code in}, {@code failed} or {@code refused}. */
    private String logIn(InetAddress from, String login, String password) throws Exception {
        return logIn(from, false, login, password);
    }

    private String logIn(InetAddress from, boolean forgeable, String login, String password)
            throws Exception {
        Attempt attempt = guard.attempt(people, from, forgeable, "smtp");
        if (attempt.refused().isPresent()) {
            return "refused";
        }
        Optional<Account> account = attempt.verify(login, password);
        if (account.isPresent()) {
            attempt.succeeded(account.get());
            return "in";
        }
        boolean refused = attempt.refused().isPresent();
        attempt.failed(login);
        return refused ? "refused" : "failed";
    }

    private void guess(InetAddress from, String login, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertThat(logIn(from, login, "guess " + compared)).isEqualTo("failed");
        }
    }

    @Test
    void anAddressIsRefusedAfterSoManyFailuresAndComparedNoMore() throws Exception {
        guess(STRANGER, "ada", 5);
        assertThat(logIn(STRANGER, "ada", "right")).isEqualTo("refused");
        assertThat(compared).isEqualTo(5);
        assertThat(logIn(HOME, "ada", "right")).isEqualTo("in");
        assertThat(noted)
                .containsExactly(
                        new Refused("192.0.2.7", now.get().plus(Duration.ofMinutes(10)), 5));
        pass(Duration.ofMinutes(10));
        assertThat(logIn(STRANGER, "ada", "right")).isEqualTo("in");
    }

    @Test
    void itIsRefusedTwiceAsLongTheNextTime() throws Exception {
        guess(STRANGER, "ada", 5);
        pass(Duration.ofMinutes(10));
        guess(STRANGER, "ada", 5);
        assertThat(noted.getLast().until()).isEqualTo(now.get().plus(Duration.ofMinutes(20)));
        pass(Duration.ofDays(2));
        guess(STRANGER, "ada", 5);
        assertThat(noted.getLast().until()).isEqualTo(now.get().plus(Duration.ofMinutes(10)));
    }

    @Test
    void theWindowSlides() throws Exception {
        guess(STRANGER, "ada", 4);
        pass(Duration.ofMinutes(16));
        guess(STRANGER, "ada", 4);
        pass(Duration.ofMinutes(14));
        assertThat(logIn(STRANGER, "ada", "one more")).isEqualTo("failed");
        assertThat(logIn(STRANGER, "ada", "right")).isEqualTo("refused");
    }

    @Test
    void aSuccessForgivesItsAddress() throws Exception {
        guess(STRANGER, "ada", 4);
        assertThat(logIn(STRANGER, "ada", "right")).isEqualTo("in");
        guess(STRANGER, "ada", 4);
    }

    @Test
    void aNetworkIsRefusedWhoseAddressesTakeTurns() throws Exception {
        for (int host = 1; host <= 3; host++) {
            guess(InetAddress.ofLiteral("192.0.2." + host), "nobody" + host, 4);
        }
        assertThat(logIn(InetAddress.ofLiteral("192.0.2.200"), "ada", "right"))
                .isEqualTo("refused");
        assertThat(logIn(InetAddress.ofLiteral("192.0.3.1"), "ada", "right")).isEqualTo("in");
        assertThat(guard.refused()).extracting(Refused::who).containsExactly("192.0.2.0/24");
    }

    @Test
    void allOfAnIpv6NetworkIsOneAddress() throws Exception {
        for (int host = 1; host <= 5; host++) {
            guess(InetAddress.ofLiteral("2001:db8:1:2::" + host), "ada", 1);
        }
        assertThat(logIn(InetAddress.ofLiteral("2001:db8:1:2::99"), "ada", "right"))
                .isEqualTo("refused");
        assertThat(logIn(InetAddress.ofLiteral("2001:db8:1:3::1"), "ada", "right")).isEqualTo("in");
    }

    @Test
    void anAccountUnderAttackStaysOpenToWhereItsOwnerWasBefore() throws Exception {
        assertThat(logIn(HOME, "ada", "right")).isEqualTo("in");
        for (int network = 0; network < 20; network++) {
            guess(InetAddress.ofLiteral("203.0." + network + ".1"), "ada@portolan.example", 1);
        }
        assertThat(logIn(STRANGER, "ADA".toLowerCase(), "right")).isEqualTo("refused");
        assertThat(logIn(HOME, "ada", "right")).isEqualTo("in");
        assertThat(guard.refused()).extracting(Refused::who).containsExactly("ada");
        assertThat(guard.lift("Ada")).isTrue();
        assertThat(guard.lift("ada")).isFalse();
        assertThat(logIn(STRANGER, "ada", "right")).isEqualTo("in");
    }

    @Test
    void theSameWrongPasswordCountsOnce() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(logIn(HOME, "ada", "the old one")).isEqualTo("failed");
        }
        assertThat(logIn(HOME, "ada", "right")).isEqualTo("in");
        assertThat(noted).isEmpty();
    }

    @Test
    void loopbackAndTrustedNetworksAreSlowedAndNeverRefused() throws Exception {
        for (InetAddress from : List.of(LOOPBACK, InetAddress.ofLiteral("10.1.2.3"))) {
            assertThat(guard.delay(from)).isZero();
            guess(from, "nobody", 2);
            assertThat(guard.delay(from)).isZero();
            guess(from, "nobody", 1);
            assertThat(guard.delay(from)).isEqualTo(Duration.ofMillis(250));
            guess(from, "nobody", 1);
            assertThat(guard.delay(from)).isEqualTo(Duration.ofMillis(500));
            guess(from, "nobody", 100);
            assertThat(guard.delay(from)).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(8));
            assertThat(logIn(from, "ada", "right")).isEqualTo("in");
        }
    }

    @Test
    void aForgedAddressIsNeverRefused() throws Exception {
        for (int i = 0; i < 19; i++) {
            assertThat(logIn(STRANGER, true, "ada", "guess " + i)).isEqualTo("failed");
        }
        assertThat(logIn(STRANGER, false, "ada", "right")).isEqualTo("in");
        assertThat(logIn(InetAddress.ofLiteral("203.0.113.9"), true, "ada", "last"))
                .isEqualTo("failed");
        assertThat(guard.refused()).extracting(Refused::who).containsExactly("ada");
    }

    @Test
    void aLoginThatIsAnAddressDoesNotShutThatAddressOut() throws Exception {
        guess(HOME, "ada", 1);
        for (int attacker = 0; attacker < 5; attacker++) {
            InetAddress from = InetAddress.ofLiteral("203.0." + attacker + ".1");
            guess(from, "198.51.100.1", 3);
            guess(from, "198.51.100.0/24", 1);
        }
        guess(HOME, "ada", 1);
        assertThat(logIn(HOME, "ada", "right")).isEqualTo("in");
        assertThat(guard.refused()).isEmpty();
    }

    @Test
    void aLongNameOfNobodyIsOneAsFarAsItIsRemembered() throws Exception {
        for (int network = 0; network < 20; network++) {
            InetAddress from = InetAddress.ofLiteral("203.0." + network + ".1");
            guess(from, "n".repeat(255) + network, 1);
        }
        assertThat(guard.refused()).extracting(Refused::who).containsExactly("n".repeat(255));
    }

    @Test
    void aFloodOfAddressesIsForgottenInItsOrder() throws Exception {
        guess(STRANGER, "nobody", 5);
        for (int i = 0; i < 60_000; i++) {
            InetAddress from =
                    InetAddress.ofLiteral(
                            "%d.%d.%d.1".formatted(11 + i / 65536, i >> 8 & 255, i & 255));
            guard.failed(from, false, "", Optional.empty(), "smtp");
        }
        assertThat(logIn(STRANGER, "ada", "right"))
                .as("forgotten, not kept for ever")
                .isEqualTo("in");
    }
}
