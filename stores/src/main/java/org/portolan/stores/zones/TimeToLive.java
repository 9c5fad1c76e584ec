package org.portolan.stores.zones;

/** Seconds, as a number or with units: 3600, 1h, 1h30m, 1w2d. */
final class TimeToLive {
    /** RFC 2181 §8: the highest of the 32 bits stays free. */
    static final long MOST = Integer.MAX_VALUE;

    private TimeToLive() {}

    static long take(Entries entry, String wanted) throws ZoneProblem {
        return read(entry, entry.take(wanted), wanted);
    }

    static long read(Entries entry, int word, String wanted) throws ZoneProblem {
        byte[] text = entry.bytes();
        long total = 0;
        long value = 0;
        boolean digits = false;
        boolean sound = entry.length(word) > 0 && NameText.digit(text[entry.from(word)]);
        for (int i = entry.from(word); sound && i < entry.to(word); i++) {
            if (NameText.digit(text[i])) {
                value = value * 10 + text[i] - '0';
                digits = true;
            } else {
                long unit = unit(text[i]);
                sound = digits && unit > 0;
                total += value * unit;
                value = 0;
                digits = false;
            }
            sound &= total + value <= MOST;
        }
        if (!sound) {
            throw new ZoneProblem(
                    "%s is wanted, such as 3600 or 1h30m and at most %d, not %s"
                            .formatted(wanted, MOST, DataReader.shown(entry.text(word))));
        }
        return total + value;
    }

    private static long unit(byte letter) {
        return switch (letter) {
            case 's', 'S' -> 1;
            case 'm', 'M' -> 60;
            case 'h', 'H' -> 3600;
            case 'd', 'D' -> 86_400;
            case 'w', 'W' -> 604_800;
            default -> 0;
        };
    }
}
