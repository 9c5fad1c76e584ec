package org.portolan.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.portolan.admin.Finding.Severity;
import org.portolan.kernel.Clock;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Firewall.Numbered;
import org.portolan.kernel.firewall.Rule;
import org.portolan.kernel.registry.PortRegistry;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.SiteCertificates;
import org.portolan.stores.StoreException;

/** What the site shows to whom, and whether that is wise. */
record Audit(
        Site site,
        Firewall firewall,
        Accounts accounts,
        Events events,
        SiteCertificates certificates,
        Clock clock) {
    private static final Duration SOON = Duration.ofDays(14);
    private static final Duration LONG_ENOUGH_TO_BE_USED = Duration.ofDays(1);
    private static final int MANY_GUESSES = 100;
    private static final String FIRST_PASSWORD = "admin-password";
    private static final Duration A_MONTH = Duration.ofDays(30);

    /** Who steals these has still to guess each password, at a cost for each guess. */
    private static final Set<String> STRONG_VERIFIERS =
            Set.of("argon2id", "scram-sha-256", "aes256-sha2", "aes256-sha1", "ssh-key");

    /** Switches that open something, by the last word of their key, and what that means. */
    private static final Map<String, String> RISKY =
            Map.of(
                    "trace", "whole conversations are kept below traces/",
                    "anonymous", "anybody may come in without an account",
                    "clear_text", "passwords may be sent in the clear by other hosts",
                    "uploads", "anybody may leave files here without an account");

    /** Everything, the worst first. */
    List<Finding> findings() throws IOException, StoreException {
        List<ServedDoor> doors = ServedDoor.of(site.doors());
        List<Finding> all =
                new ArrayList<>(new DoorAudit(doors, firewall, PortRegistry.read()).findings());
        boolean exposed = all.stream().anyMatch(Finding::beyondThisHost);
        ofRules(all);
        ofSettings(all, exposed);
        ofAccounts(all);
        ofCertificates(all);
        ofUse(all, doors);
        all.sort(Comparator.comparing(Finding::severity).reversed());
        return all;
    }

    // ---- the firewall

    private void ofRules(List<Finding> all) throws StoreException {
        Set<String> groups = new HashSet<>();
        accounts.groups().forEach(group -> groups.add(group.name()));
        for (Numbered each : firewall.rules()) {
            Rule rule = each.rule();
            boolean ofPeople = !each.origin().isEmpty();
            if (ofPeople && rule.admits() && rule.isAboutEverybody() && rule.isAboutEverything()) {
                add(
                        all,
                        rule.proxy() ? Severity.DANGER : Severity.WARNING,
                        "firewall",
                        rule.proxy()
                                ? "rule %d lets everybody pretend to be any client"
                                        .formatted(each.number())
                                : "rule %d opens every service to everybody, and those to come"
                                        .formatted(each.number()),
                        removal(each));
            }
            for (String group : rule.groups()) {
                if (!groups.contains(group)) {
                    add(
                            all,
                            Severity.WARNING,
                            "firewall",
                            "rule %d is for the group %s, which is not there: it is about nobody"
                                    .formatted(each.number(), group),
                            "portolan account group add " + group);
                }
            }
        }
    }

    private static String removal(Numbered each) {
        return each.origin().equals("firewall.rules")
                ? "portolan firewall remove " + each.number()
                : "take \"%s\" out of firewall.rules in portolan.toml".formatted(each.rule());
    }

    // ---- the settings

    private void ofSettings(List<Finding> all, boolean exposed) {
        Map<String, String> settings = site.settings();
        settings.forEach(
                (key, value) -> {
                    int dot = key.indexOf('.');
                    String meaning = RISKY.get(key.substring(dot + 1));
                    boolean served = !"false".equals(settings.get(section(key) + ".enabled"));
                    if (meaning != null && value.equals("true") && dot > 0 && served) {
                        Severity severity =
                                key.endsWith("clear_text") ? Severity.DANGER : Severity.WARNING;
                        add(all, severity, section(key), meaning, set(key, "false"));
                    }
                });
        if (!"false".equals(settings.get("ssh.enabled"))) {
            all.addAll(ForwardAudit.findings(settings.getOrDefault("ssh.forward", "")));
        }
        if (exposed && "\"portolan.localhost\"".equals(settings.get("name"))) {
            add(
                    all,
                    Severity.NOTICE,
                    "site",
                    "it is called portolan.localhost, which others cannot look up or trust",
                    "name = \"mail.example.org\" in portolan.toml");
        }
        if (number(settings, "lockout.per_address") > MANY_GUESSES) {
            add(
                    all,
                    Severity.WARNING,
                    "lockout",
                    "an address may guess %s passwords before it is refused"
                            .formatted(settings.get("lockout.per_address")),
                    set("lockout.per_address", "10"));
        }
        if (settings.getOrDefault("lockout.trusted", "").contains("/0\"")) {
            add(
                    all,
                    Severity.DANGER,
                    "lockout",
                    "everybody is trusted: nobody who guesses passwords is refused",
                    set("lockout.trusted", "[]"));
        }
    }

    private static String section(String key) {
        return key.substring(0, Math.max(0, key.indexOf('.')));
    }

    private static long number(Map<String, String> settings, String key) {
        String value = settings.getOrDefault(key, "0");
        return value.matches("[0-9]{1,18}") ? Long.parseLong(value) : 0;
    }

    /** {@code trace = false in [smtp] of portolan.toml}. */
    private static String set(String key, String value) {
        return "%s = %s in [%s] of portolan.toml"
                .formatted(key.substring(key.indexOf('.') + 1), value, section(key));
    }

    // ---- accounts

    private void ofAccounts(List<Finding> all) throws StoreException {
        Path first = site.authority().resolveSibling(FIRST_PASSWORD);
        if (Files.exists(first)) {
            add(
                    all,
                    Severity.WARNING,
                    "account",
                    "the first password of admin lies in a file",
                    "portolan account passwd admin, then delete " + first);
        }
        accounts.verifierKinds()
                .forEach(
                        (kind, count) -> {
                            if (!STRONG_VERIFIERS.contains(kind)) {
                                add(
                                        all,
                                        Severity.WARNING,
                                        "account",
                                        "%s: the verifier %s is as good as the password to a thief"
                                                .formatted(Words.count(count, "account"), kind),
                                        "switch off the service that needs it");
                            }
                        });
    }

    // ---- certificates

    private void ofCertificates(List<Finding> all) throws IOException {
        Instant now = clock.instant();
        for (SiteCertificates.Kept kept : certificates.kept()) {
            X509Certificate leaf = kept.chain().getFirst();
            Instant end = leaf.getNotAfter().toInstant();
            if (end.isBefore(now.plus(SOON))) {
                boolean over = end.isBefore(now);
                add(
                        all,
                        over ? Severity.DANGER : Severity.WARNING,
                        "certificate",
                        "%s %s %s".formatted(kept.name(), over ? "ended" : "ends", Words.time(end)),
                        kept.ours()
                                ? "portolan certificate renew"
                                : "portolan certificate install, with the next of " + kept.name());
            }
        }
    }

    // ---- what nobody uses

    /** Who is not there cannot be attacked; a day must have passed, to know. */
    private void ofUse(List<Finding> all, List<ServedDoor> doors) throws StoreException {
        Instant now = clock.instant();
        Duration up = Duration.between(site.startedAt(), now);
        if (up.compareTo(LONG_ENOUGH_TO_BE_USED) < 0) {
            return;
        }
        for (String service : doors.stream().map(ServedDoor::service).distinct().toList()) {
            Events.Wanted lately =
                    new Events.Wanted(Set.of(), "", service, "", "", now.minus(A_MONTH));
            if (site.visits(service) == 0 && events.latest(lately, 1).events().isEmpty()) {
                add(
                        all,
                        Severity.NOTICE,
                        service,
                        "nobody has come for " + Words.duration(up),
                        set(service + ".enabled", "false"));
            }
        }
    }

    private static void add(
            List<Finding> all, Severity severity, String about, String words, String remedy) {
        all.add(Finding.of(severity, about, words, remedy));
    }
}
