package org.portolan.mail.dkim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.mail.DotReader;
import org.portolan.mail.Names;
import org.portolan.mail.Names.Answer;

/**
 * The signatures of one message, verified while it comes (RFC 6376 §6). The bodies' hashes are
 * made on the way; keys are asked for at the end, and only where the body is as it was signed.
 */
public final class DkimVerification implements DotReader.Sink {
    /** A message has one or two, one through a few lists four; the rest is not looked at. */
    static final int MOST_SIGNATURES = 8;

    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int SHOWN = 8; // RFC 6008 §3

    /** One that can be verified, and its body. */
    private record Candidate(HeaderFields.Field field, DkimSignature signature, BodyHash body) {}

    private final Names names;
    private final Clock clock;
    private final HeaderFields header = new HeaderFields();
    private final List<Candidate> candidates = new ArrayList<>();
    private final List<DkimResult> results = new ArrayList<>();

    /** Begins a message, whose keys {@code names} will be asked for. */
    public DkimVerification(Names names, Clock clock) {
        this.names = names;
        this.clock = clock;
    }

    @Override
    public void take(byte[] bytes, int from, int count) {
        int at = from;
        if (!header.ended()) {
            at = header.take(bytes, from, count);
            if (header.ended()) {
                begin();
            }
        }
        for (Candidate candidate : candidates) {
            candidate.body.take(bytes, at, from + count - at);
        }
    }

    private void begin() {
        List<HeaderFields.Field> fields =
                header.fields().stream().filter(f -> f.name().equals("dkim-signature")).toList();
        for (HeaderFields.Field field : fields.stream().limit(MOST_SIGNATURES).toList()) {
            try {
                DkimSignature signature = DkimSignature.parse(field.value());
                long most = signature.bodyLength().orElse(Long.MAX_VALUE);
                BodyHash body = new BodyHash(signature.relaxedBody(), most);
                candidates.add(new Candidate(field, signature, body));
            } catch (DkimMalformed e) {
                results.add(
                        new DkimResult(
                                DkimResult.Outcome.PERMERROR, "", "", "", "", "", e.words()));
            }
        }
    }

    /** The message has come: what its signatures are worth, in their order; none if it has none. */
    public List<DkimResult> end() {
        if (!header.ended()) {
            header.end();
            begin();
        }
        long end = clock.nanos() + MOST_NANOS;
        for (Candidate candidate : candidates) {
            results.add(verified(candidate, end));
        }
        candidates.clear();
        return List.copyOf(results);
    }

    /** The fields of the header, once it has come. */
    public String firstOf(String name) {
        for (HeaderFields.Field field : header.fields()) {
            if (field.name().equals(name)) {
                return field.value();
            }
        }
        return "";
    }

    private DkimResult verified(Candidate candidate, long end) {
        DkimSignature signature = candidate.signature;
        byte[] body = candidate.body.end();
        long unsigned = candidate.body.length() - signature.bodyLength().orElse(Long.MAX_VALUE);
        long now = clock.instant().getEpochSecond();
        if (signature.bodyLength().isPresent() && unsigned < 0) {
            return result(signature, DkimResult.Outcome.FAIL, "the body is shorter than l=");
        }
        if (!Arrays.equals(body, signature.bodyHash())) {
            return result(signature, DkimResult.Outcome.FAIL, "the body has been changed");
        }
        if (signature.expires().isPresent() && signature.expires().get() < now) {
            return result(signature, DkimResult.Outcome.FAIL, "the signature has expired");
        }
        if (clock.nanos() - end > 0) {
            return result(signature, DkimResult.Outcome.TEMPERROR, "the keys take too long");
        }
        Answer<String> answer = names.texts(signature.keyName());
        if (answer instanceof Answer.TryAgain<String>(String why)) {
            return result(signature, DkimResult.Outcome.TEMPERROR, why);
        }
        try {
            DkimKey key = DkimKey.parse(key(answer), signature.algorithm());
            return judged(candidate, key, unsigned > 0 && signature.bodyLength().isPresent());
        } catch (DkimMalformed e) {
            return result(signature, DkimResult.Outcome.PERMERROR, e.words());
        }
    }

    /** RFC 6376 §3.6.2.2: of several texts it may be any; here the first that looks right. */
    private static String key(Answer<String> answer) throws DkimMalformed {
        return answer.records().stream()
                .filter(text -> text.contains("p="))
                .findFirst()
                .orElseThrow(() -> new DkimMalformed("there is no such key"));
    }

    private DkimResult judged(Candidate candidate, DkimKey key, boolean partly) {
        DkimSignature signature = candidate.signature;
        if (key.strict() && !signature.identityDomain().equalsIgnoreCase(signature.domain())) {
            return result(
                    signature, DkimResult.Outcome.PERMERROR, "the key is for its domain only");
        }
        byte[] signed =
                HeaderFields.signed(
                        header.fields(),
                        signature.signed(),
                        candidate.field,
                        signature.relaxedHeader());
        if (!key.verifies(signed, signature.signature())) {
            return result(
                    signature,
                    key.testing() ? DkimResult.Outcome.NEUTRAL : DkimResult.Outcome.FAIL,
                    "the header has been changed, or the key is another");
        }
        if (partly) { // RFC 6376 §8.2: whatever somebody has added would look signed
            return result(
                    signature, DkimResult.Outcome.POLICY, "only the body's beginning is signed");
        }
        return result(signature, DkimResult.Outcome.PASS, "");
    }

    private static DkimResult result(
            DkimSignature signature, DkimResult.Outcome outcome, @Nullable String why) {
        String encoded = Base64.getEncoder().encodeToString(signature.signature());
        return new DkimResult(
                outcome,
                signature.domain(),
                signature.selector(),
                signature.algorithm().word(),
                signature.identity(),
                encoded.substring(0, Math.min(SHOWN, encoded.length())),
                String.valueOf(why));
    }
}
