package org.portolan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.SshPublicKey;

/** {@code account key …} against real stores; what people see of their files beside it. */
class KeyVerbsTest {
    @TempDir Path folder;
    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office(folder.resolve("data"));
        office.accounts.add("ada", "lovelace1815");
        office.accounts.add("bob", "bobsbobsbobs");
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private record Ran(int status, String said, String remarked, List<String> prompts) {}

    private Ran run(Scripted operator, String... words) throws Exception {
        int status = office.verbs.run(List.of(words), operator);
        return new Ran(
                status, operator.said.toString(), operator.remarked.toString(), operator.prompts);
    }

    private Ran run(String line) throws Exception {
        return run(Scripted.program(), line.split(" "));
    }

    /** An Ed25519 key whose 32 bytes are all the same. */
    private static String key(int octet) {
        byte[] point = new byte[32];
        java.util.Arrays.fill(point, (byte) octet);
        byte[] type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
        byte[] blob = ByteBuffer.allocate(51).putInt(11).put(type).putInt(32).put(point).array();
        return "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob);
    }

    @Test
    void aKeyIsAddedListedAndRemoved() throws Exception {
        Ran added = run("account key add ada " + key(1) + " ada at home");
        assertThat(added.status()).isZero();
        String fingerprint = SshPublicKey.parse(key(1)).fingerprint();
        assertThat(added.said()).isEqualTo(fingerprint + " logs in to ada.\n");
        assertThat(run("account key list ada").said())
                .contains("ssh-ed25519", fingerprint, "ada at home");
        assertThat(run("account key list ada --json").said())
                .contains("\"fingerprint\" : \"" + fingerprint + "\"", "ada at home");
        assertThat(run("account key list bob --json").said().strip()).isEqualTo("[ ]");
        assertThat(run("account key remove ada " + fingerprint.substring(0, 12)).status()).isZero();
        assertThat(run("account key list ada").said()).doesNotContain(fingerprint);
    }

    @Test
    void withoutAKeyItIsAskedFor() throws Exception {
        Ran added = run(Scripted.person(key(2)), "account", "key", "add", "ada");
        assertThat(added.prompts()).containsExactly("Public key: ");
        assertThat(added.status()).isZero();
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        run("account key add ada " + key(1));
        run("account key add ada " + key(2));
        for (String line :
                List.of(
                        "account key add ada " + key(1), // it is there
                        "account key add nobody " + key(1),
                        "account key add ada ssh-dss AAAA",
                        "account key add ada rubbish",
                        "account key add ada ssh-ed25519 AAAAAAAA",
                        "account key remove ada SHA256:", // which of the two?
                        "account key remove ada SHA256:nothinglikethis",
                        "account key list nobody")) {
            Ran ran = run(line);
            assertThat(ran.status()).as(line).isEqualTo(Verbs.FAILED);
            assertThat(ran.remarked()).as(line).startsWith("portolan: ").endsWith("\n");
        }
        assertThat(office.accounts.keys().list(office.accounts.forLogin("ada").orElseThrow()))
                .hasSize(2);
    }

    @Test
    void aCommentSteersNoTerminal() throws Exception {
        run(Scripted.program(), "account", "key", "add", "ada", key(1) + " \u001b[2Jme");
        assertThat(run("account key list ada").said()).doesNotContain("\u001b");
    }

    @Test
    void aKeyBelongsToEachAccountByItself() throws Exception {
        assertThat(run("account key add ada " + key(1)).status()).isZero();
        assertThat(run("account key add bob " + key(1)).status()).isZero();
        run("account key remove ada SHA256:");
        assertThat(run("account key list bob").said()).contains("SHA256:");
    }

    @Test
    void whatFilesSomebodyReaches() throws Exception {
        run("files add plans");
        run("files add secrets");
        run("files grant plans read ada");
        run("files grant secrets write bob");
        run("files quota home/ada 5MB");
        String said = run("files of ada").said();
        assertThat(said).contains("/home", "write", "/shared/plans", "read");
        assertThat(said).doesNotContain("secrets");
        assertThat(run("files of bob --json").said())
                .contains("\"folder\" : \"/shared/secrets\"", "\"right\" : \"write\"")
                .doesNotContain("plans");
        assertThat(run("files of nobody").status()).isEqualTo(Verbs.FAILED);
    }
}
