package org.portolan.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.portolan.admin.Operator;
import org.portolan.admin.Refusal;
import org.portolan.admin.Rights;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Sockets;
import org.portolan.shell.console.Person;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console's verbs: those of the command line, with the rights of an account. */
record ConsoleVerbs(org.portolan.admin.Verbs verbs, Accounts accounts, Sockets sockets)
        implements org.portolan.shell.console.Verbs {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleVerbs.class);

    @Override
    public int run(List<String> words, Person person) throws IOException {
        return verbs.run(words, operator(person), rights(person.account()));
    }

    /** {@code person} as the verbs see one, with the conversation through which they came. */
    Operator operator(Person person) {
        return new AtConsole(person, conversation(person));
    }

    @Override
    public List<String> completions(List<String> words, Account account) {
        return org.portolan.admin.Verbs.completions(words, rights(account));
    }

    /** Asked for each command: who is no administrator any more is none at once. */
    private Rights rights(Account account) {
        try {
            return accounts.groupsOf(account).contains(Rights.ADMINISTRATORS)
                    ? Rights.ADMINISTRATOR
                    : Rights.of(account.name());
        } catch (StoreException e) {
            LOG.warn("the groups of {} cannot be read; it may do little", account.name(), e);
            return Rights.of(account.name());
        }
    }

    /** The conversation through which they came; empty if it has ended meanwhile. */
    private Optional<Connection> conversation(Person person) {
        return sockets.open().stream()
                .filter(each -> each.id().equals(person.conversation()))
                .findAny();
    }

    /** A person as the verbs see one. */
    private record AtConsole(Person person, Optional<Connection> remote) implements Operator {
        @Override
        public String name() {
            return person.account().name();
        }

        @Override
        public String conversation() {
            return person.conversation();
        }

        @Override
        public boolean terminal() {
            return person.terminal();
        }

        @Override
        public Path folder() {
            return Path.of("");
        }

        @Override
        public int columns() {
            return person.columns();
        }

        @Override
        public int rows() {
            return person.rows();
        }

        @Override
        public void say(String text) throws IOException {
            person.say(text);
        }

        @Override
        public void remark(String text) throws IOException {
            person.remark(text);
        }

        @Override
        public void hand(byte[] bytes, int from, int count, long total) throws IOException {
            throw new IOException("the console hands over no files");
        }

        @Override
        public void awaitEnd() throws IOException {
            person.awaitEnd();
        }

        @Override
        public String ask(String prompt) throws IOException, Refusal {
            return person.ask(prompt, false);
        }

        @Override
        public String askSecret(String prompt) throws IOException, Refusal {
            return person.ask(prompt, true);
        }

        @Override
        public void pause(Duration time) throws IOException {
            person.pause(time);
        }
    }
}
