package org.portolan.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.portolan.stores.Accounts;

/**
 * Slows down who guesses passwords, whatever service they try, and refuses them for a while after
 * too many guesses: by address, by network, and by account.
 *
 * <p>It counts failures in a sliding window. An account under attack from many addresses stays open
 * to those from which its owner logged in before. Loopback and trusted networks are slowed, never
 * refused. Where an address can be forged (UDP) its failures count against the account alone. The
 * same wrong password from the same address counts once: a forgotten telephone does not lock its
 * owner out.
 *
 * <p>All is in memory, and bounded: who was not heard of for the longest time is forgotten first.
 */
public final class LoginGuard {
    private static final int MOST_REMEMBERED = 50_000;
    private static final int LONGEST_NAME = 255;
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(8);
    private static final int FREE_FAILURES = 2; // people mistype
    private static final Duration LONGEST_REFUSAL = Duration.ofDays(1);
    private static final Duration KNOWN_FOR = Duration.ofDays(30);

    /**
     * How much is too much.
     *
     * @param window in which failures are counted
     * @param perAddress failures of one address (IPv6: of one /64) before it is refused
     * @param perNetwork of one IPv4 /24 or IPv6 /48
     * @param perAccount of all addresses together, before new ones are refused
     * @param delay before the answer to the third failure; it doubles with each, up to 8 s
     * @param refusal how long, the first time; it doubles each time within a day
     * @param trusted who is never refused, beside loopback
     */
    public record Limits(
            Duration window,
            int perAddress,
            int perNetwork,
            int perAccount,
            Duration delay,
            Duration refusal,
            Predicate<InetAddress> trusted) {}

    /**
     * Somebody who is refused.
     *
     * @param who an address, a network or an account
     * @param until when
     * @param failures that led to it
     */
    public record Refused(String who, Instant until, int failures) {}

    /** Told of every refusal that begins. */
    public interface Watcher {
        /** {@code who} is refused from now on; {@code service} saw the last failure. */
        void refused(Refused refused, String service);
    }

    private final InstantSource clock;
    private final Watcher watcher;
    private final Mac mac;
    private final Map<Subject, History> histories = forgetful();
    private final Map<String, Instant> known = forgetful(); // address and account
    private volatile Limits limits;

    public LoginGuard(Limits limits, InstantSource clock, Watcher watcher) {
        this.limits = limits;
        this.clock = clock;
        this.watcher = watcher;
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }

    private static <K, V> Map<K, V> forgetful() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST_REMEMBERED;
            }
        };
    }

    /** Takes other limits from now on. */
    public void configure(Limits changed) {
        limits = changed;
    }

    /** Whose failures are counted. A login that looks like an address must not count as one. */
    private record Subject(Kind kind, String name) {
        enum Kind {
            ADDRESS,
            NETWORK,
            ACCOUNT
        }
    }

    /** What one address, network or account did. Guarded by the guard. */
    private static final class History {
        private final List<Instant> failures = new ArrayList<>();
        private final List<Long> passwords = new ArrayList<>(); // keyed hashes
        private Instant refusedUntil = Instant.MIN;
        private int refusals;
        private int failuresThen;

        private void forgetBefore(Instant begin) {
            failures.removeIf(at -> at.isBefore(begin));
            if (failures.isEmpty()) {
                passwords.clear();
            }
        }
    }

    /** Begins to watch one log-in. */
    public Attempt attempt(Accounts accounts, InetAddress from, boolean forgeable, String service) {
        return attempt(Verifiers.of(accounts), from, forgeable, service);
    }

    Attempt attempt(Verifiers verifiers, InetAddress from, boolean forgeable, String service) {
        return new Attempt(this, verifiers, from, forgeable, service);
    }

    /** Until when {@code from} is refused; empty for who may try. */
    synchronized Optional<Instant> refused(InetAddress from) {
        return neverRefused(from)
                ? Optional.empty()
                : refused(address(from)).or(() -> refused(network(from)));
    }

    /** Until when {@code account} is refused to {@code from}. */
    synchronized Optional<Instant> refused(String account, InetAddress from) {
        Instant seen = known.get(acquaintance(account, from));
        boolean acquainted = seen != null && seen.plus(KNOWN_FOR).isAfter(clock.instant());
        return neverRefused(from) || acquainted ? Optional.empty() : refused(account(account));
    }

    private Optional<Instant> refused(Subject who) {
        History history = histories.get(who);
        return history != null && history.refusedUntil.isAfter(clock.instant())
                ? Optional.of(history.refusedUntil)
                : Optional.empty();
    }

    private boolean neverRefused(InetAddress from) {
        return from.isLoopbackAddress() || limits.trusted().test(from);
    }

    /**
     * Counts a failure.
     *
     * @param password what was shown, where one was
     */
    synchronized void failed(
            InetAddress from,
            boolean forgeable,
            String account,
            Optional<String> password,
            String service) {
        if (password.isPresent() && triedBefore(from, account, password.get())) {
            return;
        }
        if (!forgeable) {
            count(address(from), limits.perAddress(), service, neverRefused(from));
            count(network(from), limits.perNetwork(), service, neverRefused(from));
        }
        if (!account.isEmpty()) {
            count(account(account), limits.perAccount(), service, false);
        }
    }

    private boolean triedBefore(InetAddress from, String account, String password) {
        History history = histories.computeIfAbsent(address(from), who -> new History());
        history.forgetBefore(clock.instant().minus(limits.window()));
        String shown = account(account).name() + '\0' + password;
        byte[] hash = mac.doFinal(shown.getBytes(UTF_8));
        long mark = ByteBuffer.wrap(hash).getLong();
        if (history.passwords.contains(mark)) {
            return true;
        }
        if (history.passwords.size() < limits.perAddress()) {
            history.passwords.add(mark);
        }
        return false;
    }

    private void count(Subject who, int most, String service, boolean never) {
        Instant now = clock.instant();
        History history = histories.computeIfAbsent(who, w -> new History());
        history.forgetBefore(now.minus(limits.window()));
        if (history.failures.size() < most) {
            history.failures.add(now);
        }
        if (history.failures.size() < most || never || history.refusedUntil.isAfter(now)) {
            return;
        }
        boolean again = history.refusedUntil.plus(LONGEST_REFUSAL).isAfter(now);
        history.refusals = again ? history.refusals + 1 : 1;
        history.failuresThen = history.failures.size();
        Duration refusal = limits.refusal().multipliedBy(1L << Math.min(history.refusals - 1, 10));
        history.refusedUntil =
                now.plus(refusal.compareTo(LONGEST_REFUSAL) < 0 ? refusal : LONGEST_REFUSAL);
        history.failures.clear();
        watcher.refused(refused(who, history), service);
    }

    private static Refused refused(Subject who, History history) {
        return new Refused(who.name(), history.refusedUntil, history.failuresThen);
    }

    /** How long the answer to {@code from}'s latest failure is to wait. */
    synchronized Duration delay(InetAddress from) {
        History history = histories.get(address(from));
        int failures = history == null ? 0 : history.failures.size();
        if (failures <= FREE_FAILURES) {
            return Duration.ZERO;
        }
        Duration delay =
                limits.delay().multipliedBy(1L << Math.min(failures - FREE_FAILURES - 1, 8));
        return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
    }

    /** Remembers that {@code account}'s owner is at {@code from}, and forgives that address. */
    synchronized void succeeded(InetAddress from, boolean forgeable, String account) {
        if (!forgeable) {
            known.put(acquaintance(account, from), clock.instant());
            History history = histories.get(address(from));
            if (history != null) {
                history.failures.clear();
                history.passwords.clear();
            }
        }
    }

    /** Everybody who is refused now. */
    public synchronized List<Refused> refused() {
        Instant now = clock.instant();
        return histories.entrySet().stream()
                .filter(entry -> entry.getValue().refusedUntil.isAfter(now))
                .map(entry -> refused(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Lets {@code who}, as {@link Refused#who} says it, try again; false if it may already. */
    public synchronized boolean lift(String who) {
        Instant now = clock.instant();
        String name = who.toLowerCase(Locale.ROOT);
        return histories
                .entrySet()
                .removeIf(
                        entry ->
                                entry.getKey().name().equals(name)
                                        && entry.getValue().refusedUntil.isAfter(now));
    }

    /** Nobody's name is as long as a line may be; what is remembered of a stranger is short. */
    private static Subject account(String login) {
        String kept = login.substring(0, Math.min(login.length(), LONGEST_NAME));
        return new Subject(Subject.Kind.ACCOUNT, kept.toLowerCase(Locale.ROOT));
    }

    private static String acquaintance(String account, InetAddress from) {
        return address(from).name() + ' ' + account(account).name();
    }

    /** Who has one IPv6 address has a /64. */
    private static Subject address(InetAddress from) {
        String name = from.getAddress().length == 4 ? from.getHostAddress() : cut(from, 64);
        return new Subject(Subject.Kind.ADDRESS, name);
    }

    private static Subject network(InetAddress from) {
        return new Subject(
                Subject.Kind.NETWORK, cut(from, from.getAddress().length == 4 ? 24 : 48));
    }

    private static String cut(InetAddress from, int prefix) {
        byte[] bytes = from.getAddress();
        Arrays.fill(bytes, prefix / 8, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + prefix;
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible); // the length came from an address
        }
    }
}
