package org.portolan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

/** {@code dns zone …} against real zones. */
class ZoneVerbsTest {
    private static final String ZONE =
            """
            $TTL 60
            @ SOA ns1 admin 7 1 1 1 1
            @ NS ns1
            @ MX 10 mail
            ns1 A 192.0.2.1
            mail TXT "a \\"b\\" \\255"
            """;

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

    private Path file(String text) throws Exception {
        return Files.writeString(folder.resolve("example.org.zone"), text);
    }

    private String run(int status, Scripted operator, String line) throws Exception {
        assertThat(office.verbs.run(List.of(line.split(" ")), operator))
                .as(operator.said + "" + operator.remarked)
                .isEqualTo(status);
        return operator.said.toString();
    }

    private String done(String line) throws Exception {
        return run(0, Scripted.program(), line);
    }

    private String wrong(String line) throws Exception {
        Scripted operator = Scripted.program();
        run(1, operator, line);
        return operator.remarked.toString();
    }

    @Test
    void aStarterZoneIsServedAtOnce() throws Exception {
        assertThat(done("dns zone add Example.org"))
                .startsWith("The zone example.org is served, serial ")
                .endsWith("2 records: " + office.zones.folder().resolve("example.org.zone") + "\n");
        assertThat(done("dns zone list"))
                .contains("ZONE", "example.org", "office.example")
                .doesNotContain("Problem");
        assertThat(wrong("dns zone add example.org"))
                .isEqualTo("portolan: the zone example.org is there already\n");
    }

    @Test
    void aFileIsCopiedAndShown() throws Exception {
        done("dns zone add example.org --from " + file(ZONE));
        assertThat(done("dns zone show example.org"))
                .isEqualTo(
                        """
                        example.org.\t60\tIN\tSOA\tns1.example.org. admin.example.org. 7 1 1 1 1
                        example.org.\t60\tIN\tNS\tns1.example.org.
                        example.org.\t60\tIN\tMX\t10 mail.example.org.
                        ns1.example.org.\t60\tIN\tA\t192.0.2.1
                        mail.example.org.\t60\tIN\tTXT\t"a \\"b\\" \\255"
                        """);
        assertThat(done("dns zone show example.org --type mx ")).hasLineCount(1);
        List<Object> records =
                JSON.std.listFrom(done("dns zone show example.org ns1.example.org --json"));
        assertThat(records)
                .containsExactly(
                        Map.of(
                                "owner", "ns1.example.org.",
                                "ttl", 60,
                                "type", "A",
                                "data", "192.0.2.1"));
        assertThat(JSON.std.listFrom(done("dns zone show example.org --type LOC --json")))
                .isEmpty();
    }

    @Test
    void alsoAZoneOfManyPages() throws Exception {
        done("dns zone add example.org --from " + file(ZONE + "$GENERATE 1-5000 h$ A 10.0.0.1\n"));
        assertThat(done("dns zone show example.org")).hasLineCount(5005);
        assertThat(JSON.std.listFrom(done("dns zone show example.org --json"))).hasSize(5005);
    }

    @Test
    void whatIsWrongWithAFileIsSaid() throws Exception {
        Path file = file(ZONE + "x A 1.2.3\n");
        String why = ":7: an IPv4 address is wanted, like 192.0.2.7, not \"1.2.3\"\n";
        assertThat(wrong("dns zone check " + file)).isEqualTo("portolan: example.org.zone" + why);
        assertThat(wrong("dns zone add example.org --from " + file))
                .isEqualTo("portolan: " + file + why);
        assertThat(wrong("dns zone check " + file + ".zone")).contains("is not there");
        assertThat(wrong("dns zone check " + folder + "/")).contains("is no file");
        assertThat(wrong("dns zone check nowhere.example"))
                .isEqualTo("portolan: nowhere.example.zone is not there\n");
    }

    @Test
    void aFileIsNamedFromWhereItsReaderStands() throws Exception {
        file(ZONE);
        String relative = Path.of("/").relativize(folder.resolve("example.org.zone")).toString();
        assertThat(done("dns zone check " + relative))
                .isEqualTo("example.org can be served: 5 records\n");
        assertThat(done("dns zone check " + relative + " --zone example.net"))
                .isEqualTo("example.net can be served: 5 records\n");
    }

    @Test
    void allZonesAreCheckedAndOneIsBroken() throws Exception {
        done("dns zone add example.org --from " + file(ZONE));
        assertThat(done("dns zone check")).hasLineCount(2);
        Files.writeString(office.zones.folder().resolve("example.org.zone"), "nothing\n");
        assertThat(wrong("dns zone check")).startsWith("portolan: example.org.zone:1: a type ");
        assertThat(wrong("dns zone check example.org")).startsWith("portolan: example.org.zone:1");
    }

    @Test
    void theListTellsPrograms() throws Exception {
        done("dns zone add example.org --from " + file(ZONE));
        assertThat(JSON.std.listFrom(done("dns zone list --json")))
                .first(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("name", "example.org")
                .containsEntry("serial", 7)
                .containsEntry("records", 5)
                .containsEntry("served", true)
                .containsEntry("problems", List.of());
    }

    @Test
    void aZoneIsRemovedWhenThatIsMeant() throws Exception {
        done("dns zone add example.org");
        assertThat(wrong("dns zone remove example.org"))
                .isEqualTo("portolan: with --yes the zone's file is deleted\n");
        run(1, Scripted.person("n"), "dns zone remove example.org");
        run(0, Scripted.person("y"), "dns zone remove example.org");
        assertThat(done("dns zone list")).doesNotContain("example.org");
        done("dns zone add example.org");
        done("dns zone remove example.org --yes");
        assertThat(wrong("dns zone remove example.org --yes"))
                .isEqualTo("portolan: there is no zone example.org\n");
    }
}
