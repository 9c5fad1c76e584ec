package org.portolan.shell.ssh;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.shell.ShellSite;
import org.portolan.stores.files.Access;
import org.portolan.stores.files.OpenFile;
import org.portolan.stores.files.Opening;
import org.portolan.stores.files.View;

/** Replies that are made in the packets they leave in, whatever size of those a client takes. */
class ChannelOutputTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int SIZE = 700_001;
    private static final byte[] CONTENT = new byte[SIZE];

    @TempDir private static Path root;

    private static ShellSite site;

    @BeforeAll
    static void open() throws Exception {
        site = ShellSite.in(root);
        new Random(4254).nextBytes(CONTENT);
        View view = site.files().view(site.ada(), "ssh", "test-1");
        Opening anew = new Opening(EnumSet.of(Access.WRITE), Access.ALL, Opening.Disposition.ANY);
        try (OpenFile file = view.open(view.start().child("large"), anew)) {
            file.write(ByteBuffer.wrap(CONTENT), 0);
        }
    }

    @AfterAll
    static void close() throws Exception {
        site.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2097152, 32768",
        "2097152, 65536", // ours are smaller
        "40000, 32768", // the second packet does not fit
        "32768, 32768",
        "5001, 700",
        "4000, 64",
        "4000, 41", // less than a reply's head in one piece
    })
    void aFileArrivesAsItIs(long window, long packet) throws Exception {
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.setServerKeyVerifier((session, address, key) -> true);
            CoreModuleProperties.WINDOW_SIZE.set(client, window);
            CoreModuleProperties.MAX_PACKET_SIZE.set(client, packet);
            client.start();
            try (ClientSession session =
                    client.connect("ada", site.door("ssh")).verify(LONG).getSession()) {
                session.addPasswordIdentity(ShellSite.PASSWORD);
                session.auth().verify(LONG);
                try (ClientChannel channel = session.createSubsystemChannel("sftp")) {
                    channel.open().verify(LONG);
                    assertThat(fetched(channel)).isEqualTo(CONTENT);
                }
            }
        }
        site.quiet();
    }

    /** Asks for all before the first answer; in steps small and large, with others between. */
    private static byte[] fetched(ClientChannel channel) throws Exception {
        OutputStream to = channel.getInvertedIn();
        ByteBuffer asked = ByteBuffer.allocate(64 * 1024);
        asked.putInt(5).put((byte) 1).putInt(3);
        asked.putInt(1 + 4 + 4 + 5 + 4 + 4).put((byte) 3).putInt(1);
        asked.putInt(5).put("large".getBytes(US_ASCII));
        asked.putInt(1).putInt(0);
        int[] steps = {1, 50, 20_000, 40_000, 100_000, 300_000, 51, 300_000, 300_000};
        int id = 2;
        int at = 0;
        for (int step : steps) {
            asked.putInt(9).put((byte) 8).putInt(id++).putInt(4); // FSTAT, cut short: refused
            asked.putInt(25)
                    .put((byte) 5)
                    .putInt(id++)
                    .putInt(4)
                    .putInt(0)
                    .putLong(at)
                    .putInt(step);
            at += Math.min(step, 256 * 1024);
        }
        to.write(asked.array(), 0, asked.position());
        to.flush();

        ByteBuffer content = ByteBuffer.allocate(SIZE);
        DataInputStream from = new DataInputStream(channel.getInvertedOut());
        for (int reply = 0; reply < 2 + 2 * steps.length; reply++) {
            byte[] packet = new byte[from.readInt()];
            from.readFully(packet);
            ByteBuffer fields = ByteBuffer.wrap(packet);
            int type = fields.get();
            if (type == 103) { // DATA
                assertThat(fields.getInt()).isEqualTo(reply);
                assertThat(fields.getInt()).isEqualTo(fields.remaining());
                content.put(fields);
            }
        }
        assertThat(content.hasRemaining()).isFalse();
        return content.array();
    }
}
