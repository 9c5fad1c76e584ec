package org.portolan.mail.queue;

/** Text in which {@code +3D} stands for a byte that may not stand there itself (RFC 3461 §4). */
final class Xtext {
    private Xtext() {}

    /** What it means; what a header field could not hold becomes a question mark. */
    static String decoded(String xtext) {
        StringBuilder text = new StringBuilder(xtext.length());
        for (int i = 0; i < xtext.length(); i++) {
            char c = xtext.charAt(i);
            if (c == '+' && i + 2 < xtext.length()) {
                int value = hex(xtext.substring(i + 1, i + 3));
                text.append(value >= ' ' && value < 0x7f ? (char) value : '?');
                i += 2;
            } else {
                text.append(c >= ' ' && c != 0x7f ? c : '?');
            }
        }
        return text.toString();
    }

    private static int hex(String pair) {
        return pair.matches("[0-9A-F]{2}") ? Integer.parseInt(pair, 16) : -1;
    }
}
