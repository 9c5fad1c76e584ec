package org.portolan.stores.mime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parts and envelopes as RFC 9051 §9 writes them, to be compared with what Dovecot answers. */
final class Written {
    private Written() {}

    static String structure(Part part) {
        return "(" + inside(part) + ")";
    }

    private static String inside(Part part) {
        if (part.is("multipart")) {
            StringBuilder all = new StringBuilder();
            part.children().forEach(child -> all.append(structure(child)));
            if (part.children().isEmpty()) {
                all.append("(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0")
                        .append(" NIL NIL NIL NIL)");
            }
            return all
                    + " "
                    + text(part.subtype())
                    + " "
                    + parameters(part.parameters())
                    + extra(part);
        }
        List<String> fields = new ArrayList<>();
        fields.add(text(part.type()));
        fields.add(text(part.subtype()));
        List<Parameter> parameters = new ArrayList<>(part.parameters());
        if (part.is("text") && part.parameter("charset").isEmpty()) {
            parameters.add(new Parameter("charset", "us-ascii"));
        }
        fields.add(parameters(parameters));
        fields.add(text(part.id()));
        fields.add(text(part.description()));
        fields.add(part.encoding() == null ? "\"7bit\"" : text(part.encoding()));
        fields.add(Long.toString(part.bodySize()));
        part.message()
                .ifPresent(
                        message -> {
                            fields.add(envelope(message.envelope()));
                            fields.add(structure(message));
                        });
        if (part.is("text") || part.message().isPresent()) {
            fields.add(Long.toString(part.bodyLines()));
        }
        fields.add(text(part.md5()));
        return String.join(" ", fields) + extra(part);
    }

    private static String extra(Part part) {
        Disposition disposition = part.disposition();
        String said =
                disposition == null
                        ? "NIL"
                        : "("
                                + text(disposition.type())
                                + " "
                                + parameters(disposition.parameters())
                                + ")";
        String languages =
                part.languages().isEmpty()
                        ? "NIL"
                        : "("
                                + String.join(
                                        " ", part.languages().stream().map(Written::text).toList())
                                + ")";
        return " " + said + " " + languages + " " + text(part.location());
    }

    private static String parameters(List<Parameter> parameters) {
        if (parameters.isEmpty()) {
            return "NIL";
        }
        List<String> all = new ArrayList<>();
        parameters.forEach(
                parameter -> all.add(text(parameter.name()) + " " + text(parameter.value())));
        return "(" + String.join(" ", all) + ")";
    }

    static String envelope(@Nullable Envelope envelope) {
        if (envelope == null) {
            return "no envelope";
        }
        List<Address> from = envelope.from();
        List<String> fields = new ArrayList<>();
        fields.add(text(envelope.date()));
        fields.add(text(envelope.subject()));
        fields.add(addresses(from));
        fields.add(addresses(envelope.sender().isEmpty() ? from : envelope.sender()));
        fields.add(addresses(envelope.replyTo().isEmpty() ? from : envelope.replyTo()));
        fields.add(addresses(envelope.to()));
        fields.add(addresses(envelope.cc()));
        fields.add(addresses(envelope.bcc()));
        fields.add(text(envelope.inReplyTo()));
        fields.add(text(envelope.messageId()));
        return "(" + String.join(" ", fields) + ")";
    }

    private static String addresses(List<Address> addresses) {
        if (addresses.isEmpty()) {
            return "NIL";
        }
        StringBuilder all = new StringBuilder("(");
        for (Address address : addresses) {
            all.append('(')
                    .append(text(address.name()))
                    .append(' ')
                    .append(text(address.route()))
                    .append(' ')
                    .append(text(address.mailbox()))
                    .append(' ')
                    .append(text(address.host()))
                    .append(')');
        }
        return all.append(')').toString();
    }

    private static String text(@Nullable String text) {
        return text == null
                ? "NIL"
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
