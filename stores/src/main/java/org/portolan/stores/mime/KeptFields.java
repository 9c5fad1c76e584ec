package org.portolan.stores.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of a message's header that mail programs ask for when they list a mailbox, kept as
 * they came, in their order and with the empty line: whoever wants only some of those need not open
 * the message. Of all other fields nothing is known here.
 */
public final class KeptFields {
    /** More than this is not kept: then the message itself is to be read. */
    static final int MOST_BYTES = 8 * 1024;

    /** What mutt, Thunderbird, Apple Mail, Outlook, Roundcube and K-9 ask for. */
    private static final Set<String> NAMES = names();

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
    private boolean keeping;
    private boolean tooMuch;

    private static Set<String> names() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(
                List.of(
                        "From",
                        "To",
                        "Cc",
                        "Bcc",
                        "Subject",
                        "Date",
                        "Sender",
                        "Reply-To",
                        "Message-ID",
                        "In-Reply-To",
                        "References",
                        "Content-Type",
                        "Content-Description",
                        "Content-Transfer-Encoding",
                        "MIME-Version",
                        "Importance",
                        "Priority",
                        "X-Priority",
                        "X-MSMail-Priority",
                        "Lines",
                        "X-Label",
                        "X-Original-To",
                        "Delivered-To",
                        "Return-Path",
                        "Newsgroups",
                        "List-Id",
                        "List-Post",
                        "List-Subscribe",
                        "List-Unsubscribe",
                        "Resent-From",
                        "Resent-To",
                        "Resent-Date",
                        "Mail-Followup-To",
                        "Mail-Reply-To",
                        "Disposition-Notification-To",
                        "User-Agent",
                        "X-Mailer",
                        "X-Spam-Flag",
                        "X-Draft-Info",
                        "X-Uniform-Type-Identifier",
                        "X-Universally-Unique-Identifier",
                        "Auto-Submitted"));
        return names;
    }

    /** Whether all of {@code names} would have been kept: what is missing then was not there. */
    public static boolean cover(List<String> names) {
        return NAMES.containsAll(names);
    }

    /** The next line of the header without its line feed; {@code whole} if it had one. */
    void line(byte[] line, int length, boolean whole) {
        boolean blank = whole && (length == 0 || (length == 1 && line[0] == '\r'));
        if (blank) {
            keeping = true;
        } else if (length > 0 && line[0] != ' ' && line[0] != '\t') {
            keeping = NAMES.contains(nameOf(line, length));
        }
        if (!keeping || tooMuch) {
            return;
        }
        kept.write(line, 0, length);
        if (whole) {
            kept.write('\n');
        }
        if (kept.size() > MOST_BYTES) {
            tooMuch = true;
            kept.reset();
        }
    }

    private static String nameOf(byte[] line, int length) {
        int colon = 0;
        while (colon < length && line[colon] != ':') {
            colon++;
        }
        if (colon == length) {
            return ""; // no field
        }
        while (colon > 0 && (line[colon - 1] == ' ' || line[colon - 1] == '\t')) {
            colon--; // RFC 5322 §4.5: blanks before the colon are obsolete, and there
        }
        return new String(line, 0, colon, ISO_8859_1);
    }

    /** What was kept; empty if it was too much. */
    Optional<byte[]> bytes() {
        return tooMuch ? Optional.empty() : Optional.of(kept.toByteArray());
    }
}
