package org.portolan.stores.mime;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A part of a message, or the whole: what its header says of it, and where it lies in the message.
 *
 * <p>A multipart has a child for each of its parts. A message/rfc822 (or message/global) has one:
 * the message in it, whose header begins where the body of this part does, and which has an
 * envelope. Anything else has none.
 *
 * @param headerFrom where the part's header begins, in octets from the message's beginning
 * @param bodyFrom where its body begins: after the empty line
 * @param end where its body ends; the line end before a boundary belongs to the boundary
 * @param headerLines lines of the header, with the empty one
 * @param bodyLines line ends in the body
 * @param type such as {@code text}, as written
 * @param subtype such as {@code plain}, as written
 * @param parameters of Content-Type, continuations still apart (RFC 2231 §3)
 * @param envelope of the message that begins here, or null for any other part
 */
public record Part(
        long headerFrom,
        long bodyFrom,
        long end,
        long headerLines,
        long bodyLines,
        String type,
        String subtype,
        List<Parameter> parameters,
        @Nullable String id,
        @Nullable String description,
        @Nullable String encoding,
        @Nullable String md5,
        @Nullable Disposition disposition,
        List<String> languages,
        @Nullable String location,
        @Nullable Envelope envelope,
        List<Part> children) {

    /** Octets of the body. */
    public long bodySize() {
        return end - bodyFrom;
    }

    /** Whether its type is {@code type}, in whatever case. */
    public boolean is(String type) {
        return this.type.equalsIgnoreCase(type);
    }

    /** Whether it has parts of its own. */
    public boolean multipart() {
        return is("multipart") && !children.isEmpty();
    }

    /**
     * The part of a multipart that has none: RFC 2046 §5.1.1 wants one at least, so it is an empty
     * text, of no octets, where the body begins.
     */
    public Part nothing() {
        return new Part(
                bodyFrom, bodyFrom, bodyFrom, 0, 0, "text", "plain", List.of(), null, null, null,
                null, null, List.of(), null, null, List.of());
    }

    /** The message in this part, if it is a message/rfc822 that was looked into. */
    public Optional<Part> message() {
        boolean has = !is("multipart") && !children.isEmpty();
        return has ? Optional.of(children.getFirst()) : Optional.empty();
    }

    /** The value of a parameter of Content-Type, in whatever case its name is written. */
    public Optional<String> parameter(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equalsIgnoreCase(name))
                .map(Parameter::value)
                .findFirst();
    }
}
