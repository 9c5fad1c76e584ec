package org.portolan.admin;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.admin.Finding.Severity;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.kernel.Port;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Firewall.Numbered;
import org.portolan.kernel.firewall.Rule;
import org.portolan.kernel.registry.KnownPort;
import org.portolan.kernel.registry.PortRegistry;
import org.portolan.kernel.registry.Security;

/** What an audit says of each door: who can reach it, who can read along, what would be safer. */
record DoorAudit(List<ServedDoor> doors, Firewall firewall, PortRegistry registry) {
    /** Ports whose answers are meant for everybody: who reads along learns nothing. */
    private static final Set<String> PUBLIC = Set.of("domain", "ntp");

    List<Finding> findings() {
        return doors.stream().filter(door -> !door.switchedOff()).map(this::finding).toList();
    }

    private Finding finding(ServedDoor door) {
        Security security = door.security(registry);
        List<Numbered> admitting =
                firewall.admittingOthers(
                        door.service(), door.door().port(), door.door().transport());
        boolean listening =
                door.open().stream().anyMatch(at -> !at.at().getAddress().isLoopbackAddress());
        Optional<Opened> shut =
                door.places().stream().filter(place -> place.problem().isPresent()).findFirst();
        if (shut.isPresent()) {
            String why = shut.get().problem().orElse("");
            return about(
                    door,
                    Severity.WARNING,
                    "",
                    security,
                    "it is not open: " + why,
                    "portolan ports");
        }
        if (!listening || admitting.isEmpty()) {
            boolean inVain = !listening && !admitting.isEmpty();
            return about(
                    door,
                    Severity.OK,
                    Finding.THIS_HOST,
                    security,
                    inVain
                            ? "rule %d would let others in, but it listens on loopback alone"
                                    .formatted(admitting.getFirst().number())
                            : "",
                    "");
        }
        return exposed(door, admitting, security);
    }

    private Finding exposed(ServedDoor door, List<Numbered> admitting, Security security) {
        String reach = String.join("; ", admitting.stream().map(DoorAudit::reach).toList());
        boolean everybody = admitting.stream().anyMatch(each -> each.rule().isAboutEverybody());
        return switch (security) {
            case ENCRYPTED -> about(door, Severity.OK, reach, security, "", "");
            case UPGRADE ->
                    about(
                            door,
                            Severity.NOTICE,
                            reach,
                            security,
                            isSmtp(door)
                                    ? "other servers' mail comes in the clear unless they ask for"
                                            + " TLS"
                                    : "encrypted only for clients that ask for it",
                            remedy(door));
            case CLEAR ->
                    PUBLIC.contains(door.door().port().name())
                            ? about(
                                    door,
                                    Severity.NOTICE,
                                    reach,
                                    security,
                                    "public answers in the clear, which can be read and forged",
                                    remedy(door))
                            : about(
                                    door,
                                    everybody ? Severity.DANGER : Severity.WARNING,
                                    reach,
                                    security,
                                    "all of it can be read and changed on the way",
                                    remedy(door));
        };
    }

    private static boolean isSmtp(ServedDoor door) {
        return door.door().port().number() == 25;
    }

    /** {@code 10.0.0.0/8 for crew}. */
    private static String reach(Numbered admitting) {
        Rule rule = admitting.rule();
        String groups = rule.groups().isEmpty() ? "" : " for " + String.join(", ", rule.groups());
        String from = rule.isAboutEverybody() ? "everybody" : rule.from();
        return (rule.proxy() ? "proxies " : "") + from + groups;
    }

    /** Shuts the door, and names what to use instead, and whether that is here. */
    private String remedy(ServedDoor door) {
        String hide = "portolan hide " + port(door);
        Optional<KnownPort.Safer> safer = known(door).flatMap(KnownPort::safer);
        if (safer.isEmpty()) {
            return hide;
        }
        boolean here =
                doors.stream()
                        .filter(other -> !other.switchedOff())
                        .anyMatch(other -> other.door().port().number() == safer.get().port());
        return hide
                + (here ? ", and let clients use " : "; elsewhere one would use ")
                + safer.get();
    }

    private Optional<KnownPort> known(ServedDoor door) {
        return registry.at(door.door().port().number(), door.lane());
    }

    private static String port(ServedDoor door) {
        Port port = door.door().port();
        return port.number() + "/" + door.door().transport();
    }

    private static Finding about(
            ServedDoor door,
            Severity severity,
            String reach,
            Security security,
            String words,
            String remedy) {
        return new Finding(
                severity,
                door.door().port().name(),
                port(door),
                reach,
                security.word(),
                words,
                remedy);
    }
}
