package org.portolan.shell.sftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.shell.ShellSite;
import org.portolan.shell.sftp.ScpSession.Wanted;
import org.portolan.stores.files.View;

/** The protocol of rcp, as scp -O speaks it. */
class ScpSessionTest {
    @TempDir private static Path root;

    private static ShellSite site;
    private static View view;

    @BeforeAll
    static void open() throws Exception {
        site = ShellSite.in(root);
        view = site.files().view(site.ada(), "ssh", "test-1");
    }

    @AfterAll
    static void close() throws Exception {
        site.close();
    }

    private record Played(int status, String said) {}

    private static Played play(String command, String input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(ISO_8859_1));
        Wanted wanted = Wanted.of(List.of(command.split(" "))).orElseThrow();
        int status = new ScpSession(view, in, out).run(wanted);
        return new Played(status, out.toString(ISO_8859_1));
    }

    @Test
    void whatTheClientHadRun() {
        assertThat(Wanted.of(List.of("scp", "-rp", "-d", "-t", "--", "-x")))
                .contains(new Wanted(true, true, true, true, List.of("-x")));
        assertThat(Wanted.of(List.of("scp", "-f", "a", "b c")))
                .contains(new Wanted(false, false, false, false, List.of("a", "b c")));
        for (String no :
                List.of("scp", "scp -t", "scp -t a b", "scp -f", "scp a", "scp -tf a", "cp -t a")) {
            assertThat(Wanted.of(List.of(no.split(" ")))).isEqualTo(Optional.empty());
        }
    }

    @Test
    void aFileComesAndGoes() throws IOException {
        assertThat(play("scp -p -t file", "T1000 0 2000 0\nC0600 5 file\nhello\0"))
                .isEqualTo(new Played(0, "\0\0\0\0"));
        assertThat(play("scp -p -f file", "\0\0\0\0"))
                .isEqualTo(new Played(0, "T1000 0 2000 0\nC0600 5 file\nhello\0"));
    }

    @Test
    void aFolderComesAndGoes() throws IOException {
        String folder = "D0755 0 made\nC0644 1 a\nx\0D0755 0 inner\nC0644 0 b\n\0E\nE\n";
        assertThat(play("scp -r -t .", folder).status()).isZero();
        assertThat(play("scp -r -f made", "\0".repeat(20)).said())
                .startsWith("D0700 0 made\n")
                .contains("C0600 1 a\nx\0", "D0700 0 inner\nC0600 0 b\n\0E\n")
                .endsWith("E\n");
    }

    /** What else a client could overwrite is well known (CVE-2019-6111, the other way round). */
    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "../x", "a/b", "/etc/passwd", "x/"})
    void aNameIsNoPath(String name) {
        assertThatThrownBy(() -> play("scp -r -t /home", "C0644 1 " + name + "\nx\0"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> play("scp -r -t /home", "D0755 0 " + name + "\nE\n"))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rubbish\n",
                "C0644 1\n",
                "C0644 -1 a\n",
                "C0644 9999999999999999999 a\n",
                "C0999 1 a\n",
                "T1\n",
                "\n",
                "C0644 1 a",
                "D0755 0 a\nD0755 0 b\nC0644 1 c\n",
            })
    void whatIsNoLineEndsIt(String line) {
        assertThatThrownBy(() -> play("scp -r -t /home", line)).isInstanceOf(Exception.class);
    }

    @Test
    void aLineHasAnEnd() {
        assertThatThrownBy(() -> play("scp -t /home", "C0644 1 " + "a".repeat(10_000)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void foldersAreNotWithoutEnd() {
        assertThatThrownBy(() -> play("scp -r -t /home", "D0755 0 deep\n".repeat(100)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aFolderThatWasNotAskedForIsNotTaken() {
        assertThatThrownBy(() -> play("scp -t /home", "D0755 0 surprise\nE\n"))
                .isInstanceOf(IOException.class);
    }

    /** The file that was there stays as it was: half of another does not take its place. */
    @Test
    void aFileThatBreaksOffIsNotThere() throws IOException {
        play("scp -t kept", "C0644 3 kept\nold\0");
        assertThatThrownBy(() -> play("scp -t kept", "C0644 100 kept\nhalf"))
                .isInstanceOf(IOException.class);
        assertThat(play("scp -f kept", "\0\0\0").said()).isEqualTo("C0600 3 kept\nold\0");
    }

    @Test
    void whatIsMissingIsSaidAndTheNextIsSent() throws IOException {
        play("scp -t there", "C0644 2 there\nhi\0");
        Played played = play("scp -f missing there", "\0\0\0\0");
        assertThat(played.status()).isEqualTo(1);
        assertThat(played.said()).startsWith("\1scp: ").endsWith("C0600 2 there\nhi\0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../../etc/passwd", "/etc/passwd", "/proc/self/environ"})
    void nothingOfTheHostIsSent(String path) throws IOException {
        Played played = play("scp -f " + path, "\0\0\0");
        assertThat(played.status()).isEqualTo(1);
        assertThat(played.said()).doesNotContain("root:").startsWith("\1scp: ");
    }

    @Test
    void namesDoNotSteerTerminals() throws IOException {
        String said = play("scp -f \u001b[2Jx", "\0").said();
        assertThat(said.getBytes(UTF_8)).doesNotContain((byte) 27);
    }
}
