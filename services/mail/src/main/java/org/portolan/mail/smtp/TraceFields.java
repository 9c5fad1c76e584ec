package org.portolan.mail.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.portolan.kernel.Connection;
import org.portolan.kernel.TlsState;
import org.portolan.mail.Address;

/** The trace information that a server puts before a message (RFC 5321 §4.4). */
final class TraceFields {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.ENGLISH);

    private TraceFields() {}

    /** RFC 5321 §4.4: for mailboxes here; what leaves has none. */
    static String returnPath(Optional<Address> from) {
        return "Return-Path: <" + from.map(Address::written).orElse("") + ">\r\n";
    }

    /** The date and time of RFC 5322 §3.3. */
    static String date(Instant when) {
        return DATE.format(when.atZone(ZoneId.systemDefault()));
    }

    static byte[] received(
            Connection client,
            String site,
            String hello,
            boolean extended,
            Envelope envelope,
            Instant now) {
        StringBuilder fields = new StringBuilder(300);
        fields.append("Received: from ")
                .append(harmless(hello))
                .append(" (")
                .append(literal(client))
                .append(")\r\n\tby ")
                .append(site)
                .append(" with ")
                .append(protocol(client, extended, envelope.utf8()))
                .append(" id ")
                .append(envelope.id());
        Optional<TlsState> tls = client.tls();
        if (tls.isPresent()) {
            fields.append("\r\n\t(")
                    .append(tls.get().version())
                    .append(' ')
                    .append(tls.get().cipher())
                    .append(')');
        }
        if (envelope.recipients().size() == 1) { // more would tell each of the others
            fields.append("\r\n\tfor <")
                    .append(envelope.recipients().iterator().next().written())
                    .append('>');
        }
        fields.append(";\r\n\t").append(date(now));
        return fields.append("\r\n").toString().getBytes(UTF_8);
    }

    private static final Pattern HARMFUL = Pattern.compile("[^A-Za-z0-9._:\\[\\]-]");

    /** Who calls itself something that is no name of a host must not write the field for us. */
    private static String harmless(String hello) {
        return HARMFUL.matcher(hello).replaceAll("?");
    }

    /** TCP-info = address-literal   RFC 5321 §4.4; the zone of an IPv6 address is our own matter */
    private static String literal(Connection client) {
        String address = client.peer().address().getHostAddress().replaceFirst("%.*", "");
        return address.indexOf(':') < 0 ? "[" + address + "]" : "[IPv6:" + address + "]";
    }

    /** The registered "with" types: RFC 3848, RFC 6531 §4.3. */
    private static String protocol(Connection client, boolean extended, boolean utf8) {
        if (!extended) {
            return "SMTP";
        }
        return (utf8 ? "UTF8SMTP" : "ESMTP")
                + (client.tls().isPresent() ? "S" : "")
                + (client.account().isEmpty() ? "" : "A");
    }
}
