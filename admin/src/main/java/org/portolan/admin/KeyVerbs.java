package org.portolan.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.LoginKeys;
import org.portolan.stores.SshPublicKey;
import org.portolan.stores.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan account key …}: public keys that log in by SSH. */
final class KeyVerbs {
    private final Accounts accounts;
    private final Journal journal;
    private final Operator operator;

    KeyVerbs(Accounts accounts, Journal journal, Operator operator) {
        this.accounts = accounts;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "add",
            header = "Lets a public key log in to an account.",
            description = {
                "KEY is the line in a file like id_ed25519.pub: its type, the key, and what its"
                        + " owner calls it. Without KEY it is asked for.",
                "",
                "Keys log in by SSH, beside the password."
            },
            footer = {"  portolan account key add ada \"$(cat ~/.ssh/id_ed25519.pub)\""})
    int add(
            @Parameters(index = "0", paramLabel = "NAME", description = "The account.") String name,
            @Parameters(
                            index = "1..*",
                            arity = "0..*",
                            paramLabel = "KEY",
                            description = "The public key, one line.")
                    @Nullable List<String> words)
            throws IOException, StoreException, Refusal {
        Account account = wanted(accounts, name);
        String line =
                words == null || words.isEmpty()
                        ? operator.ask("Public key: ")
                        : String.join(" ", words);
        SshPublicKey key = SshPublicKey.parse(line);
        accounts.keys().add(account, key);
        journal.changed("account " + account.name() + " has a new key " + key.fingerprint());
        operator.say("%s logs in to %s.\n".formatted(key.fingerprint(), account.name()));
        return Verbs.DONE;
    }

    @Command(
            name = "list",
            header = "Lists the public keys of an account.",
            description =
                    "With --json: a list of objects with type, fingerprint, comment, added and"
                            + " line.",
            footer = {"  portolan account key list ada"})
    int list(
            @Parameters(paramLabel = "NAME", description = "The account.") String name,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException, Refusal {
        List<LoginKeys.Entry> keys = accounts.keys().list(wanted(accounts, name));
        if (json) {
            operator.say(Json.page(keys.stream().map(KeyVerbs::entry).toList()));
            return Verbs.DONE;
        }
        Table table = new Table("TYPE", "FINGERPRINT", "ADDED", "COMMENT");
        for (LoginKeys.Entry kept : keys) {
            SshPublicKey key = kept.key();
            table.row(key.type(), key.fingerprint(), Words.time(kept.added()), key.comment());
        }
        operator.say(table.toString());
        return Verbs.DONE;
    }

    private static Map<String, Object> entry(LoginKeys.Entry kept) {
        SshPublicKey key = kept.key();
        return Json.entries(
                "type", key.type(),
                "fingerprint", key.fingerprint(),
                "comment", key.comment(),
                "added", kept.added().toString(),
                "line", key.line());
    }

    @Command(
            name = "remove",
            header = "Lets a public key log in no more.",
            description = "Conversations that it began go on; `portolan sockets close` ends them.",
            footer = {"  portolan account key remove ada SHA256:47DEQpj8HBSa"})
    int remove(
            @Parameters(index = "0", paramLabel = "NAME", description = "The account.") String name,
            @Parameters(
                            index = "1",
                            paramLabel = "FINGERPRINT",
                            description = "As the list shows it; its beginning will do.")
                    String fingerprint)
            throws IOException, StoreException, Refusal {
        Account account = wanted(accounts, name);
        SshPublicKey removed = accounts.keys().remove(account, whole(account, fingerprint));
        journal.changed("account " + account.name() + " lost its key " + removed.fingerprint());
        operator.say(
                "%s logs in to %s no more.\n".formatted(removed.fingerprint(), account.name()));
        return Verbs.DONE;
    }

    /** The one fingerprint that begins so; {@code beginning} itself if there is not exactly one. */
    private String whole(Account account, String beginning) throws StoreException {
        List<String> like =
                accounts.keys().list(account).stream()
                        .map(kept -> kept.key().fingerprint())
                        .filter(fingerprint -> fingerprint.startsWith(beginning))
                        .toList();
        return like.size() == 1 ? like.getFirst() : beginning;
    }

    static Account wanted(Accounts accounts, String name) throws StoreException, Refusal {
        Optional<Account> account = accounts.forLogin(name);
        return account.orElseThrow(() -> Refusal.failed("there is no account " + name));
    }
}
