package org.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.admin.Operator;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Conversation;
import org.portolan.kernel.Door;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.KernelSettings;
import org.portolan.kernel.Port;
import org.portolan.kernel.Service;
import org.portolan.kernel.Tls;
import org.portolan.shell.console.Person;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.SiteKey;
import org.portolan.testkit.RawClient;

/** Who sits at the console is an operator with a conversation, and rights of the moment. */
class ConsoleVerbsTest {
    @TempDir private Path folder;

    private Kernel kernel;
    private Accounts accounts;
    private RawClient client;
    private Connection connection;

    private static final class Waits implements Service, Conversation {
        @Override
        public String name() {
            return "waits";
        }

        @Override
        public List<Door> doors() {
            return List.of(new Door.StreamDoor(new Port(7, "waits"), Tls.NEVER, this, ""));
        }

        @Override
        public void converse(Connection peer) throws IOException {
            peer.readLine();
        }
    }

    @BeforeEach
    void open() throws Exception {
        SiteKey key = SiteKey.in(folder.resolve("site.key"));
        accounts = new Accounts(folder, key, List.of("portolan.example"), Clock.SYSTEM);
        accounts.add("ada", "lovelace1815");
        KernelSettings settings =
                new KernelSettings(
                        List.of(InetAddress.getLoopbackAddress()),
                        KernelSettings.ANY_FREE_PORT,
                        100,
                        100,
                        100,
                        100,
                        Duration.ofSeconds(5),
                        Optional.empty(),
                        Set.of());
        kernel =
                new Kernel(
                        settings,
                        Clock.SYSTEM,
                        Admission.EVERYBODY,
                        host -> {
                            throw new IllegalStateException("nobody asks for TLS here");
                        });
        client = RawClient.connect(kernel.open(List.of(new Waits())).getFirst().at());
        Awaitility.await().until(() -> !kernel.sockets().open().isEmpty());
        connection = kernel.sockets().open().iterator().next();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        kernel.close();
        accounts.close();
    }

    private ConsoleVerbs verbs() {
        return new ConsoleVerbs(null, accounts, kernel.sockets()); // none of which is run
    }

    private record Somebody(Account account, String conversation, List<String> heard)
            implements Person {
        @Override
        public boolean terminal() {
            return true;
        }

        @Override
        public int columns() {
            return 77;
        }

        @Override
        public int rows() {
            return 33;
        }

        @Override
        public void say(String text) {
            heard.add("said " + text);
        }

        @Override
        public void remark(String text) {
            heard.add("remarked " + text);
        }

        @Override
        public String ask(String prompt, boolean secret) {
            return (secret ? "secret " : "open ") + prompt;
        }

        @Override
        public void awaitEnd() {
            heard.add("waited");
        }

        @Override
        public void pause(Duration time) {
            heard.add("paused " + time.toSeconds());
        }
    }

    private Operator operator(String conversation) throws Exception {
        Account ada = accounts.forLogin("ada").orElseThrow();
        return verbs().operator(new Somebody(ada, conversation, new ArrayList<>()));
    }

    /** By it `firewall` and `reload` know whom they would cut off. */
    @Test
    void anOperatorComesThroughTheirConversation() throws Exception {
        assertThat(operator(connection.id()).remote()).contains(connection);
        assertThat(operator("waits-of-another-run-1").remote()).isEmpty();
        String id = connection.id();
        client.close();
        Awaitility.await().until(() -> kernel.sockets().open().isEmpty());
        assertThat(operator(id).remote()).isEmpty();
    }

    @Test
    void whatIsSaidReachesThem() throws Exception {
        List<String> heard = new ArrayList<>();
        Account ada = accounts.forLogin("ada").orElseThrow();
        Operator operator = verbs().operator(new Somebody(ada, "c-1", heard));
        operator.say("this");
        operator.remark("that");
        operator.pause(Duration.ofSeconds(3));
        operator.awaitEnd();
        assertThat(heard).containsExactly("said this", "remarked that", "paused 3", "waited");
        assertThat(operator.ask("Name? ")).isEqualTo("open Name? ");
        assertThat(operator.askSecret("Word? ")).isEqualTo("secret Word? ");
        assertThat(operator.name()).isEqualTo("ada");
        assertThat(operator.conversation()).isEqualTo("c-1");
        assertThat(operator.columns()).isEqualTo(77);
        assertThat(operator.rows()).isEqualTo(33);
        assertThat(operator.terminal()).isTrue();
    }

    @Test
    void rightsAreThoseOfTheMoment() throws Exception {
        Account ada = accounts.forLogin("ada").orElseThrow();
        assertThat(verbs().completions(List.of("sto"), ada)).isEmpty();
        assertThat(verbs().completions(List.of("sock"), ada)).containsExactly("sockets");
        accounts.addGroup("administrators");
        accounts.join("administrators", List.of("ada"));
        assertThat(verbs().completions(List.of("sto"), ada)).containsExactly("stop");
    }
}
