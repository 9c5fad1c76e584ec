package org.portolan.mail.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Network;
import org.portolan.mail.Names;
import org.portolan.mail.Names.Answer;
import org.portolan.mail.spf.SpfRecord.Directive;
import org.portolan.mail.spf.SpfRecord.Mechanism;

/** One check, with what it has used up of its limits (RFC 7208 §4.6.4). */
final class SpfCheck {
    private static final int MOST_TERMS = 10;
    private static final int MOST_VOID = 2;
    private static final int MOST_EXCHANGERS = 10;
    private static final int MOST_POINTERS = 10;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int LONGEST_EXPLANATION = 400;

    /** Ends a check at once, however deep it is. */
    private static final class Ended extends Exception {
        final SpfResult result;

        Ended(SpfResult result, String why) {
            super(why);
            this.result = result;
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /** What one record says; the explanation is that of the record whose directive matched. */
    private record Verdict(SpfResult result, String why, Optional<SpfMacros> exp, String domain) {}

    private final Names names;
    private final String receiver;
    private final Clock clock;
    private final SpfQuestion question;
    private final InetAddress client;
    private final long end;
    private int terms;
    private int voids;
    private @Nullable String clientsName;

    SpfCheck(Names names, String receiver, Clock clock, SpfQuestion question) {
        this.names = names;
        this.receiver = receiver;
        this.clock = clock;
        this.question = question;
        this.client = question.client();
        this.end = clock.nanos() + MOST_NANOS;
    }

    SpfAnswer run() {
        String domain = question.domain();
        try {
            Verdict verdict = checkHost(domain, true);
            String explanation =
                    verdict.result == SpfResult.FAIL
                            ? verdict.exp.map(exp -> explain(exp, verdict.domain)).orElse("")
                            : "";
            return new SpfAnswer(verdict.result, domain, verdict.why, explanation);
        } catch (Ended e) {
            return new SpfAnswer(e.result, domain, e.why(), "");
        }
    }

    /** The check_host() of RFC 7208 §4. */
    private Verdict checkHost(String domain, boolean outermost) throws Ended {
        if (!isDomain(domain)) {
            return new Verdict(SpfResult.NONE, "no domain to ask", Optional.empty(), domain);
        }
        Optional<SpfRecord> found = record(domain);
        if (found.isEmpty()) {
            return new Verdict(SpfResult.NONE, "no record", Optional.empty(), domain);
        }
        SpfRecord record = found.get();
        for (Directive directive : record.directives()) {
            if (matches(directive.mechanism(), domain)) {
                String why = SpfRecord.shown(directive.text());
                return new Verdict(directive.result(), why, record.explanation(), domain);
            }
        }
        if (record.redirect().isEmpty()) {
            return new Verdict(SpfResult.NEUTRAL, "nothing matches", Optional.empty(), domain);
        }
        countTerm();
        String target = expanded(record.redirect().get(), domain);
        Verdict verdict = checkHost(target, outermost);
        if (verdict.result == SpfResult.NONE) { // RFC 7208 §6.1
            throw new Ended(SpfResult.PERMERROR, "redirected to nothing");
        }
        return verdict;
    }

    /** RFC 7208 §4.3: labels of 1 to 63 bytes, at least two of them. */
    private static boolean isDomain(String domain) {
        String[] labels = domain.replaceFirst("\\.$", "").split("\\.", -1);
        if (labels.length < 2 || domain.length() > 254 || domain.startsWith("[")) {
            return false;
        }
        for (String label : labels) {
            if (label.isEmpty() || label.length() > 63) {
                return false;
            }
        }
        return true;
    }

    /** RFC 7208 §4.4, §4.5. */
    private Optional<SpfRecord> record(String domain) throws Ended {
        Answer<String> texts = inTime(names.texts(domain), true);
        List<String> records = texts.records().stream().filter(SpfRecord::isOne).toList();
        if (records.size() > 1) {
            throw new Ended(SpfResult.PERMERROR, "there is more than one record");
        }
        if (records.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SpfRecord.parse(records.getFirst()));
        } catch (SpfRecord.Malformed e) {
            throw new Ended(SpfResult.PERMERROR, String.valueOf(e.getMessage()));
        }
    }

    private boolean matches(Mechanism mechanism, String domain) throws Ended {
        return switch (mechanism) {
            case Mechanism.All _ -> true;
            case Mechanism.Include include -> includes(include, domain);
            case Mechanism.Addresses a -> {
                countTerm();
                String host = target(a.domain(), domain);
                yield contains(addresses(host), a.prefix4(), a.prefix6());
            }
            case Mechanism.Exchangers mx -> exchangers(mx, domain);
            case Mechanism.Pointers ptr -> {
                countTerm();
                yield pointers(target(ptr.domain(), domain));
            }
            case Mechanism.Network network ->
                    new Network(network.base(), network.prefix()).contains(client);
            case Mechanism.Exists exists -> {
                countTerm();
                String name = expanded(exists.domain(), domain);
                yield !counted(names.ipv4(name)).records().isEmpty(); // A, whatever the client has
            }
        };
    }

    /** RFC 7208 §5.2. */
    private boolean includes(Mechanism.Include include, String domain) throws Ended {
        countTerm();
        Verdict verdict = checkHost(expanded(include.domain(), domain), false);
        return switch (verdict.result) {
            case PASS -> true;
            case FAIL, SOFTFAIL, NEUTRAL -> false;
            case NONE -> throw new Ended(SpfResult.PERMERROR, "includes what is not there");
            case TEMPERROR, PERMERROR -> throw new Ended(verdict.result, verdict.why);
        };
    }

    /** RFC 7208 §5.4. */
    private boolean exchangers(Mechanism.Exchangers mx, String domain) throws Ended {
        countTerm();
        List<Names.Exchanger> found =
                counted(names.exchangers(target(mx.domain(), domain))).records();
        if (found.size() > MOST_EXCHANGERS) {
            throw new Ended(SpfResult.PERMERROR, "more than 10 mail exchangers");
        }
        for (Names.Exchanger exchanger : found) {
            boolean takesMail = !exchanger.host().isEmpty();
            if (takesMail && contains(addresses(exchanger.host()), mx.prefix4(), mx.prefix6())) {
                return true;
            }
        }
        return false;
    }

    /** RFC 7208 §5.5. */
    private boolean pointers(String domain) throws Ended {
        String wanted = domain.toLowerCase(Locale.ROOT);
        for (String name : validatedNames()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals(wanted) || lower.endsWith("." + wanted)) {
                return true;
            }
        }
        return false;
    }

    /** The names of the client's address that lead back to it; what fails is left out. */
    private List<String> validatedNames() throws Ended {
        List<String> validated = new ArrayList<>();
        Answer<String> pointers = inTime(names.pointers(client), false);
        countVoid(pointers);
        for (String name : pointers.records().stream().limit(MOST_POINTERS).toList()) {
            if (inTime(askAddresses(name), false).records().contains(client)) {
                validated.add(name);
            }
        }
        return validated;
    }

    private Answer<InetAddress> askAddresses(String host) {
        return client instanceof Inet4Address ? names.ipv4(host) : names.ipv6(host);
    }

    private List<InetAddress> addresses(String host) throws Ended {
        return counted(askAddresses(host)).records();
    }

    private boolean contains(List<InetAddress> addresses, int prefix4, int prefix6) {
        int prefix = client instanceof Inet4Address ? prefix4 : prefix6;
        return addresses.stream().anyMatch(base -> new Network(base, prefix).contains(client));
    }

    // ---- limits, RFC 7208 §4.6.4

    private void countTerm() throws Ended {
        if (++terms > MOST_TERMS) {
            throw new Ended(SpfResult.PERMERROR, "more than 10 terms that need look-ups");
        }
    }

    private <T> Answer<T> counted(Answer<T> answer) throws Ended {
        inTime(answer, true);
        countVoid(answer);
        return answer;
    }

    private void countVoid(Answer<?> answer) throws Ended {
        boolean nothing =
                answer instanceof Answer.NoSuchName<?> || answer instanceof Answer.NoRecord<?>;
        if (nothing && ++voids > MOST_VOID) {
            throw new Ended(SpfResult.PERMERROR, "more than 2 look-ups that found nothing");
        }
    }

    private <T> Answer<T> inTime(Answer<T> answer, boolean needed) throws Ended {
        Optional<String> trouble = Names.trouble(answer);
        if (needed && trouble.isPresent()) {
            throw new Ended(SpfResult.TEMPERROR, trouble.get());
        }
        if (clock.nanos() - end > 0) {
            throw new Ended(SpfResult.TEMPERROR, "the look-ups take more than 20 seconds");
        }
        return answer;
    }

    // ---- macros, RFC 7208 §7

    private String target(Optional<SpfMacros> named, String domain) throws Ended {
        return named.isEmpty() ? domain : expanded(named.get(), domain);
    }

    private String expanded(SpfMacros macros, String domain) throws Ended {
        if (macros.asksForTheClientsName() && clientsName == null) {
            clientsName = clientsName(domain);
        }
        return macros.expandName(values(domain));
    }

    private String clientsName(String domain) throws Ended {
        String best = "unknown";
        String wanted = domain.toLowerCase(Locale.ROOT);
        int rank = 0;
        for (String name : validatedNames()) { // RFC 7208 §7.3: the domain, below it, any
            String lower = name.toLowerCase(Locale.ROOT);
            int here = lower.equals(wanted) ? 3 : lower.endsWith("." + wanted) ? 2 : 1;
            if (here > rank) {
                best = name;
                rank = here;
            }
        }
        return best;
    }

    private Function<Character, String> values(String domain) {
        return letter ->
                switch (letter) {
                    case 's' -> question.localPart() + "@" + question.domain();
                    case 'l' -> question.localPart();
                    case 'o' -> question.domain();
                    case 'd' -> domain;
                    case 'i' -> ClientText.dotted(client);
                    case 'p' -> clientsName == null ? "unknown" : clientsName;
                    case 'v' -> client instanceof Inet4Address ? "in-addr" : "ip6";
                    case 'h' -> question.helo();
                    case 'c' -> ClientText.readable(client);
                    case 'r' -> receiver;
                    case 't' -> Long.toString(clock.instant().getEpochSecond());
                    default -> "";
                };
    }

    /** RFC 7208 §6.2: whatever goes wrong here, there is just no explanation. */
    private String explain(SpfMacros where, String domain) {
        try {
            List<String> texts = names.texts(expanded(where, domain)).records();
            if (texts.size() != 1) {
                return "";
            }
            SpfMacros words = SpfMacros.explanation(texts.getFirst());
            if (words.asksForTheClientsName() && clientsName == null) {
                clientsName = clientsName(domain);
            }
            String said = words.expand(values(domain)).replaceAll("[^\\x20-\\x7e]", "?");
            return said.substring(0, Math.min(LONGEST_EXPLANATION, said.length()));
        } catch (SpfRecord.Malformed | Ended e) {
            return "";
        }
    }
}
