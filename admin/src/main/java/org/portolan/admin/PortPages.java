package org.portolan.admin;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** How {@code ports} and {@code sockets} are written, and their help. */
final class PortPages {
    private PortPages() {}

    /** To be run. */
    static CommandSpec ports(PortVerbs verbs) {
        return ports(CommandSpec.wrapWithoutInspection(verbs), verbs.options());
    }

    /** For reading only. */
    static CommandSpec ports() {
        return ports(CommandSpec.create(), new PortOptions());
    }

    private static CommandSpec ports(CommandSpec spec, PortOptions options) {
        spec.name("ports").addMixin("options", CommandSpec.forAnnotatedObject(options));
        spec.usageMessage()
                .header("Shows what this site serves, and explains any port.")
                .description(
                        "Without PORT: every port of this site, with what it is open at or why it"
                                + " is not, whether it is encrypted, and a command to paste.",
                        "",
                        "With PORT: what is there by right or by habit, TCP and UDP apart, whether"
                                + " it can be read on the way, what is safer, and what this site"
                                + " has there. That needs no server.",
                        "",
                        "With --json: a list of objects. Of the site's ports: service, name,"
                                + " transport, well_known_port, security, state, places, command."
                                + " Of others: first, last, transport, range, known, name, also,"
                                + " title, security, safer, standard, client, served.")
                .footer(
                        "  portolan ports",
                        "  portolan ports 443",
                        "  portolan ports imap 53/udp 6000-6100",
                        "  portolan ports --all --json");
        return spec;
    }

    /** To be run. */
    static CommandSpec sockets(SocketVerbs verbs) {
        return sockets(CommandSpec.wrapWithoutInspection(verbs), verbs.listing());
    }

    /** For reading only. */
    static CommandSpec sockets() {
        return sockets(CommandSpec.create(), new SocketListing());
    }

    private static CommandSpec sockets(CommandSpec spec, SocketListing listing) {
        spec.name("sockets").addMixin("listing", CommandSpec.forAnnotatedObject(listing));
        CommandLine.getCommandMethods(SocketVerbs.class, null)
                .forEach(verb -> spec.addSubcommand("close", new CommandLine(verb)));
        spec.usageMessage()
                .header("Shows who is connected.")
                .description(
                        "Every open conversation: its id in logs, service, port as the protocol"
                                + " numbers it, both ends, account if it has logged in, TLS, bytes"
                                + " from and to the peer, age. Below them who sent datagrams"
                                + " lately, and the sockets that services have opened toward"
                                + " somebody.",
                        "",
                        "With --json: a list of objects with kind (conversation, peer or line), id,"
                                + " transport, service, port, local, local_address, local_port,"
                                + " peer, peer_address, peer_port, account, tls, cipher, bytes_in,"
                                + " bytes_out, since and age_seconds; peers over UDP have"
                                + " datagrams_in, datagrams_out and last instead of the last two.")
                .footer(
                        "  portolan sockets",
                        "  portolan sockets --follow --sort in",
                        "  portolan sockets --service smtp --peer 192.0.2.0/24",
                        "  portolan sockets --json | jq length");
        return spec;
    }
}
