package org.portolan.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** Which Portolan this is. */
public final class Version {
    private Version() {}

    /** For example {@code 0.1.0}. */
    public static String number() {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            if (in == null) {
                throw new IllegalStateException("version.txt is missing from the jar");
            }
            return new String(in.readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For programs. */
    static Map<String, Object> entry() {
        return Json.entries(
                "portolan", number(),
                "java", System.getProperty("java.version"),
                "system", System.getProperty("os.name"),
                "machine", System.getProperty("os.arch"));
    }

    /** {@code Portolan 0.1.0, Java 25.0.1, Linux amd64}. */
    public static String sentence() {
        return "Portolan %s, Java %s, %s %s"
                .formatted(
                        number(),
                        System.getProperty("java.version"),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"));
    }
}
