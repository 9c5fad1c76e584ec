package org.portolan.auth;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.portolan.stores.Accounts;

/** The mechanisms that a service offers, strongest first. */
public enum Mechanisms {
    /** The password never leaves the client. */
    SCRAM_SHA_256("SCRAM-SHA-256", false, Scram::new),
    /** The password in one message. */
    PLAIN("PLAIN", true, Plain::new),
    /** The password in two prompts; for programs that know nothing better. */
    LOGIN("LOGIN", true, Login::new);

    private final String word;
    private final boolean showsPassword;
    private final Function<Accounts, Sasl> begin;

    Mechanisms(String word, boolean showsPassword, Function<Accounts, Sasl> begin) {
        this.word = word;
        this.showsPassword = showsPassword;
        this.begin = begin;
    }

    /** Its registered name. */
    public String word() {
        return word;
    }

    /** Those of {@code all} that may be used; without confidentiality, none shows a password. */
    public static List<Mechanisms> offered(List<Mechanisms> all, boolean confidential) {
        return all.stream().filter(m -> confidential || !m.showsPassword).toList();
    }

    public static Optional<Mechanisms> named(String word) {
        String wanted = word.toUpperCase(Locale.ROOT);
        for (Mechanisms mechanism : values()) {
            if (mechanism.word.equals(wanted)) {
                return Optional.of(mechanism);
            }
        }
        return Optional.empty();
    }

    public Sasl begin(Accounts accounts) {
        return begin.apply(accounts);
    }
}
