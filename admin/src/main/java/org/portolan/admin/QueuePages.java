package org.portolan.admin;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Help for the verbs of the queue. */
final class QueuePages {
    private QueuePages() {}

    /** To be run. */
    static CommandSpec queue(QueueVerbs verbs) {
        return queue(CommandSpec.wrapWithoutInspection(verbs));
    }

    /** For reading only. */
    static CommandSpec queue() {
        return queue(CommandSpec.create());
    }

    private static CommandSpec queue(CommandSpec spec) {
        spec.name("queue");
        for (String name : new String[] {"list", "show", "retry", "hold", "release", "cancel"}) {
            CommandLine.getCommandMethods(QueueVerbs.class, name)
                    .forEach(verb -> spec.addSubcommand(name, new CommandLine(verb)));
        }
        spec.usageMessage()
                .header("Mail on its way out: shows it, hurries it, holds it back.")
                .description(
                        "Every message has an id, by which replies, events and header fields name"
                                + " it, too.")
                .footer(
                        "  portolan queue list",
                        "  portolan queue show smtp-mwq5p7rs-7.1",
                        "  portolan queue retry --destination example.org");
        return spec;
    }
}
