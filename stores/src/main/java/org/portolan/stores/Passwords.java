package org.portolan.stores;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * From a password to what is kept of it: Argon2id (RFC 9106) to check a password that was shown,
 * and SCRAM-SHA-256 keys to check one that was not.
 */
final class Passwords {
    /** OWASP's first choice: 19 MiB, two passes, one lane; about 50 ms of one core. */
    private static final int MEMORY_KIB = 19 * 1024;

    /** What a run needs beside them. */
    private static final int WORKING_BLOCKS = 16;

    private static final int PASSES = 2;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    /** RFC 7677 §4 asks for at least 4,096; clients pay for it at every log-in. */
    private static final int SCRAM_ITERATIONS = 10_000;

    /** Where nobody else waits for a turn. */
    static final ThreadFactory THREADS =
            Thread.ofPlatform().daemon().name("password-", 1).factory();

    private final SecureRandom random = new SecureRandom();

    /**
     * One at a time for every second core: a thousand log-ins at once would want nineteen
     * gigabytes, and who guesses passwords must leave half of the machine to who has logged in. On
     * threads of the system's own, which let others go first: a virtual one would keep its carrier
     * from all conversations.
     */
    private final ThreadPoolExecutor cores;

    /**
     * The memory that Argon2 fills, to be filled again: nineteen megabytes of garbage for each
     * log-in would lie about until the whole heap is collected. Held weakly, so that it goes then.
     */
    private final Deque<WeakReference<BlockPool>> idleMemory = new ConcurrentLinkedDeque<>();

    private final AtomicLong runs = new AtomicLong();

    /**
     * @param threads what checks passwords, which should let others go first
     */
    Passwords(ThreadFactory threads) {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        cores =
                new ThreadPoolExecutor(
                        count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        cores.allowCoreThreadTimeOut(true);
    }

    private static byte[] prepared(String password) {
        // SASLprep's (RFC 4013) normalisation; its prohibited characters are refused when set
        return Normalizer.normalize(password, Normalizer.Form.NFKC).getBytes(UTF_8);
    }

    /**
     * Checks that {@code password} may be one.
     *
     * @throws StoreException saying what is wrong with it
     */
    static void check(String password) throws StoreException {
        if (password.length() < 8) {
            throw refused("a password needs at least 8 characters");
        }
        if (password.length() > 256) {
            throw refused("a password may have at most 256 characters");
        }
        if (password.codePoints().anyMatch(Character::isISOControl)) {
            throw refused("a password may not contain control characters");
        }
    }

    private static StoreException refused(String why) {
        return new StoreException(StoreException.Kind.REFUSED, why);
    }

    /** How often Argon2 was asked for. */
    long runs() {
        return runs.get();
    }

    byte[] argon2(String password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] hash = argon2(password, salt, MEMORY_KIB, PASSES);
        return ByteBuffer.allocate(8 + SALT_BYTES + HASH_BYTES)
                .putInt(MEMORY_KIB)
                .putInt(PASSES)
                .put(salt)
                .put(hash)
                .array();
    }

    boolean matches(byte[] verifier, String password) {
        ByteBuffer in = ByteBuffer.wrap(verifier);
        int memory = in.getInt();
        int passes = in.getInt();
        byte[] salt = new byte[SALT_BYTES];
        byte[] hash = new byte[HASH_BYTES];
        in.get(salt).get(hash);
        return MessageDigest.isEqual(hash, argon2(password, salt, memory, passes));
    }

    /** Takes as long as a real check, so that the time does not tell which accounts exist. */
    void matchNothing(String password) {
        argon2(password, new byte[SALT_BYTES], MEMORY_KIB, PASSES);
    }

    private byte[] argon2(String password, byte[] salt, int memoryKib, int passes) {
        runs.incrementAndGet();
        Argon2Parameters.Builder parameters =
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(memoryKib)
                        .withIterations(passes)
                        .withParallelism(1)
                        .withSalt(salt);
        return CompletableFuture.supplyAsync(
                        () -> {
                            BlockPool memory = takeMemory();
                            Argon2BytesGenerator generator = new Argon2BytesGenerator();
                            generator.init(parameters.withBlockPool(memory).build());
                            byte[] hash = new byte[HASH_BYTES];
                            generator.generateBytes(prepared(password), hash);
                            idleMemory.push(new WeakReference<>(memory)); // it was wiped
                            return hash;
                        },
                        cores)
                .join();
    }

    private BlockPool takeMemory() {
        WeakReference<BlockPool> idle = idleMemory.poll();
        while (idle != null) {
            BlockPool memory = idle.get();
            if (memory != null) {
                return memory;
            }
            idle = idleMemory.poll();
        }
        return new FixedBlockPool(MEMORY_KIB + WORKING_BLOCKS);
    }

    ScramVerifier scram(String password) {
        byte[] salt = new byte[ScramVerifier.SALT_BYTES];
        random.nextBytes(salt);
        return scram(password, salt, SCRAM_ITERATIONS);
    }

    static ScramVerifier scram(String password, byte[] salt, int iterations) {
        String normal = new String(prepared(password), UTF_8);
        try {
            // SaltedPassword := Hi(Normalize(password), salt, i)   RFC 5802 §3
            byte[] salted =
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(
                                    new PBEKeySpec(normal.toCharArray(), salt, iterations, 256))
                            .getEncoded();
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
            return new ScramVerifier(salt, iterations, storedKey, hmac(salted, "Server Key"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2 or SHA-256", e);
        }
    }

    /** For a name that nobody has: looks like a verifier, the same for the same name each time. */
    static ScramVerifier decoy(SiteKey key, String name) {
        byte[] salt = key.fingerprint("scram decoy", name.getBytes(UTF_8));
        byte[] keys = key.fingerprint("scram decoy keys", name.getBytes(UTF_8));
        return new ScramVerifier(
                java.util.Arrays.copyOf(salt, ScramVerifier.SALT_BYTES),
                SCRAM_ITERATIONS,
                keys,
                keys);
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(US_ASCII));
    }
}
