package org.portolan.admin;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** How {@code backup}, {@code backup verify} and {@code restore} are written, and their help. */
final class BackupPages {
    private BackupPages() {}

    /** Of {@code spec}, which takes the backup, or is for reading only. */
    static CommandSpec backup(CommandSpec spec) {
        spec.name("backup")
                .addPositional(file("Where to keep it; - is standard output.", "0..1"))
                .addOption(flag("--replace", "Take the place of a FILE that is there."))
                .usageMessage()
                .customSynopsis(
                        "portolan backup [--replace] [--data DIR] FILE",
                        "       portolan backup verify [--json] FILE")
                .header("Keeps all of the site in one file, while it serves.")
                .description(
                        "Accounts, mail, events, zones, certificates, keys and settings, as they"
                                + " are at one moment. FILE gets its name when it is whole and on"
                                + " disk, and is for its owner alone. It holds every secret of the"
                                + " site. On a terminal it tells how far it is.")
                .footer(
                        "  portolan backup site.tar.gz",
                        "  portolan backup - | ssh elsewhere 'cat > site.tar.gz'",
                        "  portolan backup verify site.tar.gz");
        return spec;
    }

    static CommandSpec verify() {
        CommandSpec spec =
                CommandSpec.create()
                        .name("verify")
                        .addPositional(file("A backup; - is standard input.", "1"))
                        .addOption(flag("--json", "For programs."));
        spec.usageMessage()
                .header("Reads a backup and says whether it is good.")
                .description(
                        "Every file is compared with the manifest, every database is looked"
                                + " through, and each message has to have its body. Needs no"
                                + " server, and room for the databases in $TMPDIR or /tmp.",
                        "",
                        "With --json: an object with site, portolan, taken, files, bytes, messages,"
                                + " lost_messages and problems.")
                .footer("  portolan backup verify site.tar.gz");
        return spec;
    }

    static CommandSpec restore() {
        CommandSpec spec =
                CommandSpec.create()
                        .name("restore")
                        .addPositional(file("A backup; - is standard input.", "1"))
                        .addOption(flag("--json", "For programs."));
        spec.usageMessage()
                .header("Makes a site of a backup.")
                .description(
                        "Into the data directory, which has to be empty or not there; all of it,"
                                + " verified and on disk, or nothing. Needs no server. The settings"
                                + " are portolan.toml in there.",
                        "",
                        "With --json: an object as of `backup verify`.")
                .footer("  portolan restore site.tar.gz --data /srv/portolan");
        return spec;
    }

    private static PositionalParamSpec file(String description, String arity) {
        return PositionalParamSpec.builder()
                .type(String.class)
                .paramLabel("FILE")
                .arity(arity)
                .description(description)
                .build();
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name).type(boolean.class).description(description).build();
    }
}
