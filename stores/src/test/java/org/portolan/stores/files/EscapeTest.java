package org.portolan.stores.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.stores.files.Grove.get;
import static org.portolan.stores.files.Grove.names;
import static org.portolan.stores.files.Grove.path;
import static org.portolan.stores.files.Grove.put;
import static org.portolan.stores.files.ViewTest.refused;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.stores.files.FileProblem.Kind;

/** Nothing outside of a space is reached, by openat2 and name by name alike. */
final class EscapeTest {
    @TempDir(factory = Memory.class)
    Path data;

    private Grove grove;

    private View planted(boolean byStep, FileRules.Links links) throws Exception {
        grove = new Grove(data, new FileRules(FileRules.Uploads.WHOLE, links, 0, 0), byStep);
        put(grove.bob(), "/home/secret", "bob's");
        put(grove.ada(), "/home/own", "ada's");
        Files.writeString(data.resolve("secret"), "the site's");
        return grove.ada();
    }

    @AfterEach
    void fell() {
        grove.close();
    }

    private static String bytes(String hex) {
        return TreePath.text(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void no_spelling_leads_out(boolean byStep) throws Exception {
        View ada = planted(byStep, FileRules.Links.MADE);
        List<String> spellings = new ArrayList<>();
        for (String up :
                List.of(
                        "..",
                        "../",
                        "..\\",
                        "....//",
                        ".. /",
                        "../.",
                        "..%2f",
                        "%2e%2e/",
                        "..;/",
                        "．．/", // fullwidth dots
                        "‥/", // two dot leader
                        bytes("c0ae") + bytes("c0ae") + "/", // overlong dots
                        ".." + bytes("c0af"), // overlong slash
                        ".." + bytes("e080af"),
                        "..\u2215",
                        "..\uff0f")) {
            for (String rest : List.of("secret", "bob/secret", "homes/bob/secret")) {
                spellings.add(up + rest);
                spellings.add("/home/" + up + up + up + rest);
                spellings.add("own/" + up + up + rest);
            }
        }
        spellings.addAll(
                List.of(
                        data.resolve("secret").toString(),
                        "/" + data.resolve("secret"),
                        "//etc/passwd",
                        "/proc/self/environ",
                        "/home/../../../../etc/passwd",
                        "\\\\..\\..\\secret",
                        "C:\\secret",
                        "/HOME/../bob/secret",
                        "/home/.portolan",
                        "/home/.PORTOLAN/x",
                        "/homes/bob/secret",
                        "/shared/../homes/bob/secret",
                        "/shared/..",
                        "~bob/secret",
                        "/home/own/.",
                        "/home/own."));
        for (String spelling : spellings) {
            TreePath asked = ada.start().resolve(spelling);
            String seen = asked.toString();
            assertThat(asked.names()).as(spelling).doesNotContain("..", ".", "");
            try {
                String read = get(ada, seen);
                assertThat(read).as(spelling).isEqualTo("ada's");
            } catch (FileProblem e) {
                assertThat(e.kind())
                        .as(spelling)
                        .isIn(Kind.MISSING, Kind.NOT_A_FOLDER, Kind.IS_A_FOLDER, Kind.BAD_NAME);
            }
        }
        refused(Kind.BAD_NAME, () -> ada.start().resolve("own\0.txt"));
        refused(Kind.BAD_NAME, () -> ada.start().resolve("x".repeat(256)));
        refused(Kind.BAD_NAME, () -> ada.start().resolve("x/".repeat(3000)));
        refused(Kind.BAD_NAME, () -> put(ada, "/home/a\nb", ""));
        refused(Kind.BAD_NAME, () -> put(ada, "/home/" + bytes("ff"), ""));
        refused(Kind.MISSING, () -> put(ada, "/home/.portolan/x", ""));
        assertThat(names(ada, "/home")).containsExactly("own");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void links_lead_nowhere_else(boolean byStep) throws Exception {
        View ada = planted(byStep, FileRules.Links.MADE);
        Path home = grove.at("homes/ada");
        List<String> out =
                List.of(
                        "../bob/secret",
                        "../../../secret",
                        data.resolve("secret").toString(),
                        "/proc/self/environ",
                        "/etc/passwd",
                        "sub/../../bob/secret");
        ada.makeFolder(path("/home/sub"));
        for (String target : out) {
            ada.symlink(target, path("/home/link"));
            refused(Kind.NOT_SERVED, () -> get(ada, "/home/link"));
            refused(Kind.NOT_SERVED, () -> ada.stat(path("/home/link")));
            refused(Kind.NOT_SERVED, () -> ada.set(path("/home/link"), Attributes.NONE.mode(7)));
            assertThat(ada.lstat(path("/home/link")).kind()).isEqualTo(Node.Kind.LINK);
            assertThat(ada.readLink(path("/home/link"))).isEqualTo(target);
            put(ada, "/home/link", "instead of the link");
            assertThat(get(ada, "/home/link")).isEqualTo("instead of the link");
            ada.remove(path("/home/link"));
        }
        ada.symlink("../bob", path("/home/folder"));
        refused(Kind.NOT_SERVED, () -> get(ada, "/home/folder/secret"));
        refused(Kind.NOT_SERVED, () -> put(ada, "/home/folder/new", ""));
        refused(Kind.NOT_SERVED, () -> ada.remove(path("/home/folder/secret")));
        refused(Kind.NOT_SERVED, () -> ada.list(path("/home/folder")));
        refused(
                Kind.NOT_SERVED,
                () -> ada.rename(path("/home/own"), path("/home/folder/own"), true));
        Files.createSymbolicLink(home.resolve("round"), Path.of("round"));
        refused(Kind.NOT_SERVED, () -> get(ada, "/home/round"));
        assertThat(Files.readString(grove.at("homes/bob/secret"))).isEqualTo("bob's");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void links_that_stay_inside_are_followed_or_not(boolean byStep) throws Exception {
        View ada = planted(byStep, FileRules.Links.FOLLOWED);
        ada.makeFolder(path("/home/sub"));
        put(ada, "/home/sub/file", "here");
        Files.createSymbolicLink(grove.at("homes/ada/to"), Path.of("sub"));
        Files.createSymbolicLink(grove.at("homes/ada/sub/back"), Path.of("../own"));
        assertThat(get(ada, "/home/to/file")).isEqualTo("here");
        assertThat(get(ada, "/home/to/back")).isEqualTo("ada's");
        refused(Kind.UNSUPPORTED, () -> ada.symlink("own", path("/home/new")));
        refused(Kind.UNSUPPORTED, () -> ada.link(path("/home/own"), path("/home/new")));
        grove.tree.configure(new FileRules(FileRules.Uploads.WHOLE, FileRules.Links.IGNORED, 0, 0));
        refused(Kind.NOT_SERVED, () -> get(ada, "/home/to/file"));
        refused(Kind.NOT_SERVED, () -> get(ada, "/home/sub/back"));
        ada.remove(path("/home/to"));
        assertThat(get(ada, "/home/sub/file")).isEqualTo("here");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_is_no_file_is_shown_and_not_opened(boolean byStep) throws Exception {
        View ada = planted(byStep, FileRules.Links.FOLLOWED);
        Path pipe = grove.at("homes/ada/pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        assertThat(ada.stat(path("/home/pipe")).kind()).isEqualTo(Node.Kind.SPECIAL);
        refused(Kind.NOT_SERVED, () -> get(ada, "/home/pipe"));
        refused(Kind.NOT_SERVED, () -> put(ada, "/home/pipe", "x"));
        Files.setPosixFilePermissions(
                grove.at("homes/ada/own"), PosixFilePermissions.fromString("rwxr-xr-x"));
        new ProcessBuilder("chmod", "u+s", grove.at("homes/ada/own").toString()).start().waitFor();
        refused(Kind.NOT_SERVED, () -> get(ada, "/home/own"));
        ada.remove(path("/home/pipe"));
        assertThat(names(ada, "/home")).containsExactly("own");
    }

    /** A thread changes a folder into a link to somebody else's and back, thousands of times. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_folder_that_becomes_a_link_meanwhile_leads_nowhere(boolean byStep) throws Exception {
        View ada = planted(byStep, FileRules.Links.FOLLOWED);
        Path home = grove.at("homes/ada");
        ada.makeFolder(path("/home/d"));
        put(ada, "/home/d/secret", "ada's");
        Files.createSymbolicLink(home.resolve("link"), Path.of("../bob"));
        AtomicBoolean over = new AtomicBoolean();
        Thread swapper =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!over.get()) {
                                        swap(home.resolve("d"), home.resolve("link"));
                                    }
                                });
        int read = 0;
        int refused = 0;
        try {
            for (int i = 0; i < 500 || (read == 0 || refused == 0) && i < 400_000; i++) {
                try {
                    assertThat(get(ada, "/home/d/secret")).isEqualTo("ada's");
                    read++;
                } catch (FileProblem e) {
                    assertThat(e.kind()).isIn(Kind.NOT_SERVED, Kind.MISSING);
                    refused++;
                }
                if (i % 32 == 0) {
                    tryToWrite(ada);
                }
            }
        } finally {
            over.set(true);
            swapper.join();
        }
        assertThat(read).isPositive();
        assertThat(refused).isPositive();
        assertThat(Files.readString(grove.at("homes/bob/secret"))).isEqualTo("bob's");
        assertThat(names(grove.bob(), "/home")).containsExactly("secret");
    }

    private static void tryToWrite(View ada) throws FileProblem {
        try {
            put(ada, "/home/d/new", "x");
            ada.remove(path("/home/d/new"));
            ada.makeFolder(path("/home/d/sub"));
            ada.removeFolder(path("/home/d/sub"));
        } catch (FileProblem e) {
            assertThat(e.kind()).isIn(Kind.NOT_SERVED, Kind.MISSING, Kind.EXISTS, Kind.IN_USE);
        }
    }

    /** renameat2 with RENAME_EXCHANGE: at each moment there is one of the two. */
    private static void swap(Path one, Path other) {
        try {
            SystemCalls.renameat2(
                    SystemCalls.AT_FDCWD,
                    one.toString(),
                    SystemCalls.AT_FDCWD,
                    other.toString(),
                    2);
        } catch (SystemCalls.Failed e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void names_that_are_no_utf8_can_be_read_and_removed() throws Exception {
        View ada = planted(false, FileRules.Links.FOLLOWED);
        byte[] odd = {'a', (byte) 0xff, (byte) 0xc0, (byte) 0xae, 'z', (byte) 0xc3, (byte) 0xa9};
        String name = TreePath.text(odd);
        assertThat(TreePath.bytes(name)).isEqualTo(odd);
        try (Descriptor home =
                new Descriptor(
                        SystemCalls.openat(
                                SystemCalls.AT_FDCWD,
                                grove.at("homes/ada").toString(),
                                SystemCalls.O_PATH,
                                0))) {
            View.make(home, name).close();
        }
        assertThat(names(ada, "/home")).containsExactly(name, "own");
        ada.rename(path("/home").child(name), path("/home/plain"), false);
        assertThat(names(ada, "/home")).containsExactly("own", "plain");
    }
}
