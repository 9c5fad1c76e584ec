package org.portolan.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.Account;
import org.portolan.stores.StoreException;

/** LOGIN (draft-murchison-sasl-login): two prompts, two answers. */
final class Login implements Sasl {
    private final Verifiers verifiers;
    private @Nullable String name;
    private boolean begun;

    Login(Verifiers verifiers) {
        this.verifiers = verifiers;
    }

    @Override
    public boolean clientFirst() {
        return false; // though some clients send the name with the command
    }

    @Override
    public Step next(byte[] message) throws StoreException {
        if (!begun && message.length == 0) {
            begun = true;
            return new Step.Challenge("Username:".getBytes(US_ASCII));
        }
        begun = true;
        String given = new String(message, UTF_8);
        if (name == null) {
            name = given;
            return new Step.Challenge("Password:".getBytes(US_ASCII));
        }
        Optional<Account> account = verifiers.verify(name, given);
        return account.isPresent()
                ? new Step.Success(account.get(), Optional.empty())
                : new Step.Failure(name);
    }
}
