package org.portolan.server;

import java.io.IOException;
import java.io.PrintStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.kernel.Shown;
import org.portolan.stores.SshPublicKey;

/**
 * What {@code portolan share} prints: who may do what, and commands to paste that carry all they
 * need to be sure whom they speak to, so that they work from another machine as well.
 */
final class ShareBanner {
    private static final int MOST_LOOKED_AT = 1_000;
    private static final String ROW = "%-6s %-4s %-8s %s%n";

    private final Site site;
    private final ShareOptions options;
    private final String password;
    private final PrintStream out;
    private final String host;
    private final String file;

    ShareBanner(Site site, ShareOptions options, String password, PrintStream out) {
        this.site = site;
        this.options = options;
        this.password = password;
        this.out = out;
        this.host = host();
        this.file = exampleFile();
    }

    void print() throws IOException {
        out.printf("Sharing %s with %s, %s.%n", options.folder(), readers(), until());
        out.println(rights());
        out.println();
        out.printf(Locale.ROOT, ROW, "PORT", "OVER", "SERVICE", "TRY IT");
        Set<String> shown = new HashSet<>();
        for (Opened door : inOrder()) {
            int port = door.at().getPort();
            String over = door.door().transport();
            if (!shown.add(over + port)) {
                continue;
            }
            String service = door.door().port().name();
            boolean first = true;
            for (String command : commands(service, port)) {
                out.printf(
                        Locale.ROOT,
                        ROW,
                        first ? port : "",
                        first ? over : "",
                        first ? (service.equals("ssh") ? "sftp" : service) : "",
                        command);
                first = false;
            }
        }
        out.println();
        out.println("Ready. Ctrl-C ends it.");
    }

    /** What most people have a client for first. */
    private List<Opened> inOrder() {
        List<String> order = List.of("ftp", "ftps", "ssh", "tftp");
        return site.doors().stream()
                .sorted(Comparator.comparingInt(d -> order.indexOf(d.door().port().name())))
                .toList();
    }

    // ---- sentences

    private String readers() {
        if (options.to().contains("any")) {
            return "everybody";
        }
        return options.beyondThisMachine()
                ? String.join(", ", options.to()) + " and this machine"
                : "this machine";
    }

    private String until() {
        return options.time()
                .map(
                        time ->
                                "until "
                                        + DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")
                                                .format(
                                                        LocalDateTime.now(ZoneId.systemDefault())
                                                                .plus(time)))
                .orElse("until it is stopped");
    }

    private String rights() {
        String log = "log in as %s with the password %s".formatted(Sharing.GUEST, password);
        if (options.closed()) {
            return "To %s: %s. TFTP, which has no passwords, is closed."
                    .formatted(options.write() ? "read and write" : "read", log);
        }
        return options.write()
                ? "Whoever reaches it may read and add files; to change and remove: %s."
                        .formatted(log)
                : "Whoever reaches it may read; for SFTP: %s.".formatted(log);
    }

    // ---- commands

    private List<String> commands(String service, int port) throws IOException {
        String at = host + ":" + port;
        List<String> commands = new ArrayList<>();
        switch (service) {
            case "ftp" -> {
                if (!options.closed()) {
                    commands.add("curl -sS ftp://" + at + "/");
                    commands.add(fetch("ftp://" + at));
                    commands.add("lftp -e 'set ftp:ssl-allow no; mirror; exit' ftp://" + at);
                }
            }
            case "ftps" -> {
                commands.add(secure() + (options.closed() ? user() : "") + " ftps://" + at + "/");
                if (options.write()) {
                    commands.add(secure() + user() + " -T FILE ftps://" + at + "/");
                }
            }
            case "ssh" ->
                    commands.add(
                            "sftp -P %d %s %s@%s".formatted(port, known(), Sharing.GUEST, host));
            default -> {
                commands.add(fetch("tftp://" + at));
                if (options.write()) {
                    commands.add("curl -sS -T FILE tftp://" + at + "/");
                }
            }
        }
        return commands;
    }

    private String user() {
        return " -u " + Sharing.GUEST + ":" + password;
    }

    /** With a pin, the hash of the key, no authority has to be known. */
    private String secure() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(site.publicKey().getEncoded());
            return "curl -sS -k --pinnedpubkey sha256//" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }

    /** So that no list of known hosts gets to know a key that is gone tomorrow. */
    private String known() throws IOException {
        SshPublicKey key = site.hostKeys().publicKeys().getFirst();
        return "-o KnownHostsCommand='/bin/echo %%H %s %s'"
                .formatted(key.type(), Base64.getEncoder().encodeToString(key.blob()));
    }

    /** Fetches the example, under its own name: -O would keep the signs for blanks in it. */
    private String fetch(String url) {
        String encoded = URLEncoder.encode(file, StandardCharsets.UTF_8).replace("+", "%20");
        String save = encoded.equals(file) ? "-O " : "-o '" + file.replace("'", "'\\''") + "' ";
        return "curl -sS " + save + url + "/" + encoded;
    }

    /** A name in it that shows how names are said. */
    private String exampleFile() {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(options.folder())) {
            return StreamSupport.stream(all.spliterator(), false)
                    .limit(MOST_LOOKED_AT)
                    .filter(each -> Files.isRegularFile(each) && Files.isReadable(each))
                    .map(each -> String.valueOf(each.getFileName()))
                    .filter(name -> !name.startsWith(".") && Shown.of(name).equals(name))
                    .min(Comparator.naturalOrder())
                    .orElse("NAME");
        } catch (IOException | DirectoryIteratorException e) {
            return "NAME"; // whoever reads it knows what to put there
        }
    }

    /** The address at which those are who may reach it. */
    private String host() {
        List<InetAddress> bound = site.siteSettings().addresses();
        if (!options.beyondThisMachine()) {
            return "localhost";
        }
        List<InetAddress> all = HostAddresses.of(bound);
        return all.stream()
                .filter(options::isMeant)
                .findFirst()
                .or(() -> all.stream().filter(Inet4Address.class::isInstance).findFirst())
                .map(InetAddress::getHostAddress)
                .map(text -> text.indexOf(':') < 0 ? text : "[" + text + "]")
                .orElse("localhost");
    }
}
