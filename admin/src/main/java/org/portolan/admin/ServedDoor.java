package org.portolan.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.portolan.kernel.Door.PortDoor;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.kernel.Service;
import org.portolan.kernel.registry.Lane;
import org.portolan.kernel.registry.PortRegistry;
import org.portolan.kernel.registry.Security;

/**
 * One door of the site with all its addresses.
 *
 * @param service the name of its section in the settings
 * @param places where it is open, or should be; none if the settings switch the service off
 */
record ServedDoor(PortDoor door, String service, List<Opened> places) {
    /** The doors of {@code opened}, in that order. */
    static List<ServedDoor> of(List<Opened> opened) {
        Map<String, List<Opened>> byDoor = new LinkedHashMap<>();
        for (Opened place : opened) {
            PortDoor door = place.door();
            String key = place.service().name() + door.transport() + door.port().number();
            byDoor.computeIfAbsent(key, k -> new ArrayList<>()).add(place);
        }
        return byDoor.values().stream()
                .map(
                        places ->
                                new ServedDoor(
                                        places.getFirst().door(),
                                        places.getFirst().service().name(),
                                        places))
                .toList();
    }

    /** The doors that {@code service} would have if it were switched on. */
    static Stream<ServedDoor> off(Service service) {
        return service.doors().stream()
                .filter(PortDoor.class::isInstance)
                .map(PortDoor.class::cast)
                .map(door -> new ServedDoor(door, service.name(), List.of()));
    }

    Lane lane() {
        return door.transport().equals("udp") ? Lane.UDP : Lane.TCP;
    }

    boolean switchedOff() {
        return places.isEmpty();
    }

    List<Opened> open() {
        return places.stream().filter(place -> place.problem().isEmpty()).toList();
    }

    /** {@code open}, {@code not open} or {@code disabled}. */
    String state() {
        return switchedOff() ? "disabled" : open().isEmpty() ? "not open" : "open";
    }

    /** The state with its places and reasons, for people. */
    String stateInFull() {
        if (switchedOff()) {
            return "disabled: " + service + ".enabled = false";
        }
        List<String> parts = new ArrayList<>();
        List<String> open = open().stream().map(place -> Words.host(place.at())).toList();
        if (!open.isEmpty()) {
            parts.add("open at " + String.join(", ", open));
        }
        for (Opened place : places) {
            place.problem()
                    .ifPresent(
                            why -> parts.add("not open at " + Words.host(place.at()) + ": " + why));
        }
        return String.join("; ", parts);
    }

    /** {@code 10025/tcp}: the numbers in use, or the usual one if it is switched off. */
    String numbers() {
        List<Integer> numbers =
                switchedOff()
                        ? List.of(door.port().number())
                        : places.stream().map(place -> place.at().getPort()).distinct().toList();
        return String.join(
                ", ", numbers.stream().map(number -> number + "/" + lane().word()).toList());
    }

    /** Whether it is open at {@code number}, whatever the protocol's own number is. */
    boolean isAt(int number) {
        return open().stream().anyMatch(place -> place.at().getPort() == number);
    }

    /** What {@code ports} calls its security. */
    String security() {
        return security(PortRegistry.read()).word();
    }

    /** The same; some protocols encrypt by themselves what is no TLS. */
    Security security(PortRegistry registry) {
        boolean byItself =
                registry.at(door.port().number(), lane())
                        .filter(known -> known.security() == Security.ENCRYPTED)
                        .isPresent();
        return switch (door.tls()) {
            case NEVER -> byItself ? Security.ENCRYPTED : Security.CLEAR;
            case UPGRADE -> Security.UPGRADE;
            case AT_ONCE, OWN -> Security.ENCRYPTED;
        };
    }
}
