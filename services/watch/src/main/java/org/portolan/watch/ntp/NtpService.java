package org.portolan.watch.ntp;

import java.util.List;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Door;
import org.portolan.kernel.Door.DatagramDoor;
import org.portolan.kernel.Door.Reception;
import org.portolan.kernel.Port;
import org.portolan.kernel.Service;

/** NTP's door, 123 of UDP, and the comparison with the upstreams. */
public final class NtpService implements Service {
    private static final Port NTP = new Port(123, "ntp");

    /** A header, and as much as the extension fields of NTS may take (RFC 8915). */
    private static final int LONGEST = 1280;

    /**
     * One socket: a reply costs a tenth of a microsecond of our own work, and the rest is the
     * system's. On two cores two receivers waited more than they worked, with smaller batches: 2.0
     * µs of CPU for a reply, instead of 1.35 with one.
     */
    private static final Reception RECEPTION =
            Reception.upTo(LONGEST).withTimeStamps().withOneSocket();

    private final NtpSettings settings;
    private final Timekeeping timekeeping;
    private final NtpAnswers answers;

    public NtpService(NtpSettings settings, Clock clock, Timekeeping timekeeping) {
        this.settings = settings;
        this.timekeeping = timekeeping;
        this.answers =
                new NtpAnswers(
                        clock,
                        timekeeping,
                        new SourceLimit(settings.rateLimit(), settings.rateBurst()));
    }

    @Override
    public String name() {
        return "ntp";
    }

    @Override
    public List<Door> doors() {
        return List.of(
                new DatagramDoor(
                        NTP,
                        RECEPTION,
                        answers,
                        "chronyd -U -Q 'server {host} port {port} iburst'"));
    }

    @Override
    public void begin() {
        timekeeping.begin(this, settings);
    }

    @Override
    public void end() {
        timekeeping.end(this);
    }

    NtpAnswers.Counts counts() {
        return answers.counts();
    }
}
