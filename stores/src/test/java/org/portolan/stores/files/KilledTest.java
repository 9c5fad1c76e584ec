package org.portolan.stores.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.stores.files.Grove.names;
import static org.portolan.stores.files.Grove.path;
import static org.portolan.stores.files.Grove.put;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed amid uploads leaves whole files, and all that it promised. */
final class KilledTest {
    @TempDir(factory = Memory.class)
    Path data;

    private static final int THREADS = 8;
    private static final int ACKNOWLEDGED = 200;
    private static final int LARGEST = 300_000;

    /** What is killed: says each name when it is committed. */
    static final class Uploader {
        public static void main(String[] arguments) throws Exception {
            Grove grove = new Grove(Path.of(arguments[0]));
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                Thread.ofPlatform().start(() -> upload(grove.ada(), number));
            }
        }

        private static void upload(View ada, int number) {
            try {
                for (int i = 0; ; i++) {
                    // half of them replace what was there
                    String name = "f" + number + "-" + (i % 2 == 0 ? i : 0);
                    byte version = (byte) (i % 100);
                    put(ada, "/home/" + name, content(version));
                    System.out.println(name + " " + version);
                }
            } catch (FileProblem e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static byte[] content(byte version) {
        byte[] bytes = new byte[LARGEST / (version + 1)];
        Arrays.fill(bytes, version);
        return bytes;
    }

    @Test
    void what_was_acknowledged_is_there_and_whole() throws Exception {
        Map<String, Integer> promised = new ConcurrentHashMap<>();
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Uploader.class.getName(),
                                data.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int count = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                if (words.length == 2) { // else it was killed within the line
                    promised.put(words[0], Integer.parseInt(words[1]));
                }
                if (++count == ACKNOWLEDGED) {
                    process.toHandle().destroyForcibly(); // its last lines are read still
                }
            }
        }
        process.waitFor();
        assertThat(promised).isNotEmpty();
        try (Grove grove = new Grove(data)) {
            look(grove, promised);
        }
    }

    private static void look(Grove grove, Map<String, Integer> promised) throws Exception {
        for (String name : names(grove.ada(), "/home")) {
            try (OpenFile file = grove.ada().open(path("/home/" + name), Opening.READ)) {
                ByteBuffer into = ByteBuffer.allocate((int) file.size());
                while (into.hasRemaining() && file.read(into, into.position()) >= 0) {
                    continue;
                }
                assertThat(into.array()).as(name).isEqualTo(content(into.array()[0]));
                Integer version = promised.remove(name);
                if (version != null && !name.endsWith("-0")) {
                    assertThat(into.array()[0]).isEqualTo(version.byteValue());
                }
            }
        }
        assertThat(promised).as("acknowledged, and not there").isEmpty();
        assertThat(grove.hidden("homes/ada")).isEmpty();
        assertThat(grove.tree.check(grove.spaces.home(Grove.ADA).orElseThrow())).isEmpty();
    }
}
