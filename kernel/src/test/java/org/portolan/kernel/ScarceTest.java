package org.portolan.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Kernel.Opened;

/** A kernel in a process of its own that is short of something. */
class ScarceTest {
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

    /** Serves an echo at the addresses it is given, says where, and stops when its input ends. */
    static final class Scarce {
        private record Echo() implements Service, Conversation {
            @Override
            public String name() {
                return "echo";
            }

            @Override
            public List<Door> doors() {
                return List.of(new StreamDoor(new Port(7, "echo"), Tls.NEVER, this, ""));
            }

            @Override
            public void converse(Connection client) throws IOException {
                while (true) {
                    client.writeLine("=" + client.readLine());
                }
            }
        }

        @SuppressWarnings("SystemOut")
        public static void main(String[] addresses) throws IOException {
            List<InetAddress> at = new ArrayList<>();
            for (String address : addresses) {
                at.add(InetAddress.getByName(address));
            }
            KernelSettings settings =
                    new KernelSettings(
                            at,
                            KernelSettings.ANY_FREE_PORT,
                            10_000,
                            10_000,
                            10_000,
                            10_000,
                            Duration.ZERO,
                            Optional.empty(),
                            Set.of());
            try (Kernel kernel =
                    new Kernel(settings, Clock.SYSTEM, Admission.EVERYBODY, name -> nobody())) {
                for (Opened opened : kernel.open(List.of(new Echo()))) {
                    String where = "port " + opened.at().getPort();
                    System.out.println(opened.problem().orElse(where));
                }
                while (System.in.read() >= 0) {
                    System.out.println("reading");
                }
            }
        }

        private static Certificates.Credential nobody() {
            throw new IllegalStateException("no TLS here");
        }
    }

    private static Process start(List<String> before, List<String> flags, String... addresses)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(Scarce.class.getName());
        command.addAll(List.of(addresses));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void stop(Process process) throws Exception {
        process.getOutputStream().close();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it does not stop");
        }
    }

    @Test
    void withoutDescriptorsTheDoorWaitsAndComesBack() throws Exception {
        assumeTrue(Files.isExecutable(PRLIMIT), "prlimit (util-linux) is not installed");
        int descriptors = 100;
        Process process =
                start(
                        List.of(PRLIMIT.toString(), "--nofile=" + descriptors),
                        List.of(),
                        "127.0.0.1");
        List<TestPeer> crowd = new ArrayList<>();
        try (BufferedReader out = process.inputReader(ISO_8859_1)) {
            InetSocketAddress door = door(out.readLine());
            TestPeer first = TestPeer.to(door);
            crowd.add(first);
            first.send("before\r\n");
            assertThat(first.line()).isEqualTo("=before");

            // The system completes these connections; the process cannot accept all of them.
            for (int i = 0; i < descriptors + 20; i++) {
                TestPeer peer = TestPeer.to(door);
                peer.send("anybody?\r\n");
                crowd.add(peer);
            }
            first.send("meanwhile\r\n");
            assertThat(first.line()).isEqualTo("=meanwhile");

            // Those at the front of the queue leave; then those at its end are served.
            for (TestPeer peer : crowd.subList(0, descriptors)) {
                peer.close();
            }
            assertThat(crowd.getLast().line()).isEqualTo("=anybody?");
            stop(process);
        } finally {
            for (TestPeer peer : crowd) {
                peer.close();
            }
            process.destroyForcibly();
        }
    }

    @Test
    void withoutIpv6TheOtherDoorsOpen() throws Exception {
        Process process =
                start(List.of(), List.of("-Djava.net.preferIPv4Stack=true"), "::1", "127.0.0.1");
        try (BufferedReader out = process.inputReader(ISO_8859_1)) {
            assertThat(out.readLine()).isEqualTo("this machine has no IPv6");
            try (TestPeer peer = TestPeer.to(door(out.readLine()))) {
                peer.send("hello\r\n");
                assertThat(peer.line()).isEqualTo("=hello");
            }
            stop(process);
        } finally {
            process.destroyForcibly();
        }
    }

    private static InetSocketAddress door(String said) {
        assertThat(said).startsWith("port ");
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(said.substring(5)));
    }
}
