package org.portolan.mail.dkim;

import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A list of tags and their values (RFC 6376 §3.2). */
public final class DkimTags {
    private static final int MOST = 50;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
    private static final String BLANK = "[ \\t\\r\\n]+";

    private final Map<String, String> values;

    private DkimTags(Map<String, String> values) {
        this.values = values;
    }

    /** Reads a list; nobody knows all tags, so any that is well-formed will do. */
    public static DkimTags parse(String text) throws DkimMalformed {
        Map<String, String> values = new LinkedHashMap<>();
        String[] specs = text.split(";", MOST + 2);
        if (specs.length > MOST + 1) {
            throw new DkimMalformed("more than " + MOST + " tags");
        }
        for (int i = 0; i < specs.length; i++) {
            String spec = specs[i].strip();
            if (spec.isEmpty() && i == specs.length - 1 && i > 0) {
                continue; // the last semicolon may be there or not
            }
            int sign = spec.indexOf('=');
            String name = sign < 0 ? "" : spec.substring(0, sign).strip();
            if (!NAME.matcher(name).matches()) {
                throw new DkimMalformed("not a tag: " + shown(spec));
            }
            if (values.put(name, spec.substring(sign + 1).strip()) != null) {
                throw new DkimMalformed("two tags " + shown(name)); // RFC 6376 §3.2
            }
        }
        return new DkimTags(values);
    }

    /** Strangers wrote it: short, and printable. */
    static String shown(String text) {
        String printable = text.replaceAll("[^\\x21-\\x7e]", "?").replaceAll("[()\\\\\"]", "?");
        return printable.length() > 40 ? printable.substring(0, 40) + "..." : printable;
    }

    /** Whether the list begins with this tag. */
    boolean beginsWith(String name) {
        return values.keySet().stream().findFirst().filter(name::equals).isPresent();
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The value, without any blanks in it. */
    Optional<String> dense(String name) {
        return find(name).map(value -> value.replaceAll(BLANK, ""));
    }

    String wanted(String name) throws DkimMalformed {
        return dense(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new DkimMalformed("there is no " + name + "="));
    }

    byte[] wantedBytes(String name) throws DkimMalformed {
        try {
            return Base64.getDecoder().decode(wanted(name));
        } catch (IllegalArgumentException e) {
            throw new DkimMalformed(name + "= is not base64");
        }
    }

    /** A number of at most 15 digits; RFC 6376 has up to 76 for lengths that nobody has. */
    Optional<Long> number(String name) throws DkimMalformed {
        Optional<String> digits = dense(name);
        if (digits.isPresent() && !digits.get().matches("0*[0-9]{1,15}")) {
            throw new DkimMalformed(name + "= is not a number");
        }
        return digits.map(Long::parseLong);
    }

    /** What stands between colons. */
    Optional<List<String>> parts(String name) {
        return dense(name).map(value -> Arrays.asList(value.split(":", -1)));
    }
}
