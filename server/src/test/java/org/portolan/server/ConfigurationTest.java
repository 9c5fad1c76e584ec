package org.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    @TempDir Path folder;

    private Configuration read(String toml) throws IOException {
        return Configuration.read(Files.writeString(folder.resolve("portolan.toml"), toml));
    }

    @Test
    void withoutAFileAllIsAtItsDefault() throws IOException {
        Configuration configuration = Configuration.read(folder.resolve("none"));
        assertThat(configuration.problems()).isEmpty();
        assertThat(configuration.site().name()).isEqualTo("portolan.localhost");
        assertThat(configuration.site().portOffset()).isEqualTo(10_000);
    }

    @Test
    void theSampleIsAllDefaults() throws IOException {
        Configuration configuration =
                read(SettingsFile.sample().replaceAll("(?m)^# (\\w+ =)", "$1"));
        assertThat(configuration.problems()).isEmpty();
        assertThat(configuration.site()).isEqualTo(Configuration.of(SettingsFile.empty()).site());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    nme = "x" | nme (line 1): there is no such setting; did you mean name?
                    name = ""                | name (line 1): a host name is wanted
                    name = "a b"             | name (line 1): a host name is wanted
                    domains = []             | domains (line 1): at least one is wanted
                    domains = ["a b"]        | domains (line 1): a domain is wanted
                    addresses = []           | addresses (line 1): at least one is wanted
                    addresses = ["nowhere"]  | addresses (line 1): an IP address is wanted
                    port_offset = 60000 | port_offset (line 1): a number from 0 to 50000 is wanted
                    log.level = "loud"       | log.level (line 1): choose one of
                    domains = "example.org"  | domains (line 1): written like
                    firewall.rules = ["x"]   | firewall.rules (line 1): a rule is written like
                    smpt.enabled = false | [smpt]: there is no such section; did you mean [smtp]?
                    """)
    void whatCannotBeUsedIsNamed(String toml, String problem) throws IOException {
        assertThat(read(toml).problems())
                .singleElement()
                .satisfies(said -> assertThat(said).startsWith(problem));
    }

    @Test
    void domainsOfOtherScriptsAreKeptInAscii() throws IOException {
        assertThat(read("domains = [\"Bücher.example\"]").site().domains())
                .isEqualTo(List.of("xn--bcher-kva.example"));
    }
}
