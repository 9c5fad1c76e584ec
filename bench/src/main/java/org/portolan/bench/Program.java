package org.portolan.bench;

import java.util.List;
import java.util.Locale;

/** A server with its adapter in bench/servers, and the doors that must answer once it runs. */
enum Program {
    PORTOLAN,
    POSTFIX,
    DOVECOT,
    NSD,
    KNOT,
    CHRONY,
    VSFTPD,
    TFTPD,
    ATFTPD,
    OPENSSH;

    /** How a door shows that somebody is behind it. */
    enum Sign {
        GREETING,
        GREETING_OVER_TLS,
        DNS_ANSWER,
        NTP_ANSWER,
        TFTP_ANSWER
    }

    record Door(int port, Sign sign) {
        Door(int port, boolean tls) {
            this(port, tls ? Sign.GREETING_OVER_TLS : Sign.GREETING);
        }

        boolean tls() {
            return sign == Sign.GREETING_OVER_TLS;
        }
    }

    String adapter() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<Door> doors(Ports ports) {
        return switch (this) {
            case PORTOLAN ->
                    List.of(
                            new Door(ports.smtp(), false),
                            new Door(ports.submission(), false),
                            new Door(ports.submissions(), true),
                            new Door(ports.pop3(), false),
                            new Door(ports.pop3s(), true),
                            new Door(ports.imap(), false),
                            new Door(ports.ftp(), false),
                            new Door(ports.ssh(), false),
                            new Door(ports.dns(), Sign.DNS_ANSWER),
                            new Door(ports.ntp(), Sign.NTP_ANSWER));
            case POSTFIX -> List.of(new Door(ports.smtp(), false));
            case DOVECOT ->
                    List.of(
                            new Door(ports.lmtp(), false),
                            new Door(ports.pop3(), false),
                            new Door(ports.pop3s(), true),
                            new Door(ports.imap(), false));
            case NSD, KNOT -> List.of(new Door(ports.dns(), Sign.DNS_ANSWER));
            case VSFTPD -> List.of(new Door(ports.ftp(), false), new Door(ports.ftps(), true));
            case TFTPD, ATFTPD -> List.of(new Door(ports.tftp(), Sign.TFTP_ANSWER));
            case OPENSSH -> List.of(new Door(ports.ssh(), false));
            case CHRONY -> List.of(new Door(ports.ntp(), Sign.NTP_ANSWER));
        };
    }
}
