package org.portolan.stores.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part that is still being read. */
final class OpenPart {
    long headerFrom;
    long headerLine; // line ends before it
    long bodyFrom;
    long bodyLine; // line ends before it
    long end;
    long bodyLines;
    private long skippedLines;

    /** What divides its parts, until the last one has ended; null if it has none. */
    byte @Nullable [] boundary;

    private final boolean message;
    private boolean mime; // whether its header speaks of MIME at all
    private final List<OpenPart> children = new ArrayList<>(0);
    private final Map<Field, String> fields = new EnumMap<>(Field.class);
    private String type;
    private String subtype;
    private List<Parameter> parameters = List.of();
    private @Nullable Field current;
    private byte[] value = new byte[0];
    private int length;

    /**
     * Begins one.
     *
     * @param message whether it is a whole message, with an envelope
     * @param type what it is unless its header says otherwise
     */
    OpenPart(@Nullable OpenPart parent, boolean message, String type, String subtype) {
        this.message = message;
        this.type = type;
        this.subtype = subtype;
        if (parent != null) {
            parent.children.add(this);
            mime = !message;
        }
    }

    boolean is(String wanted, String wantedSubtype) {
        return type.equalsIgnoreCase(wanted) && subtype.equalsIgnoreCase(wantedSubtype);
    }

    boolean holdsMessage() {
        return is("message", "rfc822") || is("message", "global");
    }

    /** It lies too deep to be looked into. */
    void leaveClosed() {
        type = "application";
        subtype = "octet-stream";
    }

    boolean attachment() {
        String disposition = fields.get(Field.CONTENT_DISPOSITION);
        return disposition != null && disposition.toLowerCase(Locale.ROOT).startsWith("attach");
    }

    String charset() {
        return parameters.stream()
                .filter(parameter -> parameter.name().equalsIgnoreCase("charset"))
                .map(Parameter::value)
                .findFirst()
                .orElse("");
    }

    String encoding() {
        String encoding = fields.get(Field.CONTENT_TRANSFER_ENCODING);
        return encoding == null ? "" : encoding;
    }

    // ---- its header

    /** Takes a line of the header without its end; returns how many octets of it are kept. */
    int line(byte[] line, int count, int budget) {
        int from = 0;
        boolean goesOn = line[0] == ' ' || line[0] == '\t';
        if (goesOn) { // RFC 5322 §2.2.3; how it was indented is no part of what it says
            while (from < count - 1 && (line[from + 1] == ' ' || line[from + 1] == '\t')) {
                from++;
            }
        } else {
            endField();
            int colon = 0;
            while (colon < count && line[colon] != ':') {
                colon++;
            }
            current = colon == count ? null : field(line, colon);
            from = colon + 1;
            while (from < count && (line[from] == ' ' || line[from] == '\t')) {
                from++;
            }
        }
        if (current == null) {
            return 0;
        }
        if (goesOn && length == 0) {
            from++; // nothing was said yet that a blank would divide
        }
        int room = Math.min(budget, MessageParser.MOST_FIELD_BYTES - length);
        int kept = Math.max(0, Math.min(count - from, room));
        if (value.length - length < kept) {
            value = Arrays.copyOf(value, Math.max(value.length * 2, length + kept));
        }
        System.arraycopy(line, Math.min(from, count), value, length, kept);
        if (goesOn && kept > 0 && length > 0) {
            value[length] = ' ';
        }
        length += kept;
        return kept;
    }

    private @Nullable Field field(byte[] line, int colon) {
        int end = colon;
        while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
            end--;
        }
        if (end > Field.LONGEST) {
            return null;
        }
        String name = new String(line, 0, end, ISO_8859_1).toLowerCase(Locale.ROOT);
        mime |= name.equals("mime-version") || name.equals("content-type");
        Field field = Field.named(name);
        return field == null || message || field.ofParts() ? field : null;
    }

    /** The field that was being read is whole. */
    void endField() {
        Field field = current;
        if (field == null) {
            return;
        }
        int end = length;
        while (end > 0 && (value[end - 1] == ' ' || value[end - 1] == '\t')) {
            end--;
        }
        String text = new String(value, 0, end, ISO_8859_1).replace('\0', '\u0080');
        String before = fields.get(field);
        if (before != null && field.addresses()) {
            fields.put(field, before + "," + text); // what one program shows all must see
        } else if (before == null || !field.firstCounts()) {
            fields.put(field, text);
        }
        current = null;
        length = 0;
    }

    /** The header is whole: what does it say of the body? */
    void understand() {
        if (!mime) {
            fields.keySet().removeIf(Field::ofParts);
        }
        String said = fields.get(Field.CONTENT_TYPE);
        if (said != null) {
            FieldReader reader = new FieldReader(said);
            type = reader.token();
            subtype = reader.skip('/') ? reader.token() : "";
            reader.blanks();
            if (reader.atEnd() || reader.peek() == ';') {
                parameters = reader.parameters();
            } else { // nobody knows what it is meant to be
                type = "";
                subtype = "";
            }
        }
        if (type.equalsIgnoreCase("multipart")) {
            parameters.stream()
                    .filter(parameter -> parameter.name().equalsIgnoreCase("boundary"))
                    .map(Parameter::value)
                    .filter(text -> !text.isEmpty())
                    .findFirst()
                    .ifPresent(text -> boundary = bytes(text));
        }
    }

    private static byte[] bytes(String boundary) {
        int most = Math.min(boundary.length(), MessageParser.MOST_BOUNDARY);
        return boundary.substring(0, most).getBytes(ISO_8859_1);
    }

    /** Lines of its header that were not seen. */
    void skipped(int count) {
        skippedLines += count;
    }

    // ---- the part

    Part build() {
        return new Part(
                headerFrom,
                bodyFrom,
                end,
                bodyLine - headerLine + skippedLines,
                bodyLines,
                type,
                subtype,
                parameters,
                text(Field.CONTENT_ID),
                text(Field.CONTENT_DESCRIPTION),
                word(Field.CONTENT_TRANSFER_ENCODING),
                text(Field.CONTENT_MD5),
                disposition(),
                languages(),
                text(Field.CONTENT_LOCATION),
                message ? envelope() : null,
                children.stream().map(OpenPart::build).toList());
    }

    private @Nullable String text(Field field) {
        return fields.get(field);
    }

    private @Nullable String word(Field field) {
        String text = text(field);
        if (text == null) {
            return null;
        }
        FieldReader reader = new FieldReader(text);
        String token = reader.token();
        reader.blanks();
        return token.isEmpty() || !reader.atEnd() ? null : token;
    }

    private @Nullable Disposition disposition() {
        String text = text(Field.CONTENT_DISPOSITION);
        if (text == null) {
            return null;
        }
        FieldReader reader = new FieldReader(text);
        String kind = reader.token();
        List<Parameter> said = reader.parameters();
        return kind.isEmpty() && said.isEmpty() ? null : new Disposition(kind, said);
    }

    private List<String> languages() {
        String text = text(Field.CONTENT_LANGUAGE);
        return text == null ? List.of() : new FieldReader(text).tokens();
    }

    private Envelope envelope() {
        return new Envelope(
                text(Field.DATE),
                text(Field.SUBJECT),
                addresses(Field.FROM),
                addresses(Field.SENDER),
                addresses(Field.REPLY_TO),
                addresses(Field.TO),
                addresses(Field.CC),
                addresses(Field.BCC),
                text(Field.IN_REPLY_TO),
                text(Field.MESSAGE_ID),
                text(Field.REFERENCES));
    }

    private List<Address> addresses(Field field) {
        String text = text(field);
        return text == null ? List.of() : new AddressReader(text).list();
    }
}
