package org.portolan.stores;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a password that was right a moment ago by a keyed hash in memory: a mail client that
 * logs in every minute must not cost an Argon2 each time. The key dies with the process.
 */
final class RecentLogins {
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private record Seen(byte[] hash, Instant at) {}

    private final Map<Long, Seen> byAccount = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private final SecretKeySpec key;
    private final InstantSource clock;

    RecentLogins(InstantSource clock) {
        this.clock = clock;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
    }

    boolean knows(long account, String password) {
        @Nullable Seen seen = byAccount.get(account);
        return seen != null
                && clock.instant().isBefore(seen.at.plus(REMEMBERED))
                && MessageDigest.isEqual(seen.hash, hash(account, password));
    }

    /** To be asked before the password is checked, and handed to {@link #remember}. */
    long change() {
        return changes.get();
    }

    /** Remembers a right password, unless any password was changed while it was being checked. */
    void remember(long account, String password, long change) {
        byAccount.put(account, new Seen(hash(account, password), clock.instant()));
        if (changes.get() != change) {
            byAccount.remove(account);
        }
    }

    void forget(long account) {
        changes.incrementAndGet();
        byAccount.remove(account);
    }

    private byte[] hash(long account, String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(Long.toString(account).getBytes(UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(password.getBytes(UTF_8));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
        }
    }
}
