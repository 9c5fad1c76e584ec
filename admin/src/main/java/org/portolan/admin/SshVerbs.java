package org.portolan.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.stores.HostKeys;
import org.portolan.stores.SshPublicKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code portolan ssh …}: what SSH clients ask about the site. */
final class SshVerbs {
    private final Site site;
    private final HostKeys keys;
    private final Operator operator;

    SshVerbs(Site site, HostKeys keys, Operator operator) {
        this.site = site;
        this.keys = keys;
        this.operator = operator;
    }

    @Command(
            name = "hostkeys",
            header = "Shows the fingerprints of the site's keys.",
            description = {
                "A client shows one of them when it comes for the first time: it should be the"
                        + " same. With --known-hosts: lines for a client's file known_hosts, which"
                        + " then asks nothing. With --json: a list of objects with type,"
                        + " fingerprint and line."
            },
            footer = {
                "  portolan ssh hostkeys",
                "  portolan ssh hostkeys --known-hosts >> ~/.ssh/known_hosts"
            })
    int hostkeys(
            @Option(names = "--json", description = "For programs.") boolean json,
            @Option(names = "--known-hosts", description = "For clients.") boolean knownHosts)
            throws IOException {
        List<SshPublicKey> all = keys.publicKeys();
        if (json) {
            List<Map<String, Object>> entries = new ArrayList<>();
            for (SshPublicKey key : all) {
                entries.add(
                        Json.entries(
                                "type", key.type(),
                                "fingerprint", key.fingerprint(),
                                "line", key.line()));
            }
            operator.say(Json.page(entries));
        } else if (knownHosts) {
            String hosts = hosts();
            for (SshPublicKey key : all) {
                String bare = new SshPublicKey(key.type(), key.blob(), "").line();
                operator.say(hosts + " " + bare + "\n");
            }
        } else {
            Table table = new Table("TYPE", "FINGERPRINT");
            all.forEach(key -> table.row(key.type(), key.fingerprint()));
            operator.say(table.toString());
        }
        return Verbs.DONE;
    }

    /** How known_hosts names a host: a port other than 22 belongs to the name. */
    private String hosts() {
        OptionalInt port =
                site.doors().stream()
                        .filter(door -> door.service().name().equals("ssh"))
                        .map(Opened::at)
                        .mapToInt(at -> at.getPort())
                        .findFirst();
        List<String> names = List.of(site.name(), "localhost", "127.0.0.1", "::1");
        boolean usual = port.orElse(22) == 22;
        return String.join(
                ",",
                names.stream()
                        .map(name -> usual ? name : "[%s]:%d".formatted(name, port.getAsInt()))
                        .toList());
    }
}
