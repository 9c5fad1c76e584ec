package org.portolan.mail.dkim;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.portolan.mail.DotReader;

/**
 * Signs one message, which it sees as it leaves (RFC 6376 §5): relaxed in header and body, with
 * each key once.
 */
public final class DkimSigner implements DotReader.Sink {
    /**
     * A key of ours.
     *
     * @param selector under which the other half is published
     */
    public record SigningKey(DkimAlgorithm algorithm, String selector, PrivateKey key) {}

    /**
     * What readers see, or mail programs go by. Each is signed once more than it is there, so that
     * nobody can add another (RFC 6376 §8.15).
     */
    private static final List<String> SEALED =
            List.of(
                    "from",
                    "to",
                    "cc",
                    "subject",
                    "date",
                    "message-id",
                    "reply-to",
                    "sender",
                    "in-reply-to",
                    "references",
                    "mime-version",
                    "content-type",
                    "content-transfer-encoding");

    /** Signed if they are there. */
    private static final List<String> OTHERS =
            List.of(
                    "content-disposition",
                    "content-id",
                    "content-description",
                    "resent-from",
                    "resent-to",
                    "resent-cc",
                    "resent-date",
                    "resent-message-id",
                    "list-id",
                    "list-help",
                    "list-post",
                    "list-owner",
                    "list-unsubscribe",
                    "list-unsubscribe-post");

    private static final int WIDTH = 72;

    private final HeaderFields header = new HeaderFields();
    private final BodyHash body = new BodyHash(true, Long.MAX_VALUE);

    @Override
    public void take(byte[] bytes, int from, int count) {
        int at = header.ended() ? from : header.take(bytes, from, count);
        body.take(bytes, at, from + count - at);
    }

    /** The domain of the one address in From; empty if it is not as clear as that. */
    public String domain() {
        header.end();
        List<HeaderFields.Field> from =
                header.fields().stream().filter(field -> field.name().equals("from")).toList();
        return from.size() == 1 ? FromDomain.of(from.getFirst().value()) : "";
    }

    /**
     * The signatures' fields, each with its CR LF.
     *
     * @param now seconds since 1970
     */
    public String sign(String domain, List<SigningKey> keys, long now)
            throws GeneralSecurityException {
        header.end();
        if (header.tooLong()) {
            return "";
        }
        String bodyHash = Base64.getEncoder().encodeToString(body.end());
        StringBuilder fields = new StringBuilder();
        for (SigningKey key : keys) {
            fields.append(field(domain, key, now, bodyHash)).append("\r\n");
        }
        return fields.toString();
    }

    private String field(String domain, SigningKey key, long now, String bodyHash)
            throws GeneralSecurityException {
        List<String> signed = signedNames();
        StringBuilder raw = new StringBuilder("DKIM-Signature: v=1; a=");
        raw.append(key.algorithm.word()).append("; c=relaxed/relaxed;\r\n\td=").append(domain);
        raw.append("; s=").append(key.selector).append("; t=").append(now).append(";\r\n\th=");
        int line = 10;
        for (int i = 0; i < signed.size(); i++) {
            String name = (i == 0 ? "" : ":") + signed.get(i);
            if (line + name.length() > WIDTH) {
                raw.append("\r\n\t ");
                line = 9;
            }
            raw.append(name);
            line += name.length();
        }
        raw.append(";\r\n\tbh=").append(bodyHash).append(";\r\n\tb=");
        HeaderFields.Field own = new HeaderFields.Field("dkim-signature", raw.toString());
        Signature signature = DkimHash.signature(key.algorithm);
        signature.initSign(key.key);
        signature.update(
                DkimHash.toSign(
                        key.algorithm, HeaderFields.signed(header.fields(), signed, own, true)));
        String value = Base64.getEncoder().encodeToString(signature.sign());
        return raw + String.join("\r\n\t ", value.split("(?<=\\G.{" + WIDTH + "})"));
    }

    /** RFC 6376 §5.4: each as often as it is there, and those above once more. */
    private List<String> signedNames() {
        Set<String> names = new LinkedHashSet<>(SEALED);
        names.addAll(OTHERS);
        List<String> signed = new ArrayList<>();
        for (String name : names) {
            long there = header.fields().stream().filter(f -> f.name().equals(name)).count();
            for (long i = SEALED.contains(name) ? -1 : 0; i < there; i++) {
                signed.add(name);
            }
        }
        return signed;
    }
}
