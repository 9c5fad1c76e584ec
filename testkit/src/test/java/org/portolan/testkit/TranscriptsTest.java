package org.portolan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class TranscriptsTest {
    /** Stands in a jar below, together with dialogues. */
    static final class Owner {}

    /** How a protocol's own tests look: a folder, a server, nothing else. */
    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Transcripts.tests(
                TranscriptsTest.class,
                "dialogues",
                () -> {
                    ScriptedServer server = echoing();
                    return Player.against(server.address()).closing(server);
                });
    }

    private static ScriptedServer echoing() {
        try {
            return new ScriptedServer(
                    peer -> {
                        peer.say("hello");
                        String line;
                        while (!(line = peer.line()).isEmpty()) {
                            peer.say(line);
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void testsStandInTheOrderOfTheirFilesAndPaces() {
        assertThat(
                        Transcripts.tests(
                                TranscriptsTest.class, "dialogues", () -> new Unused().player()))
                .extracting(DynamicTest::getDisplayName)
                .containsExactly(
                        "01 The server greets. · turn by turn",
                        "01 The server greets. · all at once",
                        "01 The server greets. · byte by byte",
                        "02 It says what it hears. · turn by turn",
                        "02 It says what it hears. · byte by byte");
    }

    private static final class Unused {
        Player player() {
            throw new AssertionError("asked before the test ran");
        }
    }

    @Test
    void aFileThatCannotBeReadIsOneFailedTest() {
        List<DynamicTest> tests =
                Transcripts.tests(TranscriptsTest.class, "broken", () -> new Unused().player())
                        .toList();

        assertThat(tests)
                .extracting(DynamicTest::getDisplayName)
                .containsExactly(
                        "01-broken.txt",
                        "Sound. · turn by turn",
                        "Sound. · all at once",
                        "Sound. · byte by byte");
        assertThatThrownBy(() -> tests.getFirst().getExecutable().execute())
                .isInstanceOf(TranscriptProblem.class)
                .hasMessageContaining("01-broken.txt:2: ");
        assertThatThrownBy(() -> Transcripts.in(TranscriptsTest.class, "broken"))
                .isInstanceOf(TranscriptProblem.class);
    }

    @Test
    void aFolderWithoutDialoguesIsNoSuccess() {
        assertThatThrownBy(() -> Transcripts.in(TranscriptsTest.class, "nowhere"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("org/portolan/testkit/nowhere/");
    }

    @Test
    void aFolderMayBeNamedAbsolutely() {
        assertThat(Transcripts.in(Owner.class, "/org/portolan/testkit/dialogues/"))
                .extracting(Transcript::file)
                .containsExactly("01-greeting.txt", "02-echo.txt");
    }

    @Test
    void thePlayerMayBeChosenByTheDialogue() {
        List<Transcript> asked = new ArrayList<>();
        Transcripts.tests(
                        TranscriptsTest.class,
                        "dialogues",
                        (Transcript transcript) -> {
                            asked.add(transcript);
                            ScriptedServer server = echoing();
                            return Player.against(server.address()).closing(server);
                        })
                .limit(1)
                .forEach(
                        test -> {
                            try {
                                test.getExecutable().execute();
                            } catch (Throwable e) {
                                throw new AssertionError(e);
                            }
                        });

        assertThat(asked).extracting(Transcript::file).containsExactly("01-greeting.txt");
    }

    @Test
    void dialoguesMayStandInAJar(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("dialogues.jar");
        String code = Owner.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                InputStream owner = Owner.class.getClassLoader().getResourceAsStream(code)) {
            for (String name :
                    List.of(
                            "org/portolan/testkit/jarred/",
                            "org/portolan/testkit/jarred/02.txt",
                            "org/portolan/testkit/jarred/01.txt",
                            "org/portolan/testkit/jarred/not-this.md",
                            "org/portolan/testkit/jarred/deeper/03.txt")) {
                out.putNextEntry(new JarEntry(name));
                if (name.endsWith(".txt")) {
                    out.write("# A.\nC: NOOP\n".getBytes());
                }
                out.closeEntry();
            }
            out.putNextEntry(new JarEntry(code));
            owner.transferTo(out);
            out.closeEntry();
        }
        try (URLClassLoader loader =
                new URLClassLoader(
                        new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            Class<?> owner = Class.forName(Owner.class.getName(), false, loader);

            assertThat(Transcripts.in(owner, "jarred"))
                    .extracting(Transcript::file)
                    .containsExactly("01.txt", "02.txt");
        }
    }

    @Test
    void whatClientsSaySeedsAFuzzer() {
        assertThat(Seeds.lines(TranscriptsTest.class, "dialogues").map(String::new))
                .containsExactly("one", "two {310}", "");
        assertThat(Seeds.texts(TranscriptsTest.class, "dialogues"))
                .hasSize(2)
                .allMatch(text -> text.startsWith("# 0"));
    }
}
