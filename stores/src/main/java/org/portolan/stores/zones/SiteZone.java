package org.portolan.stores.zones;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.stores.PrivateFiles;

/**
 * The site's own zone: who it is, where it is, who takes its mail. Portolan writes its file, and
 * rewrites it when one of these facts has changed, for as long as the file's first line says so.
 *
 * @param domain the zone's name
 * @param host the site's name: the domain, or below it
 * @param addresses where the site is reached
 * @param texts TXT records by whole names; those outside the zone are left out
 */
public record SiteZone(
        String domain, String host, List<InetAddress> addresses, Map<String, String> texts) {
    /** Whoever deletes this line has taken the file over. */
    static final String MARK =
            "; Written by Portolan, and rewritten when the settings change. Delete this line to"
                    + " write the file yourself.";

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);
    private static final Pattern SERIAL = Pattern.compile("\\( ([0-9]{1,10}) ; serial");

    /** No zone of its own is longer than this; anything else is somebody else's. */
    private static final long MOST_BYTES = 1 << 20;

    private static final int LONGEST_STRING = 255;

    /**
     * The zone of a site.
     *
     * @param domains whose mail ends here: the first that is the site's name, or above it, is the
     *     zone's name; else the site's name itself
     */
    public static SiteZone of(String host, List<String> domains, List<InetAddress> addresses) {
        String domain =
                domains.stream()
                        .filter(d -> host.equalsIgnoreCase(d) || isBelow(host, d))
                        .findFirst()
                        .orElse(host);
        return new SiteZone(domain, host, addresses, Map.of());
    }

    /** The same, and these texts. */
    public SiteZone with(Map<String, String> more) {
        return new SiteZone(domain, host, addresses, more);
    }

    private static boolean isBelow(String host, String domain) {
        String end = "." + domain;
        return host.regionMatches(true, host.length() - end.length(), end, 0, end.length());
    }

    /** What the file shall hold. */
    String text(long serial) {
        StringBuilder text = new StringBuilder(MARK).append("\n$TTL 3600\n");
        text.append("@ IN SOA %s. hostmaster.%s. ( %d ; serial\n".formatted(host, domain, serial))
                .append("        7200    ; secondaries ask again after this many seconds,\n")
                .append("        900     ; if they got no answer, after these,\n")
                .append("        1209600 ; and no longer than these do they answer themselves\n")
                .append("        300 )   ; how long others remember that a name is not there\n")
                .append("@ IN NS %s.\n".formatted(host))
                .append("@ IN MX 10 %s.\n".formatted(host));
        appendAddresses(text, "@");
        if (!host.equalsIgnoreCase(domain)) {
            appendAddresses(text, host + ".");
        }
        texts.forEach((owner, value) -> appendText(text, owner, value));
        return text.toString();
    }

    /** In strings of 255 bytes, the most that one may have (RFC 1035 §3.3.14). */
    private void appendText(StringBuilder text, String owner, String value) {
        if (!owner.equalsIgnoreCase(domain) && !isBelow(owner, domain)) {
            return;
        }
        text.append(owner).append(". IN TXT");
        for (int at = 0; at < value.length(); at += LONGEST_STRING) {
            String string = value.substring(at, Math.min(value.length(), at + LONGEST_STRING));
            text.append(" \"")
                    .append(string.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        text.append('\n');
    }

    /** A zone with nothing but what every zone has to have: this site serves it. */
    String starter(String zone, InstantSource clock) {
        StringBuilder text = new StringBuilder("$TTL 3600\n");
        text.append(
                "@ IN SOA %s. hostmaster.%s. ( %d 7200 900 1209600 300 )\n"
                        .formatted(host, zone, firstSerial(clock)));
        text.append("@ IN NS %s.\n".formatted(host));
        if (host.equalsIgnoreCase(zone) || isBelow(host, zone)) { // others have to be told it
            appendAddresses(text, host + ".");
        }
        return text.toString();
    }

    /** Whether the zone's file is there and Portolan's. */
    boolean isWritten(Path folder) throws IOException {
        try {
            Path file = ZoneFile.in(folder, domain).path();
            return Files.exists(file) && read(file).startsWith(MARK);
        } catch (ZoneProblem e) {
            return false; // such a name has no file
        }
    }

    private void appendAddresses(StringBuilder text, String owner) {
        for (InetAddress address : addresses) {
            boolean four = address instanceof Inet4Address;
            String plain = four ? address.getHostAddress() : AddressText.ipv6(address.getAddress());
            text.append("%s IN %s %s\n".formatted(owner, four ? "A" : "AAAA", plain));
        }
    }

    /**
     * Writes the file if it is not there or says something else, and removes those of former names.
     *
     * @return what was done, in sentences
     */
    List<String> write(Path folder, InstantSource clock) throws IOException {
        List<String> done = new ArrayList<>();
        Path file;
        try {
            file = ZoneFile.in(folder, domain).path();
        } catch (ZoneProblem e) {
            return List.of("the site's own zone is not written: " + e.getMessage());
        }
        long serial = firstSerial(clock);
        if (Files.exists(file)) {
            String there = read(file);
            if (!there.startsWith(MARK)) {
                return removeOthers(folder, file, done);
            }
            Matcher old = SERIAL.matcher(there);
            long before = old.find() ? Long.parseLong(old.group(1)) : 0;
            if (there.equals(text(before))) {
                return removeOthers(folder, file, done);
            }
            serial = Math.max(serial, (before + 1) & 0xffff_ffffL);
        }
        PrivateFiles.write(file, text(serial).getBytes(UTF_8));
        done.add("wrote the site's own zone, " + file.getFileName() + ", serial " + serial);
        return removeOthers(folder, file, done);
    }

    private static long firstSerial(InstantSource clock) {
        return Long.parseLong(DAY.format(clock.instant()) + "01");
    }

    private static String read(Path file) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES
                ? new String(Files.readAllBytes(file), UTF_8)
                : "";
    }

    /** A site that was renamed must not go on answering for its old name. */
    private static List<String> removeOthers(Path folder, Path own, List<String> done)
            throws IOException {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, "*" + ZoneFile.ENDING)) {
            for (Path file : files) {
                if (!file.equals(own) && read(file).startsWith(MARK)) {
                    Files.delete(file);
                    done.add("removed " + file.getFileName() + ", the zone of an earlier name");
                }
            }
        }
        return done;
    }
}
