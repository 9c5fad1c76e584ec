package org.portolan.bench;

import java.util.List;
import java.util.Locale;

/** A server program: its adapter in bench/servers and the doors that must answer once it runs. */
enum Program {
    PORTOLAN,
    POSTFIX,
    DOVECOT;

    record Door(int port, boolean tls) {}

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
                            new Door(ports.pop3s(), true));
            case POSTFIX -> List.of(new Door(ports.smtp(), false));
            case DOVECOT ->
                    List.of(
                            new Door(ports.lmtp(), false),
                            new Door(ports.pop3(), false),
                            new Door(ports.pop3s(), true));
        };
    }
}
