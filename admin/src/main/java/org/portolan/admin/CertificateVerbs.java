package org.portolan.admin;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Nearest;
import org.portolan.kernel.Shown;
import org.portolan.stores.SiteCertificates;
import org.portolan.stores.SiteCertificates.Kept;
import org.portolan.stores.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan certificate …}: what the site shows to prove who it is. */
final class CertificateVerbs {
    /** What an install asks the operator for; its client answers with the files it was given. */
    static final String PROMPT = "Certificate, chain and key as text: ";

    private final SiteCertificates certificates;
    private final Clock clock;
    private final Journal journal;
    private final Operator operator;

    CertificateVerbs(
            SiteCertificates certificates, Clock clock, Journal journal, Operator operator) {
        this.certificates = certificates;
        this.clock = clock;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "show",
            header = "Shows the certificates.",
            description = {
                "The site's authority, its own certificate, and those that were installed: what"
                        + " each is good for, who issued it, until when, its key, its SHA-256"
                        + " fingerprint, its file.",
                "",
                "With --json: a list of objects with name, names, issuer, begins, ends, days_left,"
                        + " key, sha256, chain, file and renews_itself."
            },
            footer = {"  portolan certificate show", "  portolan certificate show site --json"})
    int show(
            @Parameters(
                            paramLabel = "NAME",
                            arity = "0..1",
                            description = "One of them; all if left out.")
                    @Nullable String name,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, Refusal {
        List<Kept> kept = new ArrayList<>(kept());
        if (name != null) {
            List<String> known = kept.stream().map(Kept::name).toList();
            kept.removeIf(one -> !one.name().equals(name));
            if (kept.isEmpty()) {
                String near = Nearest.of(name, known);
                throw Refusal.failed(
                        "there is no certificate %s%s"
                                .formatted(
                                        name,
                                        near.isEmpty() ? "" : "; did you mean " + near + "?"));
            }
        }
        if (json) {
            operator.say(Json.page(kept.stream().map(this::entry).toList()));
            return Verbs.DONE;
        }
        List<String> pages = kept.stream().map(this::page).toList();
        operator.say(String.join("\n", pages));
        return Verbs.DONE;
    }

    private List<Kept> kept() throws Refusal {
        try {
            return certificates.kept();
        } catch (IOException e) {
            throw Refusal.failed(String.valueOf(e.getMessage()));
        }
    }

    @Command(
            name = "install",
            header = "Serves a certificate of another authority.",
            description = {
                "CERT holds the certificate and behind it those that vouch for it; KEY its private"
                        + " key, not encrypted. They are read where you are, checked (do they"
                        + " belong together, in the right order, are they good today, and for which"
                        + " names?), kept in the data directory, and served at once to whoever asks"
                        + " for one of its names. With - both come from standard input.",
                "",
                "One of the same name is replaced: that is how it is renewed. --name site takes the"
                        + " place of the site's own, which everybody else gets."
            },
            footer = {
                "  portolan certificate install fullchain.pem privkey.pem",
                "  portolan certificate install --name site fullchain.pem privkey.pem"
            })
    int install(
            @Parameters(paramLabel = "CERT", description = "A file in PEM form, or -.") String file,
            @Parameters(
                            paramLabel = "KEY",
                            arity = "0..1",
                            description = "The same; left out where CERT holds it too.")
                    @Nullable String keyFile,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = "",
                            description = "What it is called here; its first host if left out.")
                    String name)
            throws IOException, StoreException, Refusal {
        Kept kept;
        String text = operator.askSecret(PROMPT);
        try {
            kept = certificates.install(name, text);
        } catch (IOException e) {
            throw Refusal.failed("it could not be kept: " + e.getMessage());
        }
        journal.changed("certificate " + kept.name() + " installed");
        operator.say("It is served from now on.\n" + page(kept));
        warnOfNames(kept);
        return Verbs.DONE;
    }

    private void warnOfNames(Kept kept) throws IOException {
        if (kept.chain().size() == 1 && !selfIssued(kept.chain().getFirst())) {
            operator.remark(
                    "portolan: there is no chain behind it: some clients will not know who issued"
                            + " it. Authorities hand out a file with both, such as"
                            + " fullchain.pem.\n");
        }
    }

    private static boolean selfIssued(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
    }

    @Command(
            name = "renew",
            header = "Makes the site's own certificate anew.",
            description =
                    "With a new key, by the site's own authority, for the same names; served at"
                            + " once. It is done by itself thirty days before the end: this is for"
                            + " a key that somebody may have seen. Clients that trust ca.pem notice"
                            + " nothing.",
            footer = "  portolan certificate renew")
    int renew() throws IOException, StoreException, Refusal {
        Kept kept;
        try {
            kept = certificates.renew();
        } catch (IOException e) {
            throw Refusal.failed(String.valueOf(e.getMessage()));
        }
        journal.changed("the site's certificate was made anew");
        operator.say("It is served from now on.\n" + page(kept));
        return Verbs.DONE;
    }

    // ---- one of them, for people and for programs

    private String page(Kept kept) {
        X509Certificate leaf = kept.chain().getFirst();
        Instant ends = leaf.getNotAfter().toInstant();
        long days = Duration.between(clock.instant(), ends).toDays();
        StringBuilder page = new StringBuilder();
        page.append(Shown.of(kept.name())).append('\n');
        line(page, "names", String.join(", ", names(leaf)));
        line(page, "issuer", leaf.getIssuerX500Principal().getName());
        line(
                page,
                "ends",
                Words.time(ends)
                        + (days < 0 ? ", it is over" : ", in " + Words.count(days, "day"))
                        + (kept.ours() ? "; renewed by itself" : ""));
        line(page, "key", key(leaf));
        line(page, "SHA-256", fingerprint(leaf));
        line(page, "file", kept.file() + ", " + Words.count(kept.chain().size(), "certificate"));
        return page.toString();
    }

    private static void line(StringBuilder page, String what, String text) {
        page.append(String.format(Locale.ROOT, "  %-8s %s\n", what, Shown.of(text)));
    }

    private Map<String, Object> entry(Kept kept) {
        X509Certificate leaf = kept.chain().getFirst();
        Instant ends = leaf.getNotAfter().toInstant();
        return Json.entries(
                "name", kept.name(),
                "names", names(leaf),
                "issuer", leaf.getIssuerX500Principal().getName(),
                "begins", leaf.getNotBefore().toInstant().toString(),
                "ends", ends.toString(),
                "days_left", Duration.between(clock.instant(), ends).toDays(),
                "key", key(leaf),
                "sha256", fingerprint(leaf),
                "chain", kept.chain().size(),
                "file", kept.file().toString(),
                "renews_itself", kept.ours());
    }

    private static List<String> names(X509Certificate leaf) {
        try {
            var alternatives = leaf.getSubjectAlternativeNames();
            return alternatives == null
                    ? List.of()
                    : alternatives.stream().map(name -> String.valueOf(name.get(1))).toList();
        } catch (GeneralSecurityException e) {
            return List.of("unreadable: " + e.getMessage());
        }
    }

    private static String key(X509Certificate leaf) {
        return switch (leaf.getPublicKey()) {
            case RSAKey rsa -> "RSA, " + rsa.getModulus().bitLength() + " bits";
            case ECKey ec -> "EC, " + ec.getParams().getOrder().bitLength() + " bits";
            default -> leaf.getPublicKey().getAlgorithm();
        };
    }

    /** As browsers and openssl show it. */
    private static String fingerprint(X509Certificate leaf) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        } catch (GeneralSecurityException e) {
            return "unreadable: " + e.getMessage();
        }
    }
}
