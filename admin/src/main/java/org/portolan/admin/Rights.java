package org.portolan.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * Which verbs somebody may use: an administrator all, a person those that concern nobody else.
 *
 * <p>A verb that is not named here is an administrator's. So a new verb is closed to people until
 * somebody decides otherwise.
 */
public final class Rights {
    /** The group whose members administrate. */
    public static final String ADMINISTRATORS = "administrators";

    public static final Rights ADMINISTRATOR = new Rights("");

    /** The first word after them is an account, which has to be one's own. */
    private static final Set<String> OF_ONESELF =
            Set.of(
                    "account passwd",
                    "account key add",
                    "account key list",
                    "account key remove",
                    "account app-password add",
                    "account app-password list",
                    "account app-password remove",
                    "files of",
                    "mailbox list",
                    "mailbox share");

    /** They take {@code --account}, which is one's own whatever is written. */
    private static final Set<String> OF_SOCKETS = Set.of("sockets", "sockets close");

    private static final Set<String> OF_ALL = Set.of("ssh hostkeys", "version");

    /** They read or write files where the administrator is, or need no server. */
    private static final Set<String> OF_THE_HOST =
            Set.of("backup", "restore", "certificate install", "serve", "check", "build", "test");

    private static final String ACCOUNT = "--account";

    private final String account;

    private Rights(String account) {
        this.account = account;
    }

    /** What the person with this account may do. */
    public static Rights of(String account) {
        if (account.isEmpty()) {
            throw new IllegalArgumentException("nobody has no name");
        }
        return new Rights(account);
    }

    private boolean all() {
        return account.isEmpty();
    }

    /** {@code words} as they are to be run: with what is understood and need not be written. */
    List<String> completed(List<String> words, Grammar grammar) throws Refusal {
        ParseResult parsed = grammar.parse(words);
        if (grammar.asksForHelp(parsed)) {
            return words;
        }
        String verb = verb(parsed);
        if (OF_THE_HOST.contains(verb)) {
            throw Refusal.failed(
                    "`%s` works with files of the host: it is run there, as ./portolan %s"
                            .formatted(verb, verb));
        }
        if (all()) {
            return words;
        }
        if (OF_SOCKETS.contains(verb)) {
            if (words.contains("--")) { // behind it an option would be none
                throw Refusal.usage("`--` means nothing here");
            }
            List<String> own = new ArrayList<>(words);
            own.add(ACCOUNT);
            own.add(account);
            return own;
        }
        boolean mine = OF_ONESELF.contains(verb) && named(parsed).equals(account);
        if (!mine && !OF_ALL.contains(verb)) {
            throw Refusal.failed(
                    OF_ONESELF.contains(verb)
                            ? "only administrators may do that for others than themselves"
                            : "only administrators may use `%s`".formatted(verb));
        }
        return words;
    }

    /** Whether a verb, or a group with such a verb in it, is theirs at all. */
    Predicate<CommandLine> usable() {
        return command -> {
            String path = path(command);
            if (OF_THE_HOST.contains(path)) {
                return false;
            }
            return all()
                    || OF_ALL.contains(path)
                    || OF_ONESELF.contains(path)
                    || OF_SOCKETS.contains(path)
                    || command.getSubcommands().values().stream().anyMatch(usable());
        };
    }

    private static String path(CommandLine command) {
        return command.getCommandSpec().qualifiedName().replaceFirst("^portolan ?", "");
    }

    private static String verb(ParseResult parsed) {
        return path(parsed.asCommandLineList().getLast());
    }

    private static String named(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        return last.hasMatchedPositional(0)
                ? String.valueOf((Object) last.matchedPositionalValue(0, ""))
                : "";
    }
}
