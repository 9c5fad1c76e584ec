package org.portolan.mail.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.mime.Address;
import org.portolan.stores.mime.Disposition;
import org.portolan.stores.mime.Envelope;
import org.portolan.stores.mime.Parameter;
import org.portolan.stores.mime.Part;

/** ENVELOPE, BODY and BODYSTRUCTURE (RFC 9051 §7.5.2). */
final class StructureWriter {
    private static final String DEFAULT_CHARSET = "(\"charset\" \"us-ascii\")";

    private final ImapOutput out;
    private final boolean utf8;

    /**
     * @param utf8 whether eight bits may stand in quotes (RFC 6855 §3); else they go as literals
     */
    StructureWriter(ImapOutput out, boolean utf8) {
        this.out = out;
        this.utf8 = utf8;
    }

    // ---- the envelope

    void envelope(Envelope envelope) {
        out.add('(');
        nstring(envelope.date());
        out.add(' ');
        nstring(envelope.subject());
        List<Address> from = envelope.from();
        addresses(from);
        // RFC 9051 §7.5.2: where they are missing, From stands for them
        addresses(envelope.sender().isEmpty() ? from : envelope.sender());
        addresses(envelope.replyTo().isEmpty() ? from : envelope.replyTo());
        addresses(envelope.to());
        addresses(envelope.cc());
        addresses(envelope.bcc());
        out.add(' ');
        nstring(envelope.inReplyTo());
        out.add(' ');
        nstring(envelope.messageId());
        out.add(')');
    }

    private void addresses(List<Address> addresses) {
        out.add(' ');
        if (addresses.isEmpty()) {
            out.nil();
            return;
        }
        out.add('(');
        for (Address address : addresses) {
            out.add('(');
            nstring(address.name());
            out.add(' ');
            nstring(address.route());
            out.add(' ');
            nstring(address.mailbox());
            out.add(' ');
            nstring(address.host());
            out.add(')');
        }
        out.add(')');
    }

    // ---- the structure

    /** BODYSTRUCTURE, or BODY without what is an extension. */
    void structure(Part part, boolean extended) {
        out.add('(');
        if (part.is("multipart")) {
            for (Part child : part.children()) {
                structure(child, extended);
            }
            if (part.children().isEmpty()) {
                structure(part.nothing(), extended);
            }
            out.add(' ');
            word(part.subtype());
            if (extended) {
                out.add(' ');
                parameters(part.parameters());
                rest(part);
            }
        } else {
            single(part, extended);
        }
        out.add(')');
    }

    private void single(Part part, boolean extended) {
        boolean text = part.is("text");
        word(part.type());
        out.add(' ');
        word(part.subtype());
        out.add(' ');
        if (text && part.parameter("charset").isEmpty()) { // RFC 2045 §5.2; clients wait for it
            textParameters(part.parameters());
        } else {
            parameters(part.parameters());
        }
        out.add(' ');
        nstring(part.id());
        out.add(' ');
        nstring(part.description());
        out.add(' ');
        word(part.encoding() == null || part.encoding().isBlank() ? "7bit" : part.encoding());
        out.add(' ').add(part.bodySize());
        if (part.message().isPresent()) {
            Part inside = part.message().get();
            out.add(' ');
            Envelope envelope = inside.envelope();
            if (envelope == null) {
                out.nil();
            } else {
                envelope(envelope);
            }
            out.add(' ');
            structure(inside, extended);
            out.add(' ').add(part.bodyLines());
        } else if (text) {
            out.add(' ').add(part.bodyLines());
        }
        if (extended) {
            out.add(' ');
            nstring(part.md5());
            rest(part);
        }
    }

    /** Disposition, language and location. */
    private void rest(Part part) {
        out.add(' ');
        Disposition disposition = part.disposition();
        if (disposition == null) {
            out.nil();
        } else {
            out.add('(');
            word(disposition.type());
            out.add(' ');
            parameters(disposition.parameters());
            out.add(')');
        }
        out.add(' ');
        List<String> languages = part.languages();
        if (languages.isEmpty()) {
            out.nil();
        } else {
            out.add('(');
            for (int i = 0; i < languages.size(); i++) {
                if (i > 0) {
                    out.add(' ');
                }
                word(languages.get(i));
            }
            out.add(')');
        }
        out.add(' ');
        nstring(part.location());
    }

    private void textParameters(List<Parameter> parameters) {
        if (parameters.isEmpty()) {
            out.add(DEFAULT_CHARSET);
            return;
        }
        out.add('(');
        pairs(parameters);
        out.add(" \"charset\" \"us-ascii\")");
    }

    private void parameters(List<Parameter> parameters) {
        if (parameters.isEmpty()) {
            out.nil();
            return;
        }
        out.add('(');
        pairs(parameters);
        out.add(')');
    }

    private void pairs(List<Parameter> parameters) {
        for (int i = 0; i < parameters.size(); i++) {
            if (i > 0) {
                out.add(' ');
            }
            word(parameters.get(i).name());
            out.add(' ');
            word(parameters.get(i).value());
        }
    }

    private void word(String text) {
        if (utf8) {
            out.text(text);
        } else {
            out.string(text);
        }
    }

    private void nstring(@Nullable String text) {
        if (text == null) {
            out.nil();
        } else {
            word(text);
        }
    }
}
