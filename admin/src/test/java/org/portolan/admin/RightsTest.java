package org.portolan.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person may do what concerns nobody else, however it is written. */
class RightsTest {
    private static final Rights ADA = Rights.of("ada");

    private static List<String> completed(Rights rights, String line) throws Refusal {
        return rights.completed(List.of(line.split(" ")), Grammar.forReading());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version",
                "ssh hostkeys",
                "help",
                "help account add",
                "stop --help",
                "account passwd ada",
                "account passwd ada --random",
                "account key list ada --json",
                "account key add ada ssh-ed25519 AAAA bob",
                "account key remove ada SHA256:",
                "account app-password add --service smtp ada telephone",
                "account app-password list ada",
                "account app-password remove ada telephone",
                "files of ada",
                "mailbox list ada",
                "mailbox share ada Plans bob lrs",
            })
    void whatConcernsNobodyElseIsTheirs(String line) throws Refusal {
        assertThat(completed(ADA, line)).isEqualTo(List.of(line.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "account passwd bob",
                "account passwd Ada",
                "account passwd ada@example",
                "account passwd --random bob",
                "account key add bob ssh-ed25519 AAAA ada",
                "account key list bob",
                "account key remove bob SHA256:",
                "account app-password add --service ada bob telephone",
                "account app-password list bob",
                "account app-password remove bob ada",
                "files of bob",
                "mailbox list bob",
                "mailbox share bob Plans ada lrs",
            })
    void whatConcernsOthersIsNot(String line) {
        assertThatThrownBy(() -> completed(ADA, line))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.words()).contains("others than themselves"));
    }

    /** A verb that is new is an administrator's, unless somebody adds it to this list as well. */
    @Test
    void everyOtherVerbIsForAdministrators() {
        Set<String> theirs = new TreeSet<>();
        for (String verb : Grammar.forReading().verbs()) {
            if (!verb.startsWith("help") && isOffered(verb)) {
                theirs.add(verb);
            }
        }
        assertThat(theirs)
                .containsExactlyInAnyOrder(
                        "account app-password add",
                        "account app-password list",
                        "account app-password remove",
                        "account key add",
                        "account key list",
                        "account key remove",
                        "account passwd",
                        "files of",
                        "mailbox list",
                        "mailbox share",
                        "sockets",
                        "sockets close",
                        "ssh hostkeys",
                        "version");
    }

    private static boolean isOffered(String verb) {
        return Verbs.completions(Arrays.asList(verb.split(" ")), ADA)
                .contains(verb.substring(verb.lastIndexOf(' ') + 1));
    }

    @Test
    void socketsAreTheirOwnWhateverIsWritten() throws Refusal {
        assertThat(completed(ADA, "sockets --json"))
                .containsExactly("sockets", "--json", "--account", "ada");
        assertThat(completed(ADA, "sockets close ssh-1-2"))
                .containsExactly("sockets", "close", "ssh-1-2", "--account", "ada");
        assertThatThrownBy(() -> completed(ADA, "sockets close -- ssh-1-2"))
                .isInstanceOf(Refusal.class);
    }

    /** Said twice, an option is none: the grammar refuses it before anything is done. */
    @ParameterizedTest
    @ValueSource(strings = {"sockets --account bob", "sockets close --account=bob"})
    void anotherAccountCannotBeNamed(String line) throws Refusal {
        List<String> words = completed(ADA, line);
        assertThatThrownBy(() -> Grammar.forReading().parse(words))
                .isInstanceOf(picocli.CommandLine.ParameterException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backup -",
                "restore x",
                "certificate install a b",
                "serve",
                "check",
                "test"
            })
    void filesOfTheHostAreNobodysAtTheConsole(String line) {
        for (Rights rights : List.of(ADA, Rights.ADMINISTRATOR)) {
            assertThatThrownBy(() -> completed(rights, line))
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.words()).contains("run there"));
        }
    }

    @Test
    void anAdministratorMayUseTheRest() throws Refusal {
        assertThat(completed(Rights.ADMINISTRATOR, "account passwd bob")).hasSize(3);
        assertThat(completed(Rights.ADMINISTRATOR, "stop")).containsExactly("stop");
    }

    @Test
    void nobodyHasNoRights() {
        assertThatThrownBy(() -> Rights.of("")).isInstanceOf(IllegalArgumentException.class);
    }
}
