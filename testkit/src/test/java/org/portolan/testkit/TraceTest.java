package org.portolan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Conversation;
import org.portolan.kernel.Door;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.KernelSettings;
import org.portolan.kernel.Port;
import org.portolan.kernel.Service;
import org.portolan.kernel.Tls;

/** What the kernel traces, once saved, is a dialogue that can be played. */
class TraceTest {
    @TempDir Path folder;

    /** Says back what it hears, as often as it has heard anything. */
    private static void mirror(Connection client) throws IOException {
        client.writeLine("220 ready {any} ");
        int heard = 0;
        while (true) {
            String line = client.readLine();
            heard++;
            client.writeLine(heard + " " + line);
            if (line.equals("quit")) {
                return;
            }
        }
    }

    private record Mirror(Conversation conversation) implements Service {
        @Override
        public String name() {
            return "mirror";
        }

        @Override
        public List<Door> doors() {
            return List.of(new StreamDoor(new Port(7, "echo"), Tls.NEVER, conversation, ""));
        }
    }

    private Kernel kernel(Optional<Path> traces) throws IOException {
        return new Kernel(
                new KernelSettings(
                        List.of(InetAddress.getLoopbackAddress()),
                        KernelSettings.ANY_FREE_PORT,
                        100,
                        100,
                        100,
                        100,
                        Duration.ofSeconds(5),
                        traces,
                        Set.of("mirror")),
                FrozenClock.frozen(),
                Admission.EVERYBODY,
                name -> {
                    throw new IllegalStateException("no TLS here");
                });
    }

    private static InetSocketAddress open(Kernel kernel, Conversation conversation)
            throws IOException {
        return kernel.open(List.of(new Mirror(conversation))).getFirst().at();
    }

    @Test
    void aTraceIsATest() throws Exception {
        byte[] strange = "gr\u00fc\u00dfe {any} {0x41} {12} \0\u001b \r\n".getBytes("ISO-8859-1");
        byte[] utf8 = "… größer\u202e€ {number}\r\nquit\r\n".getBytes(StandardCharsets.UTF_8);
        String heard;
        try (Kernel kernel = kernel(Optional.of(folder))) {
            try (java.net.Socket client = new java.net.Socket()) {
                client.connect(open(kernel, TraceTest::mirror));
                client.setSoTimeout(30_000);
                client.getOutputStream().write(strange);
                client.getOutputStream().write(utf8);
                heard = new String(client.getInputStream().readAllBytes(), "ISO-8859-1");
            }
            await().until(() -> kernel.sockets().open().isEmpty());
        }
        assertThat(heard).endsWith("3 quit\r\n");

        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        Transcript trace = Transcript.read(file);
        try (Kernel kernel = kernel(Optional.empty())) {
            InetSocketAddress same = open(kernel, TraceTest::mirror);
            for (Pace pace : trace.paces()) {
                Player.against(same).play(trace, pace);
            }
            InetSocketAddress other = open(kernel, client -> client.writeLine("220 ready x"));
            assertThatThrownBy(() -> Player.against(other).play(trace, Pace.values()[0]))
                    .isInstanceOf(Mismatch.class); // the {any} was the server's own word
        }
    }
}
