package org.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.firewall.Rule;

/** Rules that verbs made outlive the process, and come before those of the settings. */
class FirewallRulesTest {
    @TempDir Path folder;

    @Test
    void whatVerbsMadeIsKeptAndComesFirst() throws IOException {
        Rule made = Rule.of("allow smtp from 10.0.0.0/8");
        Rule settled = Rule.of("deny smtp from any");
        new FirewallRules(folder).keep(List.of(made));
        FirewallRules again = new FirewallRules(folder);
        assertThat(again.ofVerbs()).containsExactly(made);
        assertThat(again.with(List.of(settled)).rules())
                .extracting(each -> each.number() + " " + each.rule() + " " + each.origin())
                .startsWith(
                        "1 allow smtp from 10.0.0.0/8 firewall.rules",
                        "2 deny smtp from any portolan.toml")
                .hasSize(4);
    }

    @Test
    void aFileThatSomebodyBrokeIsNotPassedOver() throws IOException {
        new FirewallRules(folder).keep(List.of());
        FirewallRules rules = new FirewallRules(folder);
        Files.writeString(folder.resolve("firewall.rules"), "# mine\n\nallow everything\n");
        assertThatThrownBy(rules::reload)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("firewall.rules, line 3: a rule is written like");
        assertThatThrownBy(() -> new FirewallRules(folder)).isInstanceOf(IOException.class);
    }
}
