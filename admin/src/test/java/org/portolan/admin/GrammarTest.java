package org.portolan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GrammarTest {
    static List<String> verbs() {
        return Grammar.forReading().verbs();
    }

    private static final List<String> VERBS =
            List.of(
                    "serve",
                    "share",
                    "status",
                    "account add",
                    "account list",
                    "account passwd",
                    "account remove",
                    "account group add",
                    "account group join",
                    "account group leave",
                    "account group list",
                    "account group remove",
                    "account key add",
                    "account key list",
                    "account key remove",
                    "account app-password add",
                    "account app-password list",
                    "account app-password remove",
                    "domain add",
                    "domain list",
                    "domain remove",
                    "alias add",
                    "alias list",
                    "alias remove",
                    "queue list",
                    "queue show",
                    "queue retry",
                    "queue hold",
                    "queue release",
                    "queue cancel",
                    "mailbox limit",
                    "mailbox list",
                    "mailbox share",
                    "dns zone add",
                    "dns zone check",
                    "dns zone list",
                    "dns zone remove",
                    "dns zone show",
                    "mail dns",
                    "mail dkim activate",
                    "mail dkim list",
                    "mail dkim remove",
                    "mail dkim rotate",
                    "files add",
                    "files check",
                    "files grant",
                    "files list",
                    "files locks",
                    "files of",
                    "files quota",
                    "files remove",
                    "files revoke",
                    "certificate install",
                    "certificate renew",
                    "certificate show",
                    "backup",
                    "backup verify",
                    "restore",
                    "firewall add",
                    "firewall remove",
                    "firewall show",
                    "firewall try",
                    "expose",
                    "hide",
                    "lockout lift",
                    "lockout list",
                    "audit",
                    "ports",
                    "sockets",
                    "sockets close",
                    "ssh hostkeys",
                    "time",
                    "events",
                    "metrics",
                    "reload",
                    "stop",
                    "check",
                    "build",
                    "test",
                    "completion",
                    "version");

    @Test
    void everyVerbIsThere() {
        assertThat(verbs()).isEqualTo(VERBS);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyVerbTeaches(String verb) {
        List<String> words = new ArrayList<>(List.of(verb.split(" ")));
        words.addFirst("help");
        Grammar grammar = Grammar.forReading();
        String help = grammar.help(grammar.parse(words), 80);
        assertThat(help)
                .contains("Usage: portolan " + verb)
                .contains("Exit status:")
                .contains("For example:\n  portolan ")
                .contains("portolan " + verb)
                .contains("--data=DIR");
        assertThat(help.lines().findFirst().orElseThrow()).matches("[A-Z].*\\.");
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void examplesAreWrittenAsTheyShouldBe(String verb) {
        List<String> words = new ArrayList<>(List.of(verb.split(" ")));
        words.add("--help");
        Grammar grammar = Grammar.forReading();
        String help = grammar.help(grammar.parse(words), 80);
        help.substring(help.indexOf("For example:"))
                .lines()
                .skip(1)
                .flatMap(line -> List.of(line.split("&&")).stream())
                .map(command -> command.replaceAll("[|<>].*", "").strip())
                .forEach(GrammarTest::parses);
    }

    private static void parses(String command) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        assertThat(words.removeFirst()).isEqualTo("portolan");
        assertThat(Grammar.forReading().parse(words)).as(command).isNotNull();
    }
}
