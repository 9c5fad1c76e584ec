package org.portolan.shell.console;

import java.io.IOException;
import java.util.List;
import org.portolan.stores.Account;

/** What can be asked of the site at its console: the verbs of the command line. */
public interface Verbs {
    /** Exit status: it is done. */
    int DONE = 0;

    /** Exit status: whoever gave the command pressed ^C. */
    int INTERRUPTED = 130;

    /** Exit status: there is no such verb, or it is written otherwise. */
    int USAGE = 2;

    /**
     * Runs a command line with the rights of {@code person}.
     *
     * @return the exit status
     * @throws IOException when the person is gone; what was done by then is done
     */
    int run(List<String> words, Person person) throws IOException;

    /**
     * What may stand in place of the last of {@code words}, which may be empty or half a word, as
     * far as {@code account} may use it.
     */
    List<String> completions(List<String> words, Account account);
}
