package org.portolan.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ParseResult;

/**
 * The files of {@code certificate install}, read by the client with its caller's rights: the
 * server's user may not read what certbot keeps for root.
 */
final class CertificateFiles {
    /** A chain and a key have a few thousand; and it has to fit into a line of the admin API. */
    private static final int MOST_BYTES = 40_000;

    private CertificateFiles() {}

    static boolean areWantedBy(List<String> words) {
        return words.size() > 2
                && words.get(0).equals("certificate")
                && words.get(1).equals("install");
    }

    /** All of them in one text. */
    static String read(List<String> words, InputStream in) throws Refusal {
        ParseResult verb = Grammar.forReading().parse(words);
        while (verb.hasSubcommand()) {
            verb = verb.subcommand();
        }
        StringBuilder text = new StringBuilder();
        for (var file : verb.matchedPositionals()) {
            String name = file.getValue();
            try {
                text.append(name.equals("-") ? all(in) : all(Files.newInputStream(Path.of(name))));
            } catch (NoSuchFileException e) {
                throw Refusal.failed(name + " is not there");
            } catch (AccessDeniedException e) {
                throw Refusal.failed(
                        "user %s may not read %s".formatted(System.getProperty("user.name"), name));
            } catch (IOException e) {
                throw Refusal.failed(name + " cannot be read: " + e.getMessage());
            }
            if (text.length() > MOST_BYTES) {
                throw Refusal.failed(name + " is too large for a certificate or its key");
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String all(InputStream in) throws IOException {
        try (in) {
            return new String(in.readNBytes(MOST_BYTES + 1), ISO_8859_1);
        }
    }
}
