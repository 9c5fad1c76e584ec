package org.portolan.kernel.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** Reads the header of the PROXY protocol: a line of text (version 1), or bytes (version 2). */
public final class ProxyHeader {
    /** Where bytes come from. */
    @FunctionalInterface
    public interface Source {
        /** Exactly {@code count} bytes, waiting for them. */
        byte[] next(int count) throws IOException;
    }

    private static final byte[] TEXT = "PROXY ".getBytes(US_ASCII);
    private static final byte[] BINARY = {
        '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
    };

    /** "PROXY UNKNOWN", two IPv6 addresses, two ports, blanks and CR LF. */
    private static final int LONGEST_LINE = 107;

    /** The rest of version 2 may say that it has up to 64 KiB; proxies send a few hundred bytes. */
    private static final int MOST_BYTES = 4096;

    private static final String PORT = "(0|[1-9][0-9]{0,4})";
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String IPV4 = "(" + OCTET + "(?:\\." + OCTET + "){3})";
    private static final String IPV6 = "(?=[^ ]*:)([0-9A-Fa-f:.]{2,45})";
    private static final Pattern TCP4 = line("TCP4", IPV4);
    private static final Pattern TCP6 = line("TCP6", IPV6);

    private static Pattern line(String family, String address) {
        return Pattern.compile(String.join(" ", family, address, address, PORT, PORT));
    }

    private ProxyHeader() {}

    /**
     * Reads a header and nothing behind it.
     *
     * @return the client's address and port; empty if the proxy speaks for itself
     * @throws MalformedHeader as soon as it is clear that no proper header comes
     */
    public static Optional<InetSocketAddress> read(Source source) throws IOException {
        byte[] begin = source.next(TEXT.length);
        if (Arrays.equals(begin, TEXT)) {
            return text(source);
        }
        if (!Arrays.equals(begin, Arrays.copyOf(BINARY, begin.length))) {
            throw new MalformedHeader("neither version begins like this");
        }
        byte[] end = source.next(BINARY.length - begin.length);
        if (!Arrays.equals(end, Arrays.copyOfRange(BINARY, begin.length, BINARY.length))) {
            throw new MalformedHeader("neither version begins like this");
        }
        return binary(source);
    }

    // ---- version 1:  PROXY TCP4 192.0.2.7 198.51.100.1 49152 25 CR LF

    private static Optional<InetSocketAddress> text(Source source) throws IOException {
        String line = restOfLine(source);
        if (line.equals("UNKNOWN") || line.startsWith("UNKNOWN ")) { // §2.1: whatever follows it
            return Optional.empty();
        }
        Matcher four = TCP4.matcher(line);
        Matcher parts = four.matches() ? four : TCP6.matcher(line);
        if (!parts.matches()) {
            throw new MalformedHeader("the line is not written like that");
        }
        address(parts.group(2));
        port(parts.group(4));
        return Optional.of(client(address(parts.group(1)), port(parts.group(3))));
    }

    /** Byte by byte: what is behind the line belongs to the conversation. */
    private static String restOfLine(Source source) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int last = 0;
        for (int i = TEXT.length; i < LONGEST_LINE; i++) {
            int octet = source.next(1)[0];
            if (octet == '\n') {
                if (last != '\r') {
                    throw new MalformedHeader("the line ends without CR LF");
                }
                String text = line.toString(US_ASCII);
                return text.substring(0, text.length() - 1);
            }
            line.write(octet);
            last = octet;
        }
        throw new MalformedHeader("the line is too long");
    }

    private static InetAddress address(String text) throws MalformedHeader {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedHeader("no such address");
        }
    }

    private static int port(String text) throws MalformedHeader {
        int port = Integer.parseInt(text);
        if (port > 65_535) {
            throw new MalformedHeader("no such port");
        }
        return port;
    }

    // ---- version 2
    //
    //   12 bytes   signature
    //    1 byte    version 2 in the high half; command in the low one: 0 LOCAL, 1 PROXY
    //    1 byte    family in the high half: 1 IPv4, 2 IPv6, 3 Unix; transport: 1 stream, 2 datagram
    //    2 bytes   how many bytes follow
    //   both addresses, then both ports; then type (1), length (2), value, again and again

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP_OVER_IPV4 = 0x11;
    private static final int TCP_OVER_IPV6 = 0x21;
    private static final int UNIX_STREAM = 0x31;
    private static final int UNIX_ADDRESSES = 216; // bytes, both
    private static final int CHECKSUM = 0x03; // a type

    private static Optional<InetSocketAddress> binary(Source source) throws IOException {
        byte[] fixed = source.next(4);
        int command = fixed[0] & 0xff;
        int family = fixed[1] & 0xff;
        int length = (fixed[2] & 0xff) << 8 | (fixed[3] & 0xff);
        if (command != LOCAL && command != PROXY) {
            throw new MalformedHeader("neither version 2 nor one of its commands");
        }
        if (length > MOST_BYTES) {
            throw new MalformedHeader(length + " bytes are too many");
        }
        byte[] rest = source.next(length);
        if (command == LOCAL) { // §2.2: accepted, and what follows is left alone
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(rest);
        Optional<InetSocketAddress> client =
                switch (family) {
                    case TCP_OVER_IPV4 -> Optional.of(addresses(in, 4));
                    case TCP_OVER_IPV6 -> Optional.of(addresses(in, 16));
                    case UNIX_STREAM -> skipped(in, UNIX_ADDRESSES);
                    case UNSPECIFIED -> skipped(in, 0);
                    default -> throw new MalformedHeader("no stream of a known family");
                };
        if (family != UNSPECIFIED) {
            checkValues(in, fixed, rest);
        }
        return client;
    }

    private static InetSocketAddress addresses(ByteBuffer in, int size) throws IOException {
        if (in.remaining() < 2 * size + 4) {
            throw new MalformedHeader("it ends within the addresses");
        }
        byte[] from = new byte[size];
        in.get(from);
        in.position(in.position() + size); // what the client called
        int port = in.getShort() & 0xffff;
        in.getShort();
        return client(InetAddress.getByAddress(from), port);
    }

    private static Optional<InetSocketAddress> skipped(ByteBuffer in, int count)
            throws MalformedHeader {
        if (in.remaining() < count) {
            throw new MalformedHeader("it ends within the addresses");
        }
        in.position(in.position() + count);
        return Optional.empty();
    }

    private static void checkValues(ByteBuffer in, byte[] fixed, byte[] rest)
            throws MalformedHeader {
        while (in.hasRemaining()) {
            if (in.remaining() < 3) {
                throw new MalformedHeader("it ends within a value");
            }
            int type = in.get();
            int length = in.getShort() & 0xffff;
            if (length > in.remaining()) {
                throw new MalformedHeader("it ends within a value");
            }
            if (type == CHECKSUM) {
                checkSum(in.position(), length, fixed, rest);
            }
            in.position(in.position() + length);
        }
    }

    /** §2.2.3: over the whole header, the four bytes of the sum itself being zero. */
    private static void checkSum(int at, int length, byte[] fixed, byte[] rest)
            throws MalformedHeader {
        if (length != 4) {
            throw new MalformedHeader("its checksum has not four bytes");
        }
        byte[] zeroed = rest.clone();
        Arrays.fill(zeroed, at, at + length, (byte) 0);
        CRC32C sum = new CRC32C();
        sum.update(BINARY);
        sum.update(fixed);
        sum.update(zeroed);
        if ((int) sum.getValue() != ByteBuffer.wrap(rest).getInt(at)) {
            throw new MalformedHeader("its checksum is wrong");
        }
    }

    /** A peer that a connection can have. */
    private static InetSocketAddress client(InetAddress address, int port) throws MalformedHeader {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new MalformedHeader("no client has such an address");
        }
        return new InetSocketAddress(address, port);
    }
}
