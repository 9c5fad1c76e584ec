package org.portolan.mail.imap;

/** Dates as FETCH writes them (date-time of RFC 9051 §9), in UTC. */
final class ImapDates {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private ImapDates() {}

    /** Writes {@code "17-Jul-1996 02:44:25 +0000"}, with its quotes. */
    static void write(ImapOutput out, long epochSecond) {
        long days = Math.floorDiv(epochSecond, 86_400L);
        int second = (int) Math.floorMod(epochSecond, 86_400L);
        // days to civil date, in eras of 400 years that begin in March
        long shifted = days + 719_468;
        long era = Math.floorDiv(shifted, 146_097L);
        long dayOfEra = Math.floorMod(shifted, 146_097L);
        long yearOfEra =
                (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (int) ((5 * dayOfYear + 2) / 153);
        int day = (int) (dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        out.add('"');
        out.add(day < 10 ? ' ' : (char) ('0' + day / 10)).add((char) ('0' + day % 10)).add('-');
        out.add(MONTHS.substring(month * 3 - 3, month * 3)).add('-');
        four(out, (int) year);
        out.add(' ');
        two(out, second / 3600);
        out.add(':');
        two(out, second / 60 % 60);
        out.add(':');
        two(out, second % 60);
        out.add(" +0000\"");
    }

    private static void two(ImapOutput out, int number) {
        out.add((char) ('0' + number / 10)).add((char) ('0' + number % 10));
    }

    private static void four(ImapOutput out, int number) {
        two(out, number / 100 % 100);
        two(out, number % 100);
    }
}
