package org.portolan.shell.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.portolan.shell.sftp.SftpPackets.answers;
import static org.portolan.shell.sftp.SftpPackets.packet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.shell.ShellSite;
import org.portolan.shell.sftp.SftpPackets.Reply;
import org.portolan.stores.files.View;

/** Whole conversations of packets, on a tree of files. */
class SftpSessionTest {
    private static final int OPEN = 3;
    private static final int CLOSE = 4;
    private static final int READ = 5;
    private static final int WRITE = 6;
    private static final int OPEN_FOLDER = 11;
    private static final int READ_FOLDER = 12;
    private static final int REAL_PATH = 16;
    private static final int STATUS = 101;
    private static final int HANDLE = 102;
    private static final int DATA = 103;

    private static final int READS = 1;
    private static final int MAKES = 2 | 8 | 16;

    @TempDir private static Path root;

    private static ShellSite site;
    private static View view;

    @BeforeAll
    static void open() throws Exception {
        site = ShellSite.in(root);
        view = site.files().view(site.ada(), "ssh", "test-1");
        assertThat(
                        answers(
                                view,
                                packet(OPEN, 1, "here", MAKES, 0),
                                packet(WRITE, 2, 4, 0, 0L, "what is here"),
                                packet(CLOSE, 3, 4, 0)))
                .extracting(Reply::code)
                .containsExactly(-1, 0, 0);
    }

    @AfterAll
    static void close() throws Exception {
        site.close();
    }

    @Test
    void whatWasWrittenIsRead() throws IOException {
        List<Reply> replies =
                answers(
                        view,
                        packet(OPEN, 10, "/home/here", READS, 0),
                        packet(READ, 11, 4, 0, 5L, 100),
                        packet(READ, 12, 4, 0, 500L, 100),
                        packet(READ, 13, 4, 0, 0L, 0),
                        packet(CLOSE, 14, 4, 0));
        assertThat(replies).extracting(Reply::id).containsExactly(10, 11, 12, 13, 14);
        assertThat(replies).extracting(Reply::code).containsExactly(-1, -1, SftpReply.EOF, -1, 0);
        assertThat(replies.get(1).data()).isEqualTo("is here".getBytes(UTF_8));
    }

    /** Nothing leads out, and nothing of the host is there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../../../../../../etc/passwd",
                "/../etc/passwd",
                "/home/../../etc/passwd",
                "here/../../../etc/passwd",
                "/home/..//..//./etc/passwd",
                "/home/./.././../etc/passwd",
                "..\\..\\etc\\passwd",
                "%2e%2e/%2e%2e/etc/passwd",
                "..%2f..%2fetc/passwd",
                "....//....//etc/passwd",
                "/home/\u2024\u2024/\u2024\u2024/etc/passwd",
                "/home/..\u0000/../etc/passwd",
                "/home/here\u0000",
                "~/../../etc/passwd",
                "//etc/passwd",
                "/proc/self/root/etc/passwd",
                "file:///etc/passwd",
                "",
            })
    void noSpellingLeadsOutOfTheTree(String path) throws IOException {
        List<Reply> replies =
                answers(
                        view,
                        packet(OPEN, 1, path, READS, 0),
                        packet(OPEN_FOLDER, 2, path + "/.."),
                        packet(REAL_PATH, 3, path));
        assertThat(replies.getFirst().type()).isEqualTo(STATUS);
        assertThat(replies).noneMatch(each -> each.text().contains("root:"));
    }

    /** U+002E in two and three bytes, which UTF-8 does not know. */
    @Test
    void anOverlongDotIsNoDot() throws IOException {
        byte[] name = {'/', (byte) 0xc0, (byte) 0xae, (byte) 0xc0, (byte) 0xae, '/', 'e', 't', 'c'};
        List<Reply> replies =
                answers(view, packet(OPEN_FOLDER, 1, name.length, name), packet(CLOSE, 2, 4, 0));
        assertThat(replies).extracting(Reply::type).containsExactly(STATUS, STATUS);
    }

    @Test
    void aHandleMeansSomethingInItsConversationAlone() throws IOException {
        for (int[] handle : new int[][] {{4, 0}, {4, 7}, {4, -1}, {4, Integer.MIN_VALUE}}) {
            List<Reply> replies =
                    answers(
                            view,
                            packet(READ, 1, handle[0], handle[1], 0L, 10),
                            packet(WRITE, 2, handle[0], handle[1], 0L, "x"),
                            packet(READ_FOLDER, 3, handle[0], handle[1]),
                            packet(CLOSE, 4, handle[0], handle[1]));
            assertThat(replies).extracting(Reply::code).containsOnly(SftpReply.FAILURE);
        }
    }

    @Test
    void aHandleIsClosedOnceAndForOneKindOfThing() throws IOException {
        List<Reply> replies =
                answers(
                        view,
                        packet(OPEN_FOLDER, 1, "/home"),
                        packet(READ, 2, 4, 0, 0L, 10),
                        packet(CLOSE, 3, 4, 0),
                        packet(CLOSE, 4, 4, 0),
                        packet(OPEN, 5, "here", READS, 0),
                        packet(READ_FOLDER, 6, 4, 0),
                        packet(WRITE, 7, 4, 1, 0L, "not for writing"),
                        packet(WRITE, 8, 4, 1, 1L << 50, "nor far behind its end"),
                        packet(OPEN, 9, "here", 2, 0),
                        packet(READ, 10, 4, 2, 0L, 10));
        assertThat(replies)
                .extracting(Reply::code)
                .containsExactly(
                        -1,
                        SftpReply.FAILURE,
                        0,
                        SftpReply.FAILURE,
                        -1,
                        SftpReply.FAILURE,
                        SftpReply.PERMISSION_DENIED,
                        SftpReply.PERMISSION_DENIED,
                        -1,
                        SftpReply.PERMISSION_DENIED);
    }

    @Test
    void thereAreNotHandlesWithoutEnd() throws IOException {
        byte[][] many =
                IntStream.range(0, SftpSession.MOST_HANDLES + 2)
                        .mapToObj(i -> packet(OPEN_FOLDER, i, "/home"))
                        .toArray(byte[][]::new);
        List<Reply> replies = answers(view, many);
        assertThat(replies.subList(0, SftpSession.MOST_HANDLES))
                .allMatch(each -> each.type() == HANDLE);
        assertThat(replies.subList(SftpSession.MOST_HANDLES, replies.size()))
                .hasSize(2)
                .allMatch(each -> each.code() == SftpReply.FAILURE);
    }

    @Test
    void aLengthThatLiesWithinAPacketIsRefusedAndTheNextIsAnswered() throws IOException {
        List<Reply> replies =
                answers(
                        view,
                        packet(OPEN, 1, Integer.MAX_VALUE, "x".getBytes(UTF_8)),
                        packet(WRITE, 2, 4, 0, 0L, 1 << 20),
                        packet(READ, 3, 40, 0, 0L, 1),
                        packet(77, 4),
                        packet(200, 5, "no-such@example"),
                        packet(REAL_PATH, 6, "."));
        assertThat(replies)
                .extracting(Reply::code)
                .containsExactly(
                        SftpReply.BAD_MESSAGE,
                        SftpReply.BAD_MESSAGE,
                        SftpReply.BAD_MESSAGE,
                        SftpReply.UNSUPPORTED,
                        SftpReply.UNSUPPORTED,
                        -1);
        assertThat(replies.getLast().text()).contains("/home");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, SftpRequest.LONGEST + 1, 4})
    void aLengthOfAPacketThatLiesEndsTheConversation(int length) {
        assertThatThrownBy(() -> answers(view, SftpPackets.of(length, 1, 2)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void whoDoesNotBeginWithAVersionIsNotAnswered() {
        byte[] open = packet(OPEN, 1, "here", READS, 0);
        assertThatThrownBy(
                        () ->
                                new SftpSession(
                                                view,
                                                "ada",
                                                new java.io.ByteArrayInputStream(open),
                                                java.io.OutputStream.nullOutputStream(),
                                                org.portolan.kernel.Clock.SYSTEM)
                                        .converse())
                .isInstanceOf(IOException.class);
    }

    @Test
    void howAFileIsOpened() throws IOException {
        int append = 2 | 4 | 8;
        List<Reply> replies =
                answers(
                        view,
                        packet(OPEN, 1, "log", append, 0),
                        packet(WRITE, 2, 4, 0, 0L, "one "),
                        packet(WRITE, 3, 4, 0, 0L, "two"),
                        packet(CLOSE, 4, 4, 0),
                        packet(OPEN, 5, "log", 2 | 8 | 32, 0),
                        packet(OPEN, 6, "no such", READS, 0),
                        packet(OPEN, 7, "log", READS, 0),
                        packet(READ, 8, 4, 1, 0L, 100),
                        packet(13, 9, "log"));
        assertThat(replies)
                .extracting(Reply::code)
                .containsExactly(-1, 0, 0, 0, SftpReply.FAILURE, SftpReply.NO_SUCH_FILE, -1, -1, 0);
        assertThat(replies.get(7).data()).isEqualTo("one two".getBytes(UTF_8));
    }

    @Test
    void extensionsOfOpenSsh() throws IOException {
        List<Reply> replies =
                answers(
                        view,
                        packet(OPEN, 1, "/home/here", READS, 0),
                        packet(OPEN, 2, "copy", MAKES | READS, 0),
                        packet(200, 3, "copy-data", 4, 0, 5L, 0L, 4, 1, 0L),
                        packet(200, 4, "copy-data", 4, 0, 0L, 0L, 4, 0, 0L),
                        packet(200, 5, "fsync@openssh.com", 4, 1),
                        packet(READ, 6, 4, 1, 0L, 100),
                        packet(CLOSE, 7, 4, 1),
                        packet(200, 8, "posix-rename@openssh.com", "copy", "moved"),
                        packet(18, 9, "moved", "here"),
                        packet(200, 10, "expand-path@openssh.com", "~/x"),
                        packet(200, 11, "limits@openssh.com"),
                        packet(200, 12, "statvfs@openssh.com", "/home"),
                        packet(200, 13, "hardlink@openssh.com", "here", "link"),
                        packet(13, 14, "moved"));
        assertThat(replies)
                .extracting(Reply::code)
                .containsExactly(
                        -1,
                        -1,
                        0,
                        SftpReply.BAD_MESSAGE,
                        0,
                        -1,
                        0,
                        0,
                        SftpReply.FAILURE, // what is there already is not replaced
                        -1,
                        -1,
                        -1,
                        SftpReply.UNSUPPORTED, // unless the settings let links be made
                        0);
        assertThat(replies.get(5).type()).isEqualTo(DATA);
        assertThat(replies.get(5).data()).isEqualTo("is here".getBytes(UTF_8));
        assertThat(replies.get(9).text()).contains("/home/x");
    }
}
