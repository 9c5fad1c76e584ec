package org.portolan.admin;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Numbers as people say them. */
final class Words {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private static final String UNITS = "kMGT";

    private Words() {}

    /** {@code 1 message}, {@code 2 messages}. */
    static String count(long number, String thing) {
        return number == 1 ? "1 " + thing : number + " " + thing + "s";
    }

    /** {@code 512 B}, {@code 1.2 MB}; each unit is 1,000 of the one before. */
    static String bytes(long number) {
        if (number < 1000) {
            return number + " B";
        }
        double shown = number;
        int unit = -1;
        while (shown >= 999.95 && unit + 1 < UNITS.length()) {
            shown /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", shown, UNITS.charAt(unit));
    }

    /** The two largest units: {@code 3 d 4 h}, {@code 5 min 20 s}, {@code 8 s}. */
    static String duration(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (days > 0) {
            return days + " d " + hours % 24 + " h";
        }
        if (hours > 0) {
            return hours + " h " + minutes % 60 + " min";
        }
        return minutes > 0 ? minutes + " min " + seconds % 60 + " s" : seconds + " s";
    }

    /** {@code 192.0.2.7}, {@code 2001:db8::7}: the shortest form (RFC 5952 §4). */
    static String address(InetAddress address) {
        String host = address.getHostAddress();
        if (address instanceof Inet4Address) {
            return host;
        }
        int percent = host.indexOf('%');
        String scope = percent < 0 ? "" : host.substring(percent);
        String[] groups = (percent < 0 ? host : host.substring(0, percent)).split(":");
        int longest = 1; // a single group of zeros is not left out
        int start = -1;
        for (int i = 0; i < groups.length; i++) {
            int zeros = 0;
            while (i + zeros < groups.length && groups[i + zeros].equals("0")) {
                zeros++;
            }
            if (zeros > longest) {
                longest = zeros;
                start = i;
            }
        }
        if (start < 0) {
            return host;
        }
        List<String> all = List.of(groups);
        return String.join(":", all.subList(0, start))
                + "::"
                + String.join(":", all.subList(start + longest, groups.length))
                + scope;
    }

    /** The address of a door; what stands for one where there can be none. */
    static String host(InetSocketAddress at) {
        return at.isUnresolved() ? at.getHostString() : address(at.getAddress());
    }

    /** {@code 2026-11-21 07:51:20Z}. */
    static String time(Instant instant) {
        return TIME.format(instant);
    }
}
