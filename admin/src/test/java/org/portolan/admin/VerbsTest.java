package org.portolan.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Door;
import org.portolan.kernel.Kernel;
import org.portolan.stores.Account;
import org.portolan.stores.Events;
import org.portolan.stores.SiteCertificates;
import tools.jackson.jr.ob.JSON;

/** Every verb against real stores. */
class VerbsTest {
    @TempDir Path folder;
    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office(folder.resolve("data"));
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    /** Runs a command line that has to succeed, and gives what it said. */
    private String done(String line, String... answers) throws Exception {
        Scripted operator = Scripted.program(answers);
        assertThat(run(line, operator)).as(operator.remarked.toString()).isZero();
        return operator.said.toString();
    }

    /** Runs a command line that has to end with {@code status}, and gives what was wrong. */
    private String wrong(int status, String line, String... answers) throws Exception {
        Scripted operator = Scripted.program(answers);
        assertThat(run(line, operator)).as(operator.said.toString()).isEqualTo(status);
        assertThat(operator.said).isEmpty();
        assertThat(operator.remarked.toString()).startsWith("portolan: ").endsWith("\n");
        return operator.remarked.toString();
    }

    private int run(String line, Operator operator) throws Exception {
        return office.verbs.run(List.of(line.split(" ")), operator);
    }

    private List<String> changes() throws Exception {
        return office.events.latest(100).stream()
                .filter(event -> event.kind() == Events.Kind.CHANGED)
                .filter(event -> event.service().equals("admin"))
                .filter(event -> event.account().equals("root"))
                .filter(event -> event.conversation().equals("talk-1"))
                .map(Events.Event::words)
                .toList();
    }

    private void awaitChange(String words) {
        await().untilAsserted(() -> assertThat(changes()).contains(words));
    }

    // ---- events

    @Test
    void eventsAreNarrowedDown() throws Exception {
        office.events.note(Events.Kind.LOGIN_FAILED, "pop3", "p-1", "192.0.2.1:9", "ada", "wrong");
        office.events.note(Events.Kind.LOGGED_IN, "smtp", "s-1", "192.0.2.2:9", "bob", "by PLAIN");
        await().until(() -> office.events.latest(9).size() == 2);
        assertThat(done("events")).contains("wrong").contains("by PLAIN");
        assertThat(done("events --kind login-failed")).contains("wrong").doesNotContain("PLAIN");
        assertThat(done("events --kind logged_in,refused")).contains("PLAIN");
        assertThat(done("events --account bob --since 2h")).contains("PLAIN").doesNotContain("ada");
        assertThat(done("events --peer 192.0.2.1 --service pop3 --json")).contains("\"wrong\"");
        assertThat(done("events --since 2026-11-21 --json")).contains("wrong");
        assertThat(done("events --account nobody")).doesNotContain("wrong");
        assertThat(wrong(2, "events --kind login_faild")).contains("did you mean LOGIN_FAILED?");
        assertThat(wrong(2, "events --since yesterday")).contains("2h").contains("yesterday");
        assertThat(wrong(2, "events --last -1")).contains("from 1 to");
    }

    @Test
    void eventsAreFollowedUntilThatIsEnough() throws Exception {
        office.events.note(Events.Kind.STARTED, "server", "", "", "", "before");
        await().until(() -> office.events.latest(9).size() == 1);
        Scripted operator = Scripted.program();
        operator.awaiting =
                () -> {
                    office.events.note(Events.Kind.STARTED, "server", "", "", "", "meanwhile");
                    office.events.note(Events.Kind.REFUSED, "smtp", "", "", "", "something else");
                    office.events.note(Events.Kind.STARTED, "server", "", "", "", "at last");
                    await().until(() -> operator.said.toString().contains("at last"));
                };
        assertThat(run("events --follow --kind started", operator)).isZero();
        assertThat(operator.said.toString()).contains("before", "meanwhile", "at last");
        assertThat(operator.said.toString()).doesNotContain("something else");
    }

    // ---- certificates

    @Test
    void certificatesAreShownForPeopleAndForPrograms() throws Exception {
        assertThat(done("certificate show"))
                .contains("authority\n", "site\n", "portolan.localhost", "EC, 256 bits")
                .containsPattern("SHA-256  ([0-9A-F]{2}:){31}[0-9A-F]{2}\n")
                .contains("in 396 days; renewed by itself");
        List<Object> all = JSON.std.listFrom(done("certificate show --json"));
        assertThat(all).hasSize(2);
        assertThat(done("certificate show site --json"))
                .contains("\"name\" : \"site\"", "\"renews_itself\" : true");
        assertThat(wrong(1, "certificate show sit")).contains("did you mean site?");
    }

    @Test
    void aCertificateIsInstalledAndTheOwnOneRenewed() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        new SiteCertificates(other, List.of("shop.example"), Clock.SYSTEM);
        String pem = Files.readString(other.resolve("certificates/site.pem"));
        String key = Files.readString(other.resolve("certificates/site.key"));
        Scripted operator = Scripted.program(pem + key);
        assertThat(run("certificate install shop.pem shop.key", operator)).isZero();
        assertThat(operator.said.toString()).contains("served from now on", "shop.example");
        assertThat(operator.remarked.toString()).contains("no chain behind it");
        awaitChange("certificate shop.example installed");
        assertThat(wrong(1, "certificate install shop.pem", pem)).contains("no private key");
        assertThat(wrong(2, "certificate install")).contains("CERT is missing");

        String before = done("certificate show site");
        assertThat(done("certificate renew")).contains("served from now on");
        assertThat(done("certificate show site")).isNotEqualTo(before);
        awaitChange("the site's certificate was made anew");
    }

    // ---- accounts

    @Test
    void anAccountIsAddedWithThePasswordOfAProgram() throws Exception {
        assertThat(done("account add ada --password-stdin", "a long word"))
                .isEqualTo("Account ada was added.\n");
        assertThat(office.accounts.verify("ada", "a long word")).isPresent();
        awaitChange("account ada added");
    }

    @Test
    void accountsStandInGroups() throws Exception {
        done("account add ada --random");
        done("account add bob --random");
        assertThat(done("account group add Crew ada"))
                .isEqualTo("Group crew was added.\nada is in the group crew.\n");
        awaitChange("ada is in the group crew");
        assertThat(done("account group join crew ada bob"))
                .isEqualTo("ada, bob are in the group crew.\n");
        assertThat(done("account group list")).contains("crew   ada, bob");
        assertThat(JSON.std.listFrom(done("account group list --json")))
                .containsExactly(Map.of("name", "crew", "members", List.of("ada", "bob")));
        assertThat(done("account group leave CREW bob"))
                .isEqualTo("bob is no more in the group crew.\n");
        assertThat(wrong(1, "account group join crow ada")).contains("did you mean crew?");
        assertThat(wrong(1, "account group join crew alan")).contains("no account alan");
        assertThat(wrong(1, "account group add boats alan")).contains("nothing was changed");
        assertThat(done("account group remove crew")).contains("was removed");
        assertThat(JSON.std.listFrom(done("account group list --json"))).isEmpty();
    }

    @Test
    void aPersonIsAskedTwice() throws Exception {
        Scripted ada = Scripted.person("a long word", "a long word");
        assertThat(run("account add ada", ada)).isZero();
        assertThat(ada.prompts).containsExactly("Password for ada: ", "The same again: ");
        assertThat(office.accounts.verify("ada", "a long word")).isPresent();

        Scripted grace = Scripted.person("a long word", "a wrong word");
        assertThat(run("account add grace", grace)).isEqualTo(1);
        assertThat(grace.remarked.toString()).contains("two different passwords");
        assertThat(office.accounts.forLogin("grace")).isEmpty();
    }

    @Test
    void aRandomPasswordStandsAloneAndWorks() throws Exception {
        Scripted operator = Scripted.program();
        assertThat(run("account add ada --random", operator)).isZero();
        String password = operator.said.toString().strip();
        assertThat(password).matches("[a-z0-9]{5}(-[a-z0-9]{5}){4}");
        assertThat(operator.remarked.toString()).doesNotContain(password).contains("ada");
        assertThat(office.accounts.verify("ada", password)).isPresent();
        awaitChange("account ada added");
        assertThat(changes().toString()).doesNotContain(password);
    }

    @Test
    void whereNobodyCanBeAskedThatIsSaid() throws Exception {
        assertThat(wrong(2, "account add ada")).contains("--password-stdin").contains("--random");
        assertThat(office.accounts.list()).isEmpty();
    }

    @Test
    void anAccountThatIsThereIsNotAskedFor() throws Exception {
        office.accounts.add("ada", "a long word");
        assertThat(wrong(1, "account add ada --password-stdin")).contains("already");
        assertThat(office.accounts.verify("ada", "a long word")).isPresent();
    }

    @Test
    void badNamesAndShortPasswordsAreRefusedInASentence() throws Exception {
        assertThat(wrong(1, "account add ../etc --random")).contains("\"../etc\"");
        assertThat(wrong(1, "account add no@where@all --random")).contains("no@where");
        assertThat(wrong(1, "account add ada --password-stdin", "short")).contains("8 characters");
        assertThat(office.accounts.list()).isEmpty();
        assertThat(changes()).isEmpty();
    }

    @Test
    void whatIsSaidIsHarmlessForATerminal() throws Exception {
        assertThat(wrong(1, "account add \u001b[2Jada --random")).doesNotContain("\u001b");
        assertThat(wrong(2, "account \u001b[2J")).doesNotContain("\u001b");
        assertThat(wrong(1, "account passwd \u009b2J --random")).doesNotContain("\u009b");
    }

    @Test
    void anArgumentIsNeverAFile() throws Exception {
        assertThat(wrong(1, "alias add @/etc/passwd ada")).doesNotContain("root:");
        assertThat(wrong(1, "account add @/etc/passwd --random")).contains("@/etc/passwd");
    }

    @Test
    void aNewPasswordReplacesTheOld() throws Exception {
        office.accounts.add("ada", "a long word");
        done("account passwd ada --password-stdin", "another word");
        assertThat(office.accounts.verify("ada", "another word")).isPresent();
        assertThat(office.accounts.verify("ada", "a long word")).isEmpty();
        awaitChange("account ada has a new password");
        assertThat(wrong(1, "account passwd adda --random")).contains("did you mean ada?");
        assertThat(wrong(1, "account passwd ada@portolan.localhost --random"))
                .contains("no account ada@portolan.localhost");
    }

    @Test
    void accountsAreListedForPeopleAndForPrograms() throws Exception {
        office.accounts.add("ada", "a long word");
        office.accounts.add("grace-hopper", "a long word");
        office.deliver("ada");
        assertThat(done("account list"))
                .isEqualTo(
                        """
                        ACCOUNT       MESSAGES  SIZE
                        ada                  1  26 B
                        grace-hopper         0   0 B
                        """);
        assertThat(JSON.std.listFrom(done("account list --json")))
                .containsExactly(
                        Map.of("name", "ada", "messages", 1, "bytes", 26),
                        Map.of("name", "grace-hopper", "messages", 0, "bytes", 0));
    }

    @Test
    void anAccountWithoutMailIsRemovedAtOnce() throws Exception {
        office.accounts.add("ada", "a long word");
        assertThat(done("account remove ada")).isEqualTo("Removed account ada with 0 messages.\n");
        assertThat(office.accounts.list()).isEmpty();
        awaitChange("account ada removed with 0 messages");
    }

    @Test
    void mailIsDeletedOnlyIfThatWasSaid() throws Exception {
        Account ada = office.accounts.add("ada", "a long word");
        office.deliver("ada");
        assertThat(wrong(1, "account remove ada")).contains("1 message (26 B)").contains("--yes");

        Scripted hesitant = Scripted.person("");
        assertThat(run("account remove ada", hesitant)).isEqualTo(1);
        assertThat(hesitant.prompts)
                .containsExactly("Remove ada and delete 1 message (26 B)? [y/N] ");
        assertThat(office.mail.usage()).containsKey(ada.id());

        assertThat(run("account remove ada", Scripted.person("Yes"))).isZero();
        assertThat(office.mail.usage()).isEmpty();
        assertThat(office.accounts.list()).isEmpty();

        office.accounts.add("ada", "a long word");
        office.deliver("ada");
        done("account remove ada --yes");
        assertThat(office.mail.usage()).isEmpty();
        assertThat(wrong(1, "account remove ada --yes")).contains("no account ada");
    }

    @Test
    void aRemovedAccountsConnectionsAreEnded() throws Exception {
        office.accounts.add("ada", "a long word");
        office.accounts.add("grace", "a long word");
        try (Socket adas = logIn("ada");
                Socket graces = logIn("grace")) {
            BufferedReader ada = reader(adas);
            BufferedReader grace = reader(graces);
            assertThat(ada.readLine()).isEqualTo("welcome");
            assertThat(grace.readLine()).isEqualTo("welcome");
            assertThat(done("account remove ada")).contains("ended 1 open connection");
            assertThat(ada.readLine()).isEqualTo("bye: closed by an administrator");
            assertThat(ada.readLine()).isNull();
            await().until(() -> office.kernel.sockets().open().size() == 1);
            graces.getOutputStream().write("still here\r\n".getBytes(UTF_8));
            assertThat(grace.readLine()).isNull(); // left as it wished, without a farewell
        }
    }

    private Socket logIn(String name) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), office.port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write((name + "\r\n").getBytes(UTF_8));
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws Exception {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    // ---- addresses

    @Test
    void domainsComeAndGo() throws Exception {
        office.accounts.add("ada", "a long word");
        done("domain add Second.Example");
        assertThat(office.accounts.recipients("ada@second.example")).hasSize(1);
        assertThat(done("domain list")).isEqualTo("DOMAIN\nportolan.localhost\nsecond.example\n");
        assertThat(JSON.std.listFrom(done("domain list --json")))
                .containsExactly("portolan.localhost", "second.example");
        assertThat(wrong(1, "domain add second.example")).contains("already");
        done("domain remove second.example");
        assertThat(wrong(1, "domain remove second.example")).contains("no domain");
        assertThat(wrong(1, "domain remove portolan.localhost")).contains("settings");
        awaitChange("domain second.example removed");
    }

    @Test
    void mailboxesAreListedLimitedAndShared() throws Exception {
        office.accounts.add("ada", "a long word");
        office.accounts.add("bob", "a long word");
        office.deliver("ada");
        assertThat(done("mailbox list ada"))
                .contains("INBOX           1       1  26 B")
                .contains("ada keeps 1 message, ");
        assertThat(JSON.std.mapFrom(done("mailbox list ada --json")))
                .containsEntry("messages", 1)
                .containsEntry("mostBytes", 0);
        assertThat(done("mailbox limit ada --messages 1 --megabytes 2"))
                .contains("1 message of 1 allowed")
                .contains("of 2.0 MB allowed");
        assertThat(office.mail.hasRoom(office.accounts.forLogin("ada").orElseThrow(), 1)).isFalse();
        assertThat(wrong(2, "mailbox limit ada")).contains("--megabytes");
        assertThat(wrong(2, "mailbox limit ada --messages -1")).contains("0 or more");
        done("mailbox share ada Archive bob lr");
        assertThat(done("mailbox list bob")).contains("archive  ada");
        assertThat(done("mailbox share ada Archive")).contains("bob  lr");
        done("account group add crew ada bob");
        done("mailbox share ada Archive @crew lrs");
        assertThat(done("mailbox share ada Archive")).contains("@crew  lrs");
        assertThat(wrong(1, "mailbox share ada Archive @none lr")).contains("no group none");
        done("account group remove crew");
        assertThat(done("mailbox share ada Archive")).doesNotContain("@crew");
        assertThat(wrong(1, "mailbox share ada Archiv bob lr")).contains("did you mean Archive?");
        assertThat(wrong(1, "mailbox share ada Archive bob z")).contains("lrswipkxtea");
        assertThat(wrong(1, "mailbox list eve")).contains("no account eve");
        awaitChange("mailbox Archive of ada shared with bob");
    }

    @Test
    void aliasesComeAndGo() throws Exception {
        office.accounts.add("ada", "a long word");
        office.accounts.add("grace", "a long word");
        done("alias add crew@portolan.localhost ada grace");
        assertThat(office.accounts.recipients("crew@portolan.localhost")).hasSize(2);
        assertThat(done("alias list"))
                .isEqualTo(
                        "ALIAS                    TARGETS\ncrew@portolan.localhost  ada, grace\n");
        assertThat(JSON.std.listFrom(done("alias list --json")))
                .containsExactly(
                        Map.of(
                                "address",
                                "crew@portolan.localhost",
                                "targets",
                                List.of("ada", "grace")));
        assertThat(wrong(1, "alias add lost nobody")).contains("nobody");
        assertThat(wrong(1, "alias add out ada@elsewhere.example")).contains("elsewhere");
        assertThat(wrong(2, "alias add out")).contains("TARGET is missing");
        done("alias remove crew@portolan.localhost");
        assertThat(office.accounts.recipients("crew@portolan.localhost")).isEmpty();
        assertThat(wrong(1, "alias remove crew@portolan.localhost")).contains("no alias");
        awaitChange("alias crew@portolan.localhost leads to ada, grace");
    }

    // ---- the site

    @Test
    void statusTellsPeople() throws Exception {
        office.accounts.add("ada", "a long word");
        String status = done("status");
        assertThat(status)
                .startsWith("portolan.localhost, Portolan " + Version.number() + ", up 1 h 1 min")
                .containsPattern("echo +" + office.port() + "/tcp +never +127.0.0.1 +0\n")
                .contains("1 account, 0 messages (0 B)")
                .contains("The site's certificate is good until ")
                .doesNotContain("Problem");
    }

    @Test
    void timeTellsHowRightTheClockIs() throws Exception {
        assertThat(wrong(1, "time")).contains("no time is served");
        office.time = Optional.of(TimePageTest.REPORT);

        assertThat(done("time")).contains("stratum 3, following 192.0.2.1");
        assertThat(JSON.std.mapFrom(done("time --json"))).containsEntry("answered", 1234);
    }

    @Test
    void statusTellsPrograms() throws Exception {
        Map<String, Object> status = JSON.std.mapFrom(done("status --json"));
        assertThat(status.keySet())
                .containsSubsequence(
                        "name",
                        "version",
                        "started",
                        "uptime_seconds",
                        "doors",
                        "accounts",
                        "messages",
                        "mail_bytes",
                        "heap_bytes",
                        "heap_limit_bytes",
                        "certificate_ends",
                        "events_lost",
                        "problems");
        assertThat(status)
                .containsEntry("name", "portolan.localhost")
                .containsEntry("accounts", 0)
                .containsEntry("problems", List.of())
                .containsEntry(
                        "doors",
                        List.of(door("tcp", office.port()), door("udp", office.udpPort())));
    }

    private static Map<String, Object> door(String transport, int port) {
        Map<String, Object> place = Map.of("address", "127.0.0.1", "port", port, "open", true);
        return Map.of(
                "service",
                "logins",
                "name",
                "echo",
                "transport",
                transport,
                "well_known_port",
                7,
                "tls",
                "never",
                "connections",
                0,
                "places",
                List.of(place));
    }

    @Test
    void aDoorThatDidNotOpenIsAProblem() throws Exception {
        Kernel.Opened open = office.doors.getFirst();
        office.doors =
                List.of(
                        new Kernel.Opened(
                                open.service(),
                                (Door.StreamDoor) open.service().doors().getFirst(),
                                new InetSocketAddress("127.0.0.1", 25),
                                Optional.of("taken by exim4 (17)")));
        assertThat(done("status"))
                .containsPattern("echo +25/tcp +never +not open +0\n")
                .contains("Problem: echo is not open at 127.0.0.1 port 25: taken by exim4 (17)\n");
        assertThat(JSON.std.mapFrom(done("status --json")).get("problems"))
                .isEqualTo(List.of("echo is not open at 127.0.0.1 port 25: taken by exim4 (17)"));
    }

    @Test
    void eventsAreShownLatestLast() throws Exception {
        for (int i = 1; i <= 30; i++) {
            office.events.note(Events.Kind.LOGGED_IN, "pop3", "c-" + i, "peer", "ada", "no " + i);
        }
        await().until(() -> office.events.latest(100).size() == 30);
        assertThat(done("events").lines()).hasSize(21).last().asString().endsWith("no 30");
        assertThat(done("events --last 1"))
                .containsPattern("TIME +KIND +SERVICE +PEER +ACCOUNT +WHAT\n")
                .containsPattern("Z +LOGGED_IN +pop3 +peer +ada +no 30\n");
        List<Object> latest = JSON.std.listFrom(done("events --last 2 --json"));
        assertThat(latest).hasSize(2);
        assertThat(keys(latest.getFirst()))
                .containsExactly(
                        "at", "kind", "service", "conversation", "peer", "account", "words");
        assertThat(wrong(2, "events --last 0")).contains("from 1 to");
        assertThat(wrong(2, "events --last many")).contains("--last");
    }

    @Test
    void reloadSaysWhatItCameTo() throws Exception {
        assertThat(done("reload")).isEqualTo("Nothing has changed.\n");
        office.reloaded =
                new Site.Reloaded(
                        true,
                        List.of(
                                new Site.Change(
                                        "setting", "smtp.message_size", "\"35 MB\"", "\"2 MB\""),
                                new Site.Change("door", "pop3 (110/tcp)", "127.0.0.1:10110", ""),
                                new Site.Change(
                                        "rule", "\"allow all from any\"", "", "portolan.toml"),
                                new Site.Change("restart", "the program was built anew", "", "")),
                        List.of("port 10025 is not open"));
        assertThat(done("reload"))
                .isEqualTo(
                        """
                        setting smtp.message_size: "35 MB" -> "2 MB"
                        door pop3 (110/tcp): gone, was 127.0.0.1:10110
                        rule "allow all from any": new, portolan.toml
                        waits for a restart: the program was built anew
                        Problem: port 10025 is not open
                        Applied; open conversations go on.
                        """);
        assertThat(JSON.std.mapFrom(done("reload --json")))
                .containsEntry("applied", true)
                .extractingByKey("changes")
                .asString()
                .contains("what=door", "before=127.0.0.1:10110");
        office.reloaded =
                new Site.Reloaded(false, List.of(), List.of("line 3: mesage_size is not known"));
        assertThat(wrong(1, "reload")).isEqualTo("portolan: line 3: mesage_size is not known\n");
        Scripted program = Scripted.program();
        assertThat(run("reload --json", program)).isEqualTo(1);
        assertThat(program.said.toString()).contains("\"applied\" : false", "mesage_size");
        assertThat(office.called).hasSize(5);
        awaitChange("settings reloaded");
    }

    @Test
    void metricsAndVersionArePrinted() throws Exception {
        assertThat(done("metrics")).isEqualTo(office.metricsText());
        assertThat(done("version")).isEqualTo(Version.sentence() + "\n");
        assertThat(Json.object(done("version --json"))).isEqualTo(Version.entry());
        assertThat(Version.number()).matches("[0-9]+\\.[0-9]+.*");
    }

    @Test
    void stopReturnsAtOnce() throws Exception {
        assertThat(done("stop")).contains("Stopping");
        assertThat(office.called).containsExactly("stop");
    }

    private static List<String> keys(Object object) {
        return ((Map<?, ?>) object).keySet().stream().map(String::valueOf).toList();
    }

    // ---- mistakes

    @Test
    void whatDoesNotExistIsNamedWithItsNeighbour() throws Exception {
        assertThat(wrong(2, "statsu")).contains("no verb \"statsu\"").contains("mean status?");
        assertThat(wrong(2, "account lst")).contains("did you mean list?").contains("Usage:");
        assertThat(wrong(2, "status --jsn")).contains("did you mean --json?");
        assertThat(wrong(2, "account")).contains("a verb is missing: add, list, passwd, remove");
        assertThat(wrong(2, "account add")).contains("NAME is missing").contains("Usage:");
        assertThat(wrong(2, "account list ada")).contains("takes no \"ada\"");
        assertThat(wrong(2, "account add ada --random --password-stdin")).contains("only one");
        assertThat(wrong(2, "serve")).contains("no verb \"serve\""); // it runs already
    }

    @Test
    void whatBreaksInsideIsNotShownOutside() throws Exception {
        office.reloaded = null;
        assertThat(wrong(1, "reload")).contains("its log says what").doesNotContain("Exception");
    }

    @Test
    void helpIsForTheOperatorsScreen() throws Exception {
        assertThat(done("help")).contains("Verbs:").contains("account");
        assertThat(done("help account add")).isEqualTo(done("account add --help"));
        assertThat(done("help account add").lines()).allMatch(line -> line.length() <= 80);
        assertThat(wrong(2, "help acount")).contains("did you mean account?");
    }
}
