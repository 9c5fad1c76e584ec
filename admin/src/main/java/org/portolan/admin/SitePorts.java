package org.portolan.admin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.stores.Accounts;
import org.portolan.stores.StoreException;

/** What a running site serves, or could serve, as the verb {@code ports} tells it. */
record SitePorts(Site site, Accounts accounts, Operator operator) {
    /** The doors that are or should be open, then those of services that are switched off. */
    List<ServedDoor> doors() {
        List<ServedDoor> doors = new ArrayList<>(ServedDoor.of(site.doors()));
        site.switchedOff().stream().flatMap(ServedDoor::off).forEach(doors::add);
        return doors;
    }

    String table() throws StoreException {
        PasteReady commands = commands();
        Table table = new Table("PORT", "SERVICE", "INSTEAD OF", "SECURITY", "STATE", "TRY IT");
        for (ServedDoor door : doors()) {
            table.row(
                    door.switchedOff() ? "" : door.numbers(),
                    door.door().port().name(),
                    door.door().port().number(),
                    door.security(),
                    door.stateInFull(),
                    commands.command(door));
        }
        return table.toString();
    }

    PasteReady commands() throws StoreException {
        return PasteReady.of(nearest(site.authority().toAbsolutePath().normalize()), accounts);
    }

    /** As the operator would name the file, if it is below where they are. */
    private Path nearest(Path file) {
        Path here = operator.folder();
        return !here.toString().isEmpty() && file.startsWith(here) ? here.relativize(file) : file;
    }

    /** For programs. */
    static Map<String, Object> entry(ServedDoor door, PasteReady commands) {
        List<Map<String, Object>> places = new ArrayList<>();
        for (Opened place : door.places()) {
            Map<String, Object> entry =
                    Json.entries(
                            "address", Words.host(place.at()),
                            "port", place.at().getPort(),
                            "open", place.problem().isEmpty());
            place.problem().ifPresent(why -> entry.put("problem", why));
            places.add(entry);
        }
        return Json.entries(
                "service", door.service(),
                "name", door.door().port().name(),
                "transport", door.lane().word(),
                "well_known_port", door.door().port().number(),
                "security", door.security(),
                "state", door.state(),
                "places", places,
                "command", commands.command(door));
    }
}
