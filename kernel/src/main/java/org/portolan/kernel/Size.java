package org.portolan.kernel;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written as people do: {@code 35 MB}. */
public record Size(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15}) ?([kMGT]?)B");
    private static final String UNITS = "kMGT";

    /**
     * Reads {@code 512 B}, {@code 64 kB}, {@code 35 MB}, {@code 2 GB} or {@code 1 TB}; each unit is
     * 1,000 of the one before.
     *
     * @throws IllegalArgumentException with a sentence for the administrator
     */
    public static Size of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "a size is written like \"35 MB\" or \"512 kB\", not \"" + text + "\"");
        }
        long bytes = Long.parseLong(form.group(1));
        int power = form.group(2).isEmpty() ? 0 : UNITS.indexOf(form.group(2)) + 1;
        for (int i = 0; i < power; i++) {
            bytes = Math.multiplyExact(bytes, 1000L);
        }
        return new Size(bytes);
    }

    @Override
    public String toString() {
        long shown = bytes;
        int unit = -1;
        while (shown >= 1000 && shown % 1000 == 0 && unit + 1 < UNITS.length()) {
            shown /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%d %sB", shown, unit < 0 ? "" : UNITS.charAt(unit));
    }
}
