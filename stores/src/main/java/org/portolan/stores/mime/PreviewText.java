package org.portolan.stores.mime;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Keeps the beginning of a message's first text, and makes of it what a list of messages shows. */
final class PreviewText {
    private static final int MOST_BYTES = 2048;

    private @Nullable OpenPart part;
    private boolean taking;
    private boolean html;
    private byte[] bytes = new byte[0];
    private int length;
    private int whole; // octets of the part's body so far

    /** The body of a leaf begins. */
    void begin(OpenPart leaf) {
        taking = false;
        boolean plain = leaf.is("text", "plain");
        boolean wanted = plain || leaf.is("text", "html");
        if (!wanted || leaf.attachment() || (part != null && !(html && plain))) {
            return;
        }
        part = leaf;
        html = !plain;
        taking = true;
        length = 0;
        whole = 0;
    }

    void take(byte[] from, int start, int end) {
        if (!taking) {
            return;
        }
        whole += Math.min(end - start, MOST_BYTES);
        int count = Math.min(end - start, MOST_BYTES - length);
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.min(MOST_BYTES, Math.max(512, length + count) * 2));
        }
        System.arraycopy(from, start, bytes, length, count);
        length += count;
        taking = length < MOST_BYTES;
    }

    /** The last {@code notItsOwn} octets were a boundary: the part ended before. */
    void end(long notItsOwn) {
        if (taking) {
            length = (int) Math.max(0, Math.min(length, whole - notItsOwn));
        }
        taking = false;
    }

    String text() {
        OpenPart of = part;
        if (of == null || length == 0) {
            return "";
        }
        byte[] decoded = Encodings.decode(Arrays.copyOf(bytes, length), of.encoding());
        String text = Charsets.decode(decoded, of.charset());
        if (html) {
            text = withoutTags(text);
        }
        return shortened(text);
    }

    private static String shortened(String text) {
        StringBuilder shown = new StringBuilder();
        int characters = 0;
        boolean blank = false;
        for (int i = 0; i < text.length() && characters < ParsedMessage.PREVIEW; ) {
            int next = text.codePointAt(i);
            i += Character.charCount(next);
            if (Character.isWhitespace(next) || Character.isISOControl(next) || next == 0xa0) {
                blank = !shown.isEmpty();
                continue;
            }
            if (blank && characters + 1 < ParsedMessage.PREVIEW) {
                shown.append(' ');
                characters++;
            }
            blank = false;
            shown.appendCodePoint(Character.getType(next) == Character.SURROGATE ? 0xfffd : next);
            characters++;
        }
        return shown.toString();
    }

    private static String withoutTags(String html) {
        StringBuilder text = new StringBuilder();
        String lower = html.toLowerCase(Locale.ROOT);
        int i = 0;
        while (i < html.length()) {
            char next = html.charAt(i);
            if (next == '<') {
                i = behindTag(lower, i);
                text.append(' ');
            } else if (next == '&') {
                i = entity(html, i, text);
            } else {
                text.append(next);
                i++;
            }
        }
        return text.toString();
    }

    private static int behindTag(String lower, int from) {
        String end = ">";
        if (lower.startsWith("<!--", from)) {
            end = "-->";
        } else if (lower.startsWith("<style", from)) {
            end = "</style>";
        } else if (lower.startsWith("<script", from)) {
            end = "</script>";
        } else if (lower.startsWith("<title", from)) {
            end = "</title>";
        }
        int at = lower.indexOf(end, from);
        return at < 0 ? lower.length() : at + end.length();
    }

    private static int entity(String html, int from, StringBuilder text) {
        int end = html.indexOf(';', from);
        if (end < 0 || end - from > 10) {
            text.append('&');
            return from + 1;
        }
        switch (html.substring(from + 1, end)) {
            case "amp" -> text.append('&');
            case "lt" -> text.append('<');
            case "gt" -> text.append('>');
            case "quot" -> text.append('"');
            case "#39", "apos" -> text.append('\'');
            default -> text.append(' ');
        }
        return end + 1;
    }
}
