package org.portolan.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;

/**
 * What a resolver is asked. Equal are questions about the same name, whatever its letters.
 *
 * @param type of record, as the registry numbers it
 */
record ResolverQuestion(Name name, int type) {
    /** What passes everywhere without fragments; longer answers come by TCP. */
    static final int LONGEST_DATAGRAM = 1232;

    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 255;

    /** The question about a name as people and messages write it; empty if no such can exist. */
    static Optional<ResolverQuestion> about(String written, int type) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        String ascii = written;
        try {
            if (written.chars().anyMatch(c -> c > 0x7f)) {
                ascii = IDN.toASCII(written, IDN.ALLOW_UNASSIGNED);
            }
            for (String label : ascii.replaceFirst("\\.$", "").split("\\.", -1)) {
                byte[] bytes = label.getBytes(ISO_8859_1);
                if (bytes.length == 0 || bytes.length > LONGEST_LABEL) {
                    return Optional.empty();
                }
                wire.write(bytes.length);
                wire.writeBytes(bytes);
                if (wire.size() >= LONGEST_NAME) {
                    return Optional.empty();
                }
            }
            wire.write(0);
            return Optional.of(new ResolverQuestion(new Name(wire.toByteArray()), type));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // such a name cannot exist
        }
    }

    /** The question about an address turned round (RFC 1035 §3.5, RFC 3596 §2.5). */
    static ResolverQuestion about(InetAddress address, int type) {
        return new ResolverQuestion(ReverseMap.fromAddress(address), type);
    }

    /** The question with its number, asking for recursion and whether signatures were checked. */
    byte[] message(int id) {
        Header header = new Header(id);
        header.setFlag(Flags.RD);
        header.setFlag(Flags.AD); // RFC 6840 §5.7: we understand it in an answer
        Message message = new Message();
        message.setHeader(header);
        message.addRecord(Record.newRecord(name, type, DClass.IN), Section.QUESTION);
        message.addRecord(new OPTRecord(LONGEST_DATAGRAM, 0, 0), Section.ADDITIONAL);
        return message.toWire();
    }
}
