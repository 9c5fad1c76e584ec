package org.portolan.server;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Port;
import org.portolan.kernel.Verdict;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Firewall.Numbered;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;

/** The firewall's word, which after a log-in needs to know the account's groups. */
record SiteAdmission(Firewall firewall, Accounts accounts, Events events) implements Admission {
    @Override
    public Verdict judge(String service, Port port, String transport, InetAddress from) {
        return firewall.judge(service, port, transport, from);
    }

    @Override
    public Verdict judgeBehindProxy(String service, Port port, InetAddress from) {
        return firewall.judgeBehindProxy(service, port, from);
    }

    @Override
    public Verdict judgeAccount(Connection client, String account) {
        String service = client.service().name();
        InetAddress from = client.peer().address();
        Numbered decides = firewall.decidingFor(service, client.port(), from, groups(account));
        if (!decides.rule().admits()) {
            String words =
                    "by rule %d of the firewall, \"%s\""
                            .formatted(decides.number(), decides.rule());
            events.note(
                    Events.Kind.REFUSED,
                    service,
                    client.id(),
                    client.peer().toString(),
                    account,
                    words);
        }
        return decides.verdict();
    }

    /**
     * The groups of an account, none for who is nobody.
     *
     * @throws IllegalStateException where they cannot be read: a rule may keep some of them out
     */
    private Set<String> groups(String name) {
        try {
            Optional<Account> account = accounts.forLogin(name);
            return account.isPresent() ? accounts.groupsOf(account.get()) : Set.of();
        } catch (StoreException e) {
            throw new IllegalStateException("the groups of an account cannot be read", e);
        }
    }
}
