package org.portolan.names.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Those who are told of changes, with a server of this test as one of them. */
class NotifierTest {
    private static final int PATIENCE_MILLIS = 40_000;

    private static DatagramSocket server() throws IOException {
        DatagramSocket server = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        server.setSoTimeout(PATIENCE_MILLIS);
        return server;
    }

    private static NamesSite telling(DatagramSocket server) throws IOException {
        String whom = "127.0.0.1 " + server.getLocalPort();
        return new NamesSite(Map.of("notify", List.of(whom)));
    }

    private static DatagramPacket next(DatagramSocket server) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        server.receive(packet);
        return packet;
    }

    private static Message message(DatagramPacket packet) throws IOException {
        return new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    private static void acknowledge(DatagramSocket server, DatagramPacket told) throws IOException {
        told.getData()[2] |= (byte) 0x80;
        server.send(told);
    }

    @Test
    void theStartAndEveryChangeAreTold() throws Exception {
        try (DatagramSocket server = server();
                NamesSite site = telling(server)) {
            Set<String> zones = new TreeSet<>();
            for (int i = 0; i < 2; i++) {
                DatagramPacket told = next(server);
                Message message = message(told);
                assertThat(message.getHeader().getOpcode()).isEqualTo(Opcode.NOTIFY);
                assertThat(message.getHeader().getFlag(Flags.AA)).isTrue();
                assertThat(message.getQuestion().getType()).isEqualTo(Type.SOA);
                assertThat(message.getSection(Section.ANSWER)).hasSize(1);
                zones.add(message.getQuestion().getName().toString());
                acknowledge(server, told);
            }
            assertThat(zones).containsExactly("portolan.example.", "second.example.");
            site.changed("second.example.");
            DatagramPacket told = next(server);
            assertThat(message(told).getQuestion().getName()).hasToString("second.example.");
            acknowledge(server, told);
        }
    }

    @Test
    void whoDoesNotAnswerIsToldAgain() throws Exception {
        try (DatagramSocket server = server();
                NamesSite site = telling(server)) {
            DatagramPacket first = next(server);
            DatagramPacket again = next(server); // two seconds later
            assertThat(message(again).getQuestion()).isEqualTo(message(first).getQuestion());
            acknowledge(server, again);
            DatagramPacket other = next(server);
            assertThat(message(other).getQuestion()).isNotEqualTo(message(first).getQuestion());
            assertThat(site.udp()).isNotNull();
        }
    }
}
