package org.portolan.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Events;

/** {@code account app-password …} against real stores. */
class AppPasswordVerbsTest {
    @TempDir Path folder;
    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office(folder.resolve("data"));
        office.accounts.add("ada", "lovelace1815");
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private record Ran(int status, String said, String remarked) {}

    private Ran run(Rights rights, String... words) throws Exception {
        Scripted operator = Scripted.program();
        int status = office.verbs.run(List.of(words), operator, rights);
        return new Ran(status, operator.said.toString(), operator.remarked.toString());
    }

    private Ran run(String line) throws Exception {
        return run(Rights.ADMINISTRATOR, line.split(" "));
    }

    @Test
    void oneIsMadeShownOnceListedAndRemoved() throws Exception {
        Ran added = run("account app-password add ada telephone");
        assertThat(added.status()).isZero();
        assertThat(added.said()).matches("([a-z2-9]{4}-){4}[a-z2-9]{4}\n");
        assertThat(added.remarked())
                .isEqualTo(
                        "ada has a new app password telephone, which opens ftp, imap, pop3, smtp."
                                + " Shown this once:\n");
        String password = added.said().strip();
        assertThat(run("account app-password list ada").said())
                .containsPattern("LABEL +OPENS +CREATED +LAST USED")
                .containsPattern("telephone +ftp, imap, pop3, smtp +2.* never")
                .doesNotContain(password);
        assertThat(office.accounts.appPassword("ada", password, "imap")).contains("telephone");
        assertThat(run("account app-password list ada").said()).doesNotContain("never");
        assertThat(run("account app-password remove ada telephone").said())
                .isEqualTo("telephone logs in to ada no more.\n");
        assertThat(office.accounts.appPassword("ada", password, "imap")).isEmpty();
        assertThat(run("account app-password list ada").said()).doesNotContain("telephone");
    }

    @Test
    void programsReadJson() throws Exception {
        Ran added = run("account app-password add ada scanner --service smtp --service ftp --json");
        var made = Json.object(added.said());
        assertThat(made.keySet()).containsExactly("account", "label", "services", "password");
        assertThat(made).containsEntry("account", "ada").containsEntry("label", "scanner");
        assertThat(made.get("services")).isEqualTo(List.of("smtp", "ftp"));
        assertThat(added.remarked()).isEmpty();
        String password = String.valueOf(made.get("password"));
        assertThat(office.accounts.appPassword("ada", password, "pop3")).isEmpty();
        String listed = run("account app-password list ada --json").said();
        assertThat(listed)
                .contains("\"label\" : \"scanner\"", "\"used\" : \"\"")
                .containsPattern("\"services\" : \\[ \"ftp\", \"smtp\" ]")
                .doesNotContain(password);
        office.accounts.appPassword("ada", password, "ftp");
        assertThat(run("account app-password list ada --json").said())
                .containsPattern("\"used\" : \"\\d{4}-\\d\\d-\\d\\d\"");
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        run("account app-password add ada telephone");
        for (String line :
                List.of(
                        "account app-password add ada telephone", // it is there
                        "account app-password add nobody telephone",
                        "account app-password add ada console --service ssh",
                        "account app-password remove ada tablet",
                        "account app-password list nobody")) {
            Ran ran = run(line);
            assertThat(ran.status()).as(line).isEqualTo(Verbs.FAILED);
            assertThat(ran.said()).as(line).isEmpty();
            assertThat(ran.remarked()).as(line).startsWith("portolan: ").endsWith("\n");
        }
        assertThat(run("account app-password add ada").status()).isEqualTo(Verbs.USAGE);
    }

    @Test
    void peopleHaveTheirOwn() throws Exception {
        office.accounts.add("bob", "bobsbobsbobs");
        Rights bob = Rights.of("bob");
        assertThat(run(bob, "account", "app-password", "add", "bob", "my telephone").status())
                .isZero();
        assertThat(run(bob, "account", "app-password", "list", "bob").said())
                .contains("my telephone");
        assertThat(run(bob, "account", "app-password", "add", "ada", "mine").status())
                .isEqualTo(Verbs.FAILED);
        assertThat(run(bob, "account", "app-password", "list", "ada").said()).isEmpty();
    }

    @Test
    void thatThereIsOneMoreOrLessIsAnEvent() throws Exception {
        run("account app-password add ada telephone");
        run("account app-password remove ada telephone");
        await().until(() -> office.events.latest(10).size() >= 2);
        assertThat(office.events.latest(10))
                .extracting(Events.Event::words)
                .containsExactlyInAnyOrder(
                        "account ada has a new app password telephone, which opens ftp, imap, pop3,"
                                + " smtp",
                        "account ada lost its app password telephone");
    }
}
