package org.portolan.kernel;

/**
 * A well-known port, as the protocol's standard numbers it.
 *
 * <p>A site may listen elsewhere (its {@code port_offset}), but a conversation is always told the
 * well-known number, so that 25, 465 and 587 can be told apart.
 *
 * @param number 0 to 65535
 * @param name IANA's service name, for people and for the table of services
 */
public record Port(int number, String name) {
    public Port {
        if (number < 0 || number > 65535) {
            throw new IllegalArgumentException("no such port: " + number);
        }
    }
}
