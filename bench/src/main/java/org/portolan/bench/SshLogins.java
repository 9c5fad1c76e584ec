package org.portolan.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;

/**
 * Log-ins by SSH. The same client for every server, so it offers what all of them have: X25519 for
 * the keys, Ed25519 for host and account.
 */
final class SshLogins implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String USER = "u0";
    private static final String PASSWORD = "bench-secret";

    private final SshClient client;
    private final KeyPair key;

    SshLogins(Path privateKey) throws IOException {
        key = new FileKeyPairProvider(privateKey).loadKeys(null).iterator().next();
        client = ClientBuilder.builder().build(true);
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        client.setKeyExchangeFactories(
                List.of(ClientBuilder.DH2KEX.apply(BuiltinDHFactories.curve25519)));
        client.setSignatureFactories(List.of(BuiltinSignatures.ed25519));
        client.start();
    }

    /** Logs in; whoever gets the session closes it. */
    ClientSession logIn(int port, boolean byKey) throws IOException {
        ClientSession session =
                client.connect(USER, InetAddress.getLoopbackAddress().getHostAddress(), port)
                        .verify(PATIENCE)
                        .getSession();
        UserAuthFactory way =
                byKey ? UserAuthPublicKeyFactory.INSTANCE : UserAuthPasswordFactory.INSTANCE;
        session.setUserAuthFactories(List.of(way));
        if (byKey) {
            session.addPublicKeyIdentity(key);
        } else {
            session.addPasswordIdentity(PASSWORD);
        }
        session.auth().verify(PATIENCE);
        return session;
    }

    @Override
    public void close() {
        client.stop();
    }
}
