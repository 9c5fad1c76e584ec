package org.portolan.admin;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** How {@code share} is written, and its help; it runs without a server, being one itself. */
final class SharePage {
    private SharePage() {}

    static CommandSpec share() {
        CommandSpec spec =
                CommandSpec.create()
                        .name("share")
                        .addOption(
                                valued(
                                        "--for",
                                        "TIME",
                                        "How long, like 30min, 1h or 2d; until Ctrl-C if left"
                                                + " out."))
                        .addOption(
                                valued(
                                        "--to",
                                        "NETWORK",
                                        "Who else may reach it: a network, an address, or any."
                                                + " Several are separated by commas."))
                        .addOption(
                                OptionSpec.builder("--write")
                                        .description(
                                                "Let files be added by whoever reaches it, and"
                                                        + " changed and removed with the password.")
                                        .build())
                        .addOption(
                                OptionSpec.builder("--private")
                                        .description(
                                                "Let nothing be read without the password; TFTP,"
                                                        + " which has none, stays closed.")
                                        .build())
                        .addOption(
                                valued(
                                        "--port-offset",
                                        "NUMBER",
                                        "Added to the usual ports 21, 22, 69 and 990; else the"
                                                + " first of 20000, 21000 … where all are free."))
                        .addPositional(
                                PositionalParamSpec.builder()
                                        .index("0")
                                        .arity("1")
                                        .paramLabel("DIR")
                                        .type(String.class)
                                        .description("The folder.")
                                        .build());
        spec.usageMessage()
                .header("Shares one folder for a while through FTP, FTPS, SFTP and TFTP.")
                .description(
                        "Needs no site and leaves none behind. The folder can be reached from this"
                                + " machine alone, and only be read, unless options say otherwise;"
                                + " nothing outside of it can be reached. Prints a password made"
                                + " for the occasion, commands to paste, and who fetches what.")
                .footer(
                        "  portolan share photos",
                        "  portolan share photos --to 192.168.1.0/24 --for 1h",
                        "  portolan share inbox --write --private --to any");
        return spec;
    }

    private static OptionSpec valued(String name, String label, String description) {
        return OptionSpec.builder(name)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }
}
