package org.portolan.testkit;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The dialogues of a resource folder.
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> dialogues() {
 *     return Transcripts.tests(SmtpTest.class, "", () -> Player.against(server));
 * }
 * }</pre>
 *
 * <p>A folder is named relative to the owner's package, or absolutely with a slash before it; the
 * empty name is the package itself. Files end in {@code .txt} and come in the order of their names.
 */
public final class Transcripts {
    private Transcripts() {}

    /** A file as it was found. */
    private record Found(String text, URI place) {}

    /** All dialogues of a folder. */
    public static List<Transcript> in(Class<?> owner, String folder) {
        return found(owner, folder).entrySet().stream()
                .map(file -> Transcript.parse(file.getKey(), file.getValue().text()))
                .toList();
    }

    /**
     * A test for every dialogue of a folder at each of its paces.
     *
     * @param player asked once for each test, so that each may have a server of its own
     */
    public static Stream<DynamicTest> tests(
            Class<?> owner, String folder, Supplier<Player> player) {
        return tests(owner, folder, (Transcript _) -> player.get());
    }

    /**
     * The same, with a player that is chosen by the dialogue.
     *
     * @param player asked once for each test
     */
    public static Stream<DynamicTest> tests(
            Class<?> owner, String folder, Function<Transcript, Player> player) {
        return found(owner, folder).entrySet().stream()
                .flatMap(file -> tests(file.getKey(), file.getValue(), player));
    }

    private static Stream<DynamicTest> tests(
            String name, Found file, Function<Transcript, Player> player) {
        Transcript transcript;
        try {
            transcript = Transcript.parse(name, file.text());
        } catch (TranscriptProblem e) {
            // One file that cannot be read is one failed test; the others are played.
            return Stream.of(
                    dynamicTest(
                            name,
                            file.place(),
                            () -> {
                                throw e;
                            }));
        }
        return transcript.paces().stream()
                .map(
                        pace ->
                                dynamicTest(
                                        transcript.title() + " · " + pace.title(),
                                        file.place(),
                                        () -> player.apply(transcript).play(transcript, pace)));
    }

    /** The texts of a folder by their file names, for seeds. */
    static List<String> texts(Class<?> owner, String folder) {
        return found(owner, folder).values().stream().map(Found::text).toList();
    }

    private static SortedMap<String, Found> found(Class<?> owner, String folder) {
        String path =
                folder.startsWith("/")
                        ? folder.substring(1)
                        : owner.getPackageName().replace('.', '/') + "/" + folder;
        String directory = path.endsWith("/") ? path : path + "/";
        SortedMap<String, Found> files = new TreeMap<>();
        try {
            ClassLoader loader = Objects.requireNonNull(owner.getClassLoader());
            for (URL place : Collections.list(loader.getResources(directory))) {
                if (place.getProtocol().equals("jar")) {
                    inJar(place, directory, files);
                } else {
                    inDirectory(Path.of(place.toURI()), files);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
        if (files.isEmpty()) {
            // A folder that lost its files must not look like success.
            throw new IllegalArgumentException("no .txt files in the resource folder " + directory);
        }
        return files;
    }

    private static void inDirectory(Path directory, SortedMap<String, Found> files)
            throws IOException {
        try (DirectoryStream<Path> texts = Files.newDirectoryStream(directory, "*.txt")) {
            for (Path text : texts) {
                String name = String.valueOf(text.getFileName());
                files.putIfAbsent(name, new Found(Files.readString(text), text.toUri()));
            }
        }
    }

    private static void inJar(URL place, String directory, SortedMap<String, Found> files)
            throws IOException, URISyntaxException {
        URLConnection connection = place.openConnection();
        // A cached jar would stay open for the whole run.
        connection.setUseCaches(false);
        try (JarFile jar = ((JarURLConnection) connection).getJarFile()) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                String name = entry.getName();
                if (name.startsWith(directory)
                        && name.endsWith(".txt")
                        && name.indexOf('/', directory.length()) < 0) {
                    try (InputStream text = jar.getInputStream(entry)) {
                        files.putIfAbsent(
                                name.substring(directory.length()),
                                new Found(
                                        new String(text.readAllBytes(), StandardCharsets.UTF_8),
                                        place.toURI()));
                    }
                }
            }
        }
    }
}
