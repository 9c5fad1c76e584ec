package org.portolan.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.auth.Sasl.Step;
import org.portolan.stores.Account;
import org.portolan.stores.ScramVerifier;
import org.portolan.stores.StoreException;

/** Whatever a client sends, a mechanism takes a step, and lets in nobody without the password. */
class SaslFuzzTest {
    private static final Account ADA = new Account(1, "ada");
    private static final String PASSWORD = "lovelace1815";

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "1\0ada\0lovelace1815",
                        "1ada\0ada\0lovelace1815",
                        "1grace\0ada\0lovelace1815",
                        "1\0ada\0",
                        "2ada\nlovelace1815",
                        "2\nada\nlovelace1815",
                        "2\n\n",
                        "0n,,n=ada,r=abc\nc=biws,r=abcserver,p=AAAA",
                        "0n,,n=ada,r=abc\nc=biws,r=abcserver,x=y,p="
                                + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                        "0y,a=ada,n=ada,r=abc,x=y\nc=eSxhPWFkYSw=,r=abcserver,p=!",
                        "0n,a=grace,n=ada,r=abc",
                        "0p=tls-unique,,n=ada,r=abc",
                        "3p=tls-exporter,,n=ada,r=abc",
                        "0n,,n=a=2Cb=3D,r=abc",
                        "0n,,m=x,n=ada,r=abc")
                .map(text -> text.getBytes(UTF_8));
    }

    /** The first byte chooses the mechanism; line feeds end messages. */
    @MethodSource("seeds")
    @FuzzTest
    void everyMessageIsAStep(byte @NotNull [] input) throws StoreException {
        if (input.length == 0) {
            return;
        }
        Mechanism mechanism =
                Mechanism.values()[((input[0] & 0xff) + 1) % Mechanism.values().length];
        String messages = new String(input, 1, input.length - 1, ISO_8859_1);
        Sasl sasl =
                mechanism == Mechanism.SCRAM_SHA_256
                        ? new Scram(new OnlyAda(), "server", Optional.empty(), false)
                        : mechanism.begin(new OnlyAda(), Optional.of(new byte[32]));
        for (String message : messages.split("\n", -1)) {
            Step step = sasl.next(message.getBytes(ISO_8859_1));
            switch (step) {
                case Step.Challenge(byte[] data) ->
                        assertThat(new String(data, ISO_8859_1)).matches("[ -~]*");
                case Step.Success(Account account, Optional<byte[]> last) -> {
                    assertThat(mechanism.word()).doesNotStartWith("SCRAM");
                    assertThat(account).isEqualTo(ADA);
                    assertThat(messages).contains(PASSWORD);
                    return;
                }
                case Step.Failure _, Step.Malformed _ -> {
                    return;
                }
            }
        }
    }

    private static final class OnlyAda implements Verifiers {
        @Override
        public Optional<Account> verify(String login, String password) {
            return password.equals(PASSWORD) ? forLogin(login) : Optional.empty();
        }

        @Override
        public Optional<Account> forLogin(String login) {
            return login.equals("ada") ? Optional.of(ADA) : Optional.empty();
        }

        /** Fits no password. */
        @Override
        public ScramVerifier scramVerifier(String login) {
            return new ScramVerifier(new byte[16], 4096, new byte[32], new byte[32]);
        }
    }
}
