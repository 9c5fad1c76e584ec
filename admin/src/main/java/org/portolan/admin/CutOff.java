package org.portolan.admin;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Peer;
import org.portolan.kernel.Port;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Firewall.Numbered;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.StoreException;

/**
 * Whether rules would cut somebody off: a conversation that is open goes on whatever they say, but
 * whoever has shut the door behind himself cannot come back to open it.
 */
public record CutOff(Accounts accounts) {
    /**
     * The rule by which {@code client} could not begin this conversation again, under {@code
     * firewall}; empty if it could.
     */
    public Optional<Numbered> by(Firewall firewall, Connection client) throws StoreException {
        String service = client.service().name();
        Port port = client.port();
        InetAddress from = client.peer().address();
        Optional<Peer> proxy = client.proxy();
        InetAddress comes = proxy.map(Peer::address).orElse(from);
        Numbered atTheDoor = firewall.deciding(service, port, "tcp", comes);
        // who is a proxy has to say for whom it speaks, and who is none must not be taken for one
        if (!atTheDoor.rule().admits() || atTheDoor.rule().proxy() != proxy.isPresent()) {
            return Optional.of(atTheDoor);
        }
        if (proxy.isPresent()) {
            Numbered behind = firewall.decidingBehindProxy(service, port, from);
            if (!behind.rule().admits()) {
                return Optional.of(behind);
            }
        }
        if (client.account().isEmpty()) {
            return Optional.empty();
        }
        Numbered decides = firewall.decidingFor(service, port, from, groups(client.account()));
        return decides.rule().admits() ? Optional.empty() : Optional.of(decides);
    }

    private Set<String> groups(String name) throws StoreException {
        Optional<Account> account = accounts.forLogin(name);
        return account.isPresent() ? accounts.groupsOf(account.get()) : Set.of();
    }

    /** Why the one who asks is refused; {@code --force} does it all the same. */
    public static String sentence(Connection asker, Numbered decides) {
        return "this would cut you off: you could not come back from %s to %s, by rule %d, \"%s\";"
                        .formatted(
                                asker.peer().address().getHostAddress(),
                                asker.port().name(),
                                decides.number(),
                                decides.rule())
                + " nothing was changed, --force does it all the same";
    }
}
