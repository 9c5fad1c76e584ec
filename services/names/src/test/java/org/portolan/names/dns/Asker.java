package org.portolan.names.dns;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.portolan.stores.zones.ZoneTable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** Asks a responder without a socket, and has dnsjava read the answers. */
final class Asker {
    private static final byte[] HERE = {127, 0, 0, 1};

    private final Responder responder;
    private final byte[] in = new byte[Desk.LONGEST_REQUEST];
    private final byte[] room = new byte[0xffff];

    Asker() {
        responder = new Responder(NamesSite.settings(Map.of()), NamesSite.SECRET);
    }

    static byte[] question(Name name, int type) {
        return Message.newQuery(Record.newRecord(name, type, DClass.IN)).toWire();
    }

    /** The bytes of the answer; none for silence. */
    byte[] ask(ZoneTable zones, byte[] request, boolean stream) {
        System.arraycopy(request, 0, in, 0, request.length);
        Arrays.fill(in, request.length, in.length, (byte) 0xaa); // nobody may look there
        int length = responder.respond(in, request.length, HERE, 0, stream, zones, room);
        return Arrays.copyOf(room, length);
    }

    Message ask(ZoneTable zones, Name name, int type) {
        try {
            return new Message(ask(zones, question(name, type), true));
        } catch (IOException e) {
            throw new AssertionError("an answer that cannot be read: " + name, e);
        }
    }
}
