package org.portolan.shell.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.shell.sftp.SftpRequest.Attrs;
import org.portolan.wire.Refusal;

/** Packets as bytes, and cut short at every byte. */
class SftpRequestTest {
    private static final int NONE = 0;
    private static final int HANDLE_LENGTH = 4;

    static Stream<Arguments> whole() {
        return Stream.of(
                Arguments.of(3, SftpPackets.of("/a", 0x1a, NONE), SftpRequest.Open.class),
                Arguments.of(4, SftpPackets.of(HANDLE_LENGTH, 7), SftpRequest.Close.class),
                Arguments.of(5, SftpPackets.of(4, 7, 1L << 40, 32), SftpRequest.Read.class),
                Arguments.of(6, SftpPackets.of(4, 7, 9L, "data"), SftpRequest.Write.class),
                Arguments.of(7, SftpPackets.of("/a"), SftpRequest.Stat.class),
                Arguments.of(8, SftpPackets.of(4, 7), SftpRequest.HandleStat.class),
                Arguments.of(9, SftpPackets.of("/a", 4, 0644), SftpRequest.SetStat.class),
                Arguments.of(10, SftpPackets.of(4, 7, 1, 5L), SftpRequest.SetHandleStat.class),
                Arguments.of(11, SftpPackets.of("/a"), SftpRequest.OpenFolder.class),
                Arguments.of(12, SftpPackets.of(4, 7), SftpRequest.ReadFolder.class),
                Arguments.of(13, SftpPackets.of("/a"), SftpRequest.Remove.class),
                Arguments.of(14, SftpPackets.of("/a"), SftpRequest.MakeFolder.class),
                Arguments.of(15, SftpPackets.of("/a"), SftpRequest.RemoveFolder.class),
                Arguments.of(16, SftpPackets.of("."), SftpRequest.RealPath.class),
                Arguments.of(17, SftpPackets.of("/a"), SftpRequest.Stat.class),
                Arguments.of(18, SftpPackets.of("/a", "/b"), SftpRequest.Rename.class),
                Arguments.of(19, SftpPackets.of("/a"), SftpRequest.ReadLink.class),
                Arguments.of(20, SftpPackets.of("/a", "/b"), SftpRequest.Symlink.class),
                extension("posix-rename@openssh.com", SftpRequest.Rename.class, "/a", "/b"),
                extension("hardlink@openssh.com", SftpRequest.Hardlink.class, "/a", "/b"),
                extension("statvfs@openssh.com", SftpRequest.FileSystem.class, "/a"),
                extension("fstatvfs@openssh.com", SftpRequest.HandleFileSystem.class, 4, 7),
                extension("fsync@openssh.com", SftpRequest.Sync.class, 4, 7),
                extension("expand-path@openssh.com", SftpRequest.ExpandPath.class, "~"),
                extension("home-directory", SftpRequest.HomeFolder.class, "ada"),
                extension("copy-data", SftpRequest.Copy.class, 4, 7, 0L, 9L, 4, 8, 3L),
                extension(
                        "users-groups-by-id@openssh.com", SftpRequest.Names.class, "\0\0\0\1", ""));
    }

    private static Arguments extension(String name, Class<?> record, Object... parts) {
        Object[] all = new Object[parts.length + 1];
        all[0] = name;
        System.arraycopy(parts, 0, all, 1, parts.length);
        return Arguments.of(200, SftpPackets.of(all), record);
    }

    @ParameterizedTest
    @MethodSource("whole")
    void aWholePacketIsItsRecordAndHalfOfItNone(int type, byte[] bytes, Class<?> record)
            throws Refusal {
        assertThat(SftpRequest.parse(type, ByteBuffer.wrap(bytes))).isInstanceOf(record);
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer half = ByteBuffer.wrap(bytes, 0, length);
            assertThatThrownBy(() -> parsedKnown(type, half)).isInstanceOf(Refusal.class);
        }
    }

    /** The name of an extension, cut short at its own end, is another and is not known. */
    private static void parsedKnown(int type, ByteBuffer bytes) throws Refusal {
        if (SftpRequest.parse(type, bytes) instanceof SftpRequest.Unknown) {
            throw new Refusal("not known");
        }
    }

    @Test
    void whatIsSaidOfAFile() throws Refusal {
        byte[] all = SftpPackets.of("/a", 0xf, 5L, 1, 2, 0100644, 3, -1);
        SftpRequest.SetStat set = (SftpRequest.SetStat) SftpRequest.parse(9, ByteBuffer.wrap(all));
        assertThat(set.attrs())
                .isEqualTo(
                        new Attrs(
                                OptionalLong.of(5),
                                OptionalInt.of(0644),
                                OptionalLong.of(3),
                                OptionalLong.of(0xffffffffL)));
        assertThat(set.path()).isEqualTo("/a".getBytes(UTF_8));
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of(7, SftpPackets.of(Integer.MAX_VALUE)),
                Arguments.of(7, SftpPackets.of(-1, 0)),
                Arguments.of(4, SftpPackets.of(3, 7)),
                Arguments.of(4, SftpPackets.of(-1, 7)),
                Arguments.of(5, SftpPackets.of(4, 7, -1L, 5)),
                Arguments.of(6, SftpPackets.of(4, 7, 0L, 1 << 30)),
                Arguments.of(6, SftpPackets.of(4, 7, 0L, -1)),
                Arguments.of(9, SftpPackets.of("/a", 1, -5L)),
                Arguments.of(200, SftpPackets.of("copy-data", 4, 7, 0L, -9L, 4, 8, 0L)));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void aLengthThatLiesIsRefused(int type, byte[] bytes) {
        assertThatThrownBy(() -> SftpRequest.parse(type, ByteBuffer.wrap(bytes)))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void aLengthToReadIsAWish() throws Refusal {
        SftpRequest read = SftpRequest.parse(5, ByteBuffer.wrap(SftpPackets.of(4, 7, 0L, -1)));
        assertThat(read).isEqualTo(new SftpRequest.Read(7, 0, Integer.MAX_VALUE));
    }

    @Test
    void whatIsNotKnownIsKept() throws Refusal {
        assertThat(SftpRequest.parse(99, ByteBuffer.allocate(0)))
                .isEqualTo(new SftpRequest.Unknown(99));
        assertThat(SftpRequest.parse(200, ByteBuffer.wrap(SftpPackets.of("x@example"))))
                .isEqualTo(new SftpRequest.Unknown(200));
    }
}
