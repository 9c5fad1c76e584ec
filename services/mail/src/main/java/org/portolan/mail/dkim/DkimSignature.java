package org.portolan.mail.dkim;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a DKIM-Signature field says (RFC 6376 §3.5).
 *
 * @param algorithm of the key
 * @param relaxedHeader whether the fields are canonicalised the relaxed way
 * @param relaxedBody whether the body is
 * @param domain that signs
 * @param selector of its key
 * @param identity for whom it signs
 * @param signed the names of the signed fields, in small letters
 * @param bodyLength how much of the body is signed, if not all
 * @param signedAt seconds since 1970
 * @param expires seconds since 1970
 */
public record DkimSignature(
        DkimAlgorithm algorithm,
        boolean relaxedHeader,
        boolean relaxedBody,
        String domain,
        String selector,
        String identity,
        List<String> signed,
        Optional<Long> bodyLength,
        Optional<Long> signedAt,
        Optional<Long> expires,
        byte[] bodyHash,
        byte[] signature) {
    private static final int MOST_SIGNED = 500;
    private static final int LONGEST = 65_536;
    private static final Pattern NAME = Pattern.compile("[^\\x00-\\x20/\\\\\"()<>,;:@]{1,253}");

    /**
     * Reads the value of a field.
     *
     * @throws DkimMalformed if it says nothing that could be verified
     */
    public static DkimSignature parse(String value) throws DkimMalformed {
        if (value.length() > LONGEST) {
            throw new DkimMalformed("the field is too long");
        }
        DkimTags tags = DkimTags.parse(value);
        if (!tags.wanted("v").equals("1")) {
            throw new DkimMalformed("another version");
        }
        if (!tags.dense("q").orElse("dns/txt").matches("(.*:)?dns/txt(:.*)?")) {
            throw new DkimMalformed("the key is not in the DNS");
        }
        String domain = name(tags.wanted("d"));
        String identity = tags.dense("i").orElse("@" + domain);
        if (!isAtOrBelow(identity.substring(identity.lastIndexOf('@') + 1), domain)) {
            throw new DkimMalformed("i= is not in d="); // RFC 6376 §6.1.1
        }
        List<String> signed = signed(tags);
        String[] ways = ways(tags.dense("c").orElse("simple/simple"));
        Optional<Long> signedAt = tags.number("t");
        Optional<Long> expires = tags.number("x");
        if (signedAt.isPresent() && expires.isPresent() && expires.get() <= signedAt.get()) {
            throw new DkimMalformed("it expires before it is signed");
        }
        return new DkimSignature(
                DkimAlgorithm.named(tags.wanted("a")),
                ways[0].equals("relaxed"),
                ways[1].equals("relaxed"),
                domain,
                name(tags.wanted("s")),
                identity,
                signed,
                tags.number("l"),
                signedAt,
                expires,
                tags.wantedBytes("bh"),
                tags.wantedBytes("b"));
    }

    private static List<String> signed(DkimTags tags) throws DkimMalformed {
        List<String> signed =
                List.of(tags.wanted("h").toLowerCase(Locale.ROOT).split(":", MOST_SIGNED + 1));
        if (signed.size() > MOST_SIGNED) {
            throw new DkimMalformed("it signs more than " + MOST_SIGNED + " fields");
        }
        if (!signed.contains("from")) {
            throw new DkimMalformed("From is not signed"); // RFC 6376 §6.1.1
        }
        return signed;
    }

    private static String[] ways(String text) throws DkimMalformed {
        String[] given = text.split("/", 2);
        String[] ways = {given[0], given.length > 1 ? given[1] : "simple"};
        for (String way : ways) {
            if (!way.equals("simple") && !way.equals("relaxed")) {
                throw new DkimMalformed("unknown canonicalisation");
            }
        }
        return ways;
    }

    private static String name(String text) throws DkimMalformed {
        if (!NAME.matcher(text).matches()) {
            throw new DkimMalformed("not a name: " + DkimTags.shown(text));
        }
        return text;
    }

    private static boolean isAtOrBelow(String name, String domain) {
        String end = "." + domain;
        return name.equalsIgnoreCase(domain)
                || name.regionMatches(true, name.length() - end.length(), end, 0, end.length());
    }

    /** Where the key is (RFC 6376 §3.6.2.1). */
    String keyName() {
        return selector + "._domainkey." + domain;
    }

    String identityDomain() {
        return identity.substring(identity.lastIndexOf('@') + 1);
    }
}
