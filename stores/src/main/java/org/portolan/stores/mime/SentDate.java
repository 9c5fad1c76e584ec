package org.portolan.stores.mime;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The Date field of a message (RFC 5322 §3.3, and the obsolete forms of §4.3).
 *
 * @param epochSecond the moment
 * @param day the day as it is written, whatever the zone: what SENTSINCE asks for (RFC 9051 §6.4.4)
 */
public record SentDate(long epochSecond, LocalDate day) {
    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");

    /** Reads {@code field}; empty if no date can be made of it. */
    public static Optional<SentDate> of(String field) {
        FieldReader in = new FieldReader(field);
        String first = in.token();
        if (!first.isEmpty() && !Character.isDigit(first.charAt(0))) { // the day of the week
            in.skip(',');
            first = in.token();
        }
        if (first.indexOf('-') > 0) { // 1-Feb-2003, as some write it
            String[] pieces = first.split("-", 3);
            return pieces.length == 3 ? of(pieces[0], pieces[1], pieces[2], in) : Optional.empty();
        }
        String month = in.token();
        return of(first, month, in.token(), in);
    }

    private static Optional<SentDate> of(String day, String month, String year, FieldReader in) {
        int[] time = new int[3];
        time[0] = number(in.token());
        for (int i = 1; i < 3 && in.skip(':'); i++) {
            time[i] = number(in.token());
        }
        int named = MONTHS.indexOf(month.toLowerCase(Locale.ROOT).substring(0, three(month)));
        try {
            LocalDate date = LocalDate.of(fullYear(year), named + 1, number(day));
            LocalDateTime moment =
                    date.atTime(Math.max(0, time[0]), time[1], Math.min(59, time[2]));
            return Optional.of(new SentDate(moment.toEpochSecond(zone(in.token())), date));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }

    private static int three(String month) {
        return Math.min(3, month.length());
    }

    private static int number(String digits) {
        boolean fits = !digits.isEmpty() && digits.length() < 6;
        return fits && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Integer.parseInt(digits)
                : -1;
    }

    /** RFC 5322 §4.3: two digits from 50 on are of the last century, and so are three. */
    private static int fullYear(String year) {
        int number = number(year);
        if (year.length() == 2 && number >= 0) {
            return number + (number < 50 ? 2000 : 1900);
        }
        return year.length() == 3 ? number + 1900 : number;
    }

    private static ZoneOffset zone(String zone) {
        if (zone.length() == 5 && (zone.charAt(0) == '+' || zone.charAt(0) == '-')) {
            int minutes = number(zone.substring(1));
            int seconds = (minutes / 100 * 60 + minutes % 100) * 60;
            if (minutes >= 0 && seconds <= 18 * 3600) {
                return ZoneOffset.ofTotalSeconds(zone.charAt(0) == '-' ? -seconds : seconds);
            }
        }
        int hours =
                switch (zone.toUpperCase(Locale.ROOT)) {
                    case "EDT" -> -4;
                    case "EST", "CDT" -> -5;
                    case "CST", "MDT" -> -6;
                    case "MST", "PDT" -> -7;
                    case "PST" -> -8;
                    default -> 0;
                };
        return ZoneOffset.ofHours(hours);
    }
}
