package org.portolan.auth;

import java.util.List;
import java.util.Optional;
import org.portolan.stores.Accounts;
import org.portolan.wire.Ascii;

/** A mechanism that a service may offer; the strongest first. */
public enum Mechanism {
    /** As the next, and bound to the TLS session: nobody between the two can pass it on. */
    SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS", false),
    /** The password never leaves the client. */
    SCRAM_SHA_256("SCRAM-SHA-256", false),
    /** The password in one message. */
    PLAIN("PLAIN", true),
    /** The password in two prompts; for programs that know nothing better. */
    LOGIN("LOGIN", true);

    private final String word;
    private final boolean showsPassword;

    Mechanism(String word, boolean showsPassword) {
        this.word = word;
        this.showsPassword = showsPassword;
    }

    /** Its registered name. */
    public String word() {
        return word;
    }

    /**
     * Those of {@code all} that may be used.
     *
     * @param confidential without it, none shows a password
     * @param bindable without it, none binds to a TLS session
     */
    public static List<Mechanism> offered(
            List<Mechanism> all, boolean confidential, boolean bindable) {
        return all.stream()
                .filter(m -> confidential || !m.showsPassword)
                .filter(m -> bindable || m != SCRAM_SHA_256_PLUS)
                .toList();
    }

    /** The mechanism of that name, in any case. */
    public static Optional<Mechanism> named(String word) {
        for (Mechanism mechanism : values()) {
            if (Ascii.same(mechanism.word, word)) {
                return Optional.of(mechanism);
            }
        }
        return Optional.empty();
    }

    /** Begins an exchange that is bound to nothing. */
    public Sasl begin(Accounts accounts) {
        return begin(Verifiers.of(accounts), Optional.empty());
    }

    Sasl begin(Verifiers verifiers, Optional<byte[]> binding) {
        return switch (this) {
            case SCRAM_SHA_256_PLUS -> new Scram(verifiers, binding, true);
            case SCRAM_SHA_256 -> new Scram(verifiers, binding, false);
            case PLAIN -> new Plain(verifiers);
            case LOGIN -> new Login(verifiers);
        };
    }
}
