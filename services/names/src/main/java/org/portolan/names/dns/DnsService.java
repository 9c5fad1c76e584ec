package org.portolan.names.dns;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Conversation;
import org.portolan.kernel.Door;
import org.portolan.kernel.Door.DatagramDoor;
import org.portolan.kernel.Door.Reception;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Limits;
import org.portolan.kernel.Port;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Service;
import org.portolan.kernel.Tls;

/** DNS's doors: 53 by UDP, and by TCP for what is long. */
public final class DnsService implements Service, Conversation {
    /** The most bytes of a datagram, either way. */
    static final int LONGEST_DATAGRAM = 4096;

    private static final Port DOMAIN = new Port(53, "domain");
    private static final int SECRET_BYTES = 16;

    private final DnsSettings settings;
    private final ServedZones zones;
    private final Ports ports;
    private final Clock clock;
    private final DnsAnswers answers;
    private final Desk.Shelf desks;
    private final Notifier notifier;

    /** Serves {@code zones}, at each moment as they are then. */
    public DnsService(DnsSettings settings, ServedZones zones, Ports ports, Clock clock) {
        this.settings = settings;
        this.zones = zones;
        this.ports = ports;
        this.clock = clock;
        byte[] secret = settings.cookieSecret().orElseGet(DnsService::randomSecret);
        this.answers = new DnsAnswers(settings, secret, zones::table);
        this.desks = new Desk.Shelf(settings, secret);
        this.notifier = new Notifier(this, settings.notified(), zones, ports);
    }

    private static byte[] randomSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    @Override
    public String name() {
        return "dns";
    }

    @Override
    public List<Door> doors() {
        return List.of(
                new DatagramDoor(
                        DOMAIN,
                        Reception.upTo(LONGEST_DATAGRAM),
                        answers,
                        "dig @{host} -p {port} {domain} SOA"),
                new StreamDoor(DOMAIN, Tls.NEVER, this, "dig @{host} -p {port} {domain} SOA +tcp"));
    }

    @Override
    public Limits limits() {
        // RFC 7766 §6.2.3: who stops within a message is as idle as who sends none
        return Limits.USUAL.withIdle(settings.idle()).withCommand(settings.idle());
    }

    @Override
    public void begin() {
        notifier.begin();
    }

    @Override
    public void end() {
        notifier.end();
    }

    @Override
    public void converse(Connection client) throws IOException {
        new DnsSession(client, zones::table, desks, ports, clock).converse();
    }
}
