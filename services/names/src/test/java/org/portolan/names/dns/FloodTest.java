package org.portolan.names.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.kernel.Datagram;
import org.portolan.kernel.Outbox;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Questions that somebody else seems to send, to have our answers sent to him. */
class FloodTest {
    private static final String VICTIM = "192.0.2.7";
    private static final Instant NOW = Instant.parse("2027-01-15T12:00:00Z");

    /** What went out. */
    private static final class Counted implements Outbox {
        private final byte[] room = new byte[DnsService.LONGEST_DATAGRAM];
        private int whole;
        private int truncated;
        private long bytes;

        @Override
        public byte[] room() {
            return room;
        }

        @Override
        public void reply(int length) {
            bytes += length;
            if ((room[2] & 2) != 0) {
                truncated++;
            } else {
                whole++;
            }
        }

        @Override
        public InetAddress asked() {
            throw new AssertionError("nobody asks");
        }

        @Override
        public Later later() {
            throw new AssertionError("nothing waits");
        }
    }

    private final DnsAnswers answers =
            new DnsAnswers(NamesSite.settings(Map.of()), NamesSite.SECRET, new Once()::table);

    private static Datagram from(String address, byte[] request) {
        return Datagram.of(
                request, new InetSocketAddress(InetAddress.ofLiteral(address), 4000), NOW);
    }

    private static byte[] question(String name, int type) {
        return Asker.question(Name.fromConstantString(name), type);
    }

    @Test
    void theSameNameAgainAndAgain() {
        DnsAnswers limited =
                new DnsAnswers(NamesSite.settings(Map.of()), NamesSite.SECRET, new Once()::table);
        Counted out = new Counted();
        byte[] request = question("portolan.example.", Type.MX);
        for (int i = 0; i < 10_000; i++) {
            limited.answer(from(VICTIM, request), out);
        }
        assertThat(out.whole).isEqualTo(200);
        assertThat(out.truncated).isEqualTo(4900);
        assertThat(out.bytes).isLessThan(10_000L * request.length); // less out than in
        Counted other = new Counted();
        limited.answer(from("198.51.100.1", request), other);
        assertThat(other.whole).isOne();
    }

    /** The zones are read once. */
    private static final class Once {
        private final org.portolan.stores.zones.ZoneTable table = ZoneFiles.all();

        org.portolan.stores.zones.ZoneTable table() {
            return table;
        }
    }

    private int wholeOf(List<String> names) {
        Once zones = new Once();
        DnsAnswers limited =
                new DnsAnswers(NamesSite.settings(Map.of()), NamesSite.SECRET, zones::table);
        Counted out = new Counted();
        for (int i = 0; i < 3000; i++) {
            String name = names.get(i % names.size()).replace("*", "x" + i);
            limited.answer(from(VICTIM, question(name, Type.A)), out);
        }
        return out.whole;
    }

    @Test
    void namesOfOneWildcardOrOfNoneCountAsOne() {
        assertThat(wholeOf(List.of("*.portolan.example."))).isEqualTo(200);
        assertThat(wholeOf(List.of("*.wild.portolan.example."))).isEqualTo(200);
        assertThat(wholeOf(List.of("*.child.portolan.example."))).isEqualTo(200);
        assertThat(wholeOf(List.of("*.elsewhere.example."))).isEqualTo(200);
        assertThat(wholeOf(List.of("*.old.portolan.example."))).isEqualTo(200);
        assertThat(wholeOf(List.of("web.portolan.example.", "mail.portolan.example.")))
                .isEqualTo(400);
    }

    @Test
    void whoShowsACookieIsNotLimited() {
        Cookies cookies = new Cookies(NamesSite.SECRET);
        byte[] own = HexFormat.of().parseHex("0102030405060708");
        byte[] address = InetAddress.ofLiteral(VICTIM).getAddress();
        cookies.check(own, 0, own.length, address, (int) NOW.getEpochSecond());
        byte[] plain = question("web.portolan.example.", Type.A);
        byte[] request = java.util.Arrays.copyOf(plain, plain.length + 11 + 4 + Cookies.WHOLE);
        request[11] = 1;
        byte[] opt = HexFormat.of().parseHex("00002904d000000000001c000a0018");
        System.arraycopy(opt, 0, request, plain.length, opt.length);
        System.arraycopy(cookies.answer(), 0, request, plain.length + opt.length, Cookies.WHOLE);
        Counted out = new Counted();
        for (int i = 0; i < 1000; i++) {
            answers.answer(from(VICTIM, request), out);
        }
        assertThat(out.whole).isEqualTo(1000);
    }

    @Test
    void nobodyIsAtPortZero() {
        Counted out = new Counted();
        byte[] request = question("web.portolan.example.", Type.A);
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.ofLiteral(VICTIM), 0);
        answers.answer(Datagram.of(request, nowhere, NOW), out);
        assertThat(out.bytes).isZero();
    }

    /** Cookies wanted: with one of its own a client gets ours, without any it is sent to TCP. */
    @Test
    void cookiesCanBeRequired() throws Exception {
        try (NamesSite site = new NamesSite(Map.of("cookies_required", true));
                DatagramSocket client = new DatagramSocket()) {
            client.connect(site.udp());
            client.setSoTimeout(20_000);
            byte[] request = question("web.portolan.example.", Type.A);
            client.send(new DatagramPacket(request, request.length));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            client.receive(answer);
            assertThat(answer.getData()[2] & 2).isEqualTo(2);
            assertThat(answer.getLength()).isEqualTo(request.length);
        }
    }
}
