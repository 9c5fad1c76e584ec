package org.portolan.mail.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.portolan.mail.imap.FetchItem.Plain;
import org.portolan.mail.imap.FetchItem.Text;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/** FETCH and its items (RFC 9051 §6.4.5, RFC 3501 §6.4.5, RFC 3516, RFC 7162, RFC 8970). */
final class FetchParser {
    private static final int MOST_ITEMS = 200;
    private static final int DEEPEST_PART = 200;

    private final CommandText text;

    FetchParser(CommandText text) {
        this.text = text;
    }

    ImapCommand fetch(boolean uid) throws Refusal {
        SequenceSet set = text.sequenceSet();
        text.space();
        List<FetchItem> items = new ArrayList<>();
        if (text.peek() == '(') {
            text.list(() -> item(items));
        } else if (!macro(items)) {
            item(items);
        }
        if (items.isEmpty() || items.size() > MOST_ITEMS) {
            throw ImapReply.syntax("FETCH takes from one to " + MOST_ITEMS + " items");
        }
        OptionalLong changedSince = OptionalLong.empty();
        boolean vanished = false;
        if (text.peek() == ' ') { // RFC 7162 §3.1.4.1
            text.space();
            text.expect('(');
            do {
                text.take(' ');
                if (text.takeWord("CHANGEDSINCE")) {
                    text.space();
                    changedSince = OptionalLong.of(text.number());
                } else if (text.takeWord("VANISHED")) {
                    vanished = true;
                } else {
                    throw ImapReply.syntax("FETCH knows CHANGEDSINCE and VANISHED here");
                }
            } while (text.peek() == ' ');
            text.expect(')');
        }
        if (vanished && (!uid || changedSince.isEmpty())) { // RFC 7162 §3.2.6
            throw ImapReply.syntax("VANISHED belongs to UID FETCH with CHANGEDSINCE");
        }
        return new ImapCommand.Fetch(uid, set, List.copyOf(items), changedSince, vanished);
    }

    private boolean macro(List<FetchItem> items) {
        List<FetchItem> fast = List.of(Plain.FLAGS, Plain.INTERNALDATE, Plain.RFC822_SIZE);
        if (text.takeWord("FAST")) {
            items.addAll(fast);
        } else if (text.takeWord("ALL")) {
            items.addAll(fast);
            items.add(Plain.ENVELOPE);
        } else if (text.takeWord("FULL")) {
            items.addAll(fast);
            items.add(Plain.ENVELOPE);
            items.add(Plain.BODY);
        } else {
            return false;
        }
        return true;
    }

    private boolean item(List<FetchItem> items) throws Refusal {
        StringBuilder name = new StringBuilder();
        while (CommandText.isAtomChar(text.peek()) && text.peek() != '[') {
            name.append(text.peek());
            text.take(text.peek());
        }
        items.add(named(Ascii.upper(name.toString())));
        return true;
    }

    private FetchItem named(String name) throws Refusal {
        boolean bracket = text.peek() == '[';
        if (bracket) {
            return switch (name) {
                case "BODY" -> section(false);
                case "BODY.PEEK" -> section(true);
                case "BINARY" -> binary(false);
                case "BINARY.PEEK" -> binary(true);
                case "BINARY.SIZE" -> binarySize();
                default -> throw ImapReply.syntax("FETCH has no item " + name + "[]");
            };
        }
        return switch (name) {
            case "UID" -> Plain.UID;
            case "FLAGS" -> Plain.FLAGS;
            case "INTERNALDATE" -> Plain.INTERNALDATE;
            case "RFC822.SIZE" -> Plain.RFC822_SIZE;
            case "ENVELOPE" -> Plain.ENVELOPE;
            case "BODY" -> Plain.BODY;
            case "BODYSTRUCTURE" -> Plain.BODYSTRUCTURE;
            case "MODSEQ" -> Plain.MODSEQ;
            case "EMAILID" -> Plain.EMAILID;
            case "THREADID" -> Plain.THREADID;
            case "SAVEDATE" -> Plain.SAVEDATE;
            case "PREVIEW" -> preview();
            case "RFC822" -> old(name, Text.WHOLE, false);
            case "RFC822.HEADER" -> old(name, Text.HEADER, true); // RFC 3501 §6.4.5: peeks
            case "RFC822.TEXT" -> old(name, Text.TEXT, false);
            default -> throw ImapReply.syntax("FETCH has no item " + name);
        };
    }

    private static FetchItem old(String label, Text which, boolean peek) {
        return new FetchItem.Section(label, List.of(), which, List.of(), -1, 0, peek, false);
    }

    /** RFC 8970 §3.1: LAZY is a wish; the preview is always at hand here. */
    private FetchItem preview() throws Refusal {
        if (text.restBeginsWith(" (")) {
            text.space();
            for (String modifier : text.list(text::keyword)) {
                if (!modifier.equals("LAZY")) {
                    throw ImapReply.syntax("PREVIEW knows LAZY");
                }
            }
        }
        return Plain.PREVIEW;
    }

    private FetchItem section(boolean peek) throws Refusal {
        StringBuilder label = new StringBuilder("BODY[");
        text.expect('[');
        List<Integer> path = path(label);
        Text which = Text.WHOLE;
        List<String> fields = List.of();
        if (text.peek() != ']') {
            String word = text.keyword();
            which =
                    switch (word) {
                        case "HEADER" -> Text.HEADER;
                        case "HEADER.FIELDS" -> Text.HEADER_FIELDS;
                        case "HEADER.FIELDS.NOT" -> Text.HEADER_FIELDS_NOT;
                        case "TEXT" -> Text.TEXT;
                        case "MIME" -> Text.MIME;
                        default -> throw ImapReply.syntax("there is no section " + word);
                    };
            if (which == Text.MIME && path.isEmpty()) {
                throw ImapReply.syntax("MIME belongs to a part");
            }
            label.append(word);
            if (which == Text.HEADER_FIELDS || which == Text.HEADER_FIELDS_NOT) {
                text.space();
                fields = text.list(text::astring);
                if (fields.isEmpty()) {
                    throw ImapReply.syntax("name a header field at least");
                }
                label.append(" (");
                for (int i = 0; i < fields.size(); i++) {
                    label.append(i == 0 ? "" : " ").append(ImapOutput.astring(fields.get(i)));
                }
                label.append(')');
            }
        }
        text.expect(']');
        label.append(']');
        return partial(label.toString(), path, which, fields, peek, false);
    }

    private FetchItem partial(
            String label,
            List<Integer> path,
            Text which,
            List<String> fields,
            boolean peek,
            boolean decoded)
            throws Refusal {
        long from = -1;
        long count = 0;
        if (text.take('<')) {
            from = text.number();
            text.expect('.');
            count = text.nzNumber();
            text.expect('>');
        }
        return new FetchItem.Section(label, path, which, fields, from, count, peek, decoded);
    }

    /** section-part, and the dot behind it if more follows. */
    private List<Integer> path(StringBuilder label) throws Refusal {
        List<Integer> path = new ArrayList<>();
        while (text.peek() >= '0' && text.peek() <= '9') {
            long number = text.nzNumber();
            path.add((int) Math.min(number, Integer.MAX_VALUE));
            label.append(number);
            if (path.size() > DEEPEST_PART) {
                throw ImapReply.syntax("parts are not nested as deep");
            }
            if (!text.take('.')) {
                break;
            }
            label.append('.');
        }
        return List.copyOf(path);
    }

    private FetchItem binary(boolean peek) throws Refusal {
        StringBuilder label = new StringBuilder("BINARY[");
        text.expect('[');
        List<Integer> path = path(label);
        text.expect(']');
        label.append(']');
        return partial(label.toString(), path, Text.WHOLE, List.of(), peek, true);
    }

    private FetchItem binarySize() throws Refusal {
        StringBuilder label = new StringBuilder("BINARY.SIZE[");
        text.expect('[');
        List<Integer> path = path(label);
        text.expect(']');
        return new FetchItem.DecodedSize(label.append(']').toString(), path);
    }
}
