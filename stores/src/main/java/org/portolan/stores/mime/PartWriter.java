package org.portolan.stores.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link ParsedMessage} as few bytes: a version, then each value in the order of the
 * record. A number is 7 bits a byte, the lowest first; a string is its length + 1 and its bytes, or
 * 0 if there is none; a list is its count and its members.
 */
final class PartWriter {
    static final int VERSION = 1;

    private byte[] bytes = new byte[512];
    private int size;

    byte[] message(ParsedMessage message) {
        number(VERSION);
        byte[] preview = message.preview().getBytes(UTF_8);
        number(preview.length);
        raw(preview);
        part(message.root());
        return Arrays.copyOf(bytes, size);
    }

    private void part(Part part) {
        number(part.headerFrom());
        number(part.bodyFrom() - part.headerFrom());
        number(part.end() - part.bodyFrom());
        number(part.headerLines());
        number(part.bodyLines());
        text(part.type());
        text(part.subtype());
        parameters(part.parameters());
        text(part.id());
        text(part.description());
        text(part.encoding());
        text(part.md5());
        Disposition disposition = part.disposition();
        text(disposition == null ? null : disposition.type());
        if (disposition != null) {
            parameters(disposition.parameters());
        }
        number(part.languages().size());
        part.languages().forEach(this::text);
        text(part.location());
        Envelope envelope = part.envelope();
        number(envelope == null ? 0 : 1);
        if (envelope != null) {
            envelope(envelope);
        }
        number(part.children().size());
        part.children().forEach(this::part);
    }

    private void envelope(Envelope envelope) {
        text(envelope.date());
        text(envelope.subject());
        addresses(envelope.from());
        addresses(envelope.sender());
        addresses(envelope.replyTo());
        addresses(envelope.to());
        addresses(envelope.cc());
        addresses(envelope.bcc());
        text(envelope.inReplyTo());
        text(envelope.messageId());
        text(envelope.references());
    }

    private void addresses(List<Address> addresses) {
        number(addresses.size());
        for (Address address : addresses) {
            text(address.name());
            text(address.route());
            text(address.mailbox());
            text(address.host());
        }
    }

    private void parameters(List<Parameter> parameters) {
        number(parameters.size());
        for (Parameter parameter : parameters) {
            text(parameter.name());
            text(parameter.value());
        }
    }

    private void number(long value) {
        room(10);
        long left = value;
        while (left > 0x7f) {
            bytes[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
    }

    private void text(@Nullable String value) {
        if (value == null) {
            number(0);
            return;
        }
        number(value.length() + 1L);
        raw(value.getBytes(ISO_8859_1));
    }

    private void raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
