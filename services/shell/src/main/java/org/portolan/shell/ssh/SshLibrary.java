package org.portolan.shell.ssh;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.keyboard.DefaultKeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.session.SessionFactory;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import org.portolan.stores.HostKeys;

/**
 * What of the library is used, and how it is set: which algorithms, which kinds of channels, which
 * limits. It opens no socket and starts no thread.
 */
final class SshLibrary {
    /** Log-ins that one connection may try, each key that is offered among them. */
    private static final int MOST_LOGINS = 10;

    /** Shells, commands and subsystems at once. */
    private static final int MOST_SESSIONS = 32;

    /** What is reached through the site at once, and as much again what comes from there. */
    private static final int MOST_FORWARDED = 128;

    private static final long WINDOW = 2 << 20;

    /** RFC 4253 §6.1 wants 32768; some clients break with much more. */
    private static final long PACKET = 32 * 1024;

    private static final long REKEY_BYTES = 1L << 30; // RFC 4253 §9
    private static final Duration REKEY_TIME = Duration.ofHours(1);

    private SshLibrary() {}

    /** Makes sessions as {@code settings} want them. */
    static SessionFactory sessions(
            SshSettings settings,
            HostKeys keys,
            LogIns logIns,
            SshCommands commands,
            Forwarding forwarding,
            KernelTimer timer)
            throws IOException {
        SshServer server = ServerBuilder.builder().build(true);
        server.setScheduledExecutorService(timer);
        algorithms(server);
        limits(server);
        server.setKeyPairProvider(hostKeys(keys));
        server.setPublickeyAuthenticator(logIns);
        server.setPasswordAuthenticator(logIns);
        server.setKeyboardInteractiveAuthenticator(new DefaultKeyboardInteractiveAuthenticator());
        List<UserAuthFactory> ways = new ArrayList<>();
        ways.add(logIns.new ByKey());
        if (settings.passwords()) {
            ways.add(UserAuthPasswordFactory.INSTANCE);
            ways.add(UserAuthKeyboardInteractiveFactory.INSTANCE);
        }
        server.setUserAuthFactories(ways);
        server.setChannelFactories(
                List.of(
                        new BoundedChannels(SessionChannel.FACTORY, MOST_SESSIONS),
                        new BoundedChannels(new ReachChannel.Kind(forwarding), MOST_FORWARDED)));
        server.setGlobalRequestHandlers(
                List.of(
                        KeepAliveHandler.INSTANCE,
                        NoMoreSessionsHandler.INSTANCE,
                        new ListenRequests(forwarding)));
        server.setShellFactory(commands::shell);
        server.setCommandFactory(commands::command);
        server.setSubsystemFactories(List.of(new Sftp(commands)));
        server.setServiceFactories(SshServer.DEFAULT_SERVICE_FACTORIES);
        return new SessionFactory(server);
    }

    private record Sftp(SshCommands commands) implements SubsystemFactory {
        @Override
        public String getName() {
            return "sftp";
        }

        @Override
        public Command createSubsystem(ChannelSession channel) {
            return commands.sftp(channel);
        }
    }

    /** What is modern, the strongest first; nothing that an audit would complain about. */
    private static void algorithms(SshServer server) {
        server.setKeyExchangeFactories(
                List.of(
                        ServerBuilder.DH2KEX.apply(BuiltinDHFactories.mlkem768x25519),
                        ServerBuilder.DH2KEX.apply(BuiltinDHFactories.sntrup761x25519),
                        ServerBuilder.DH2KEX.apply(BuiltinDHFactories.sntrup761x25519_openssh),
                        ServerBuilder.DH2KEX.apply(BuiltinDHFactories.curve25519),
                        ServerBuilder.DH2KEX.apply(BuiltinDHFactories.curve25519_libssh)));
        server.setCipherFactories(List.copyOf(Ciphers.ALL));
        server.setMacFactories(
                List.of(
                        BuiltinMacs.hmacsha256etm,
                        BuiltinMacs.hmacsha512etm,
                        BuiltinMacs.hmacsha256, // libssh2 before 1.11: curl, nmap
                        BuiltinMacs.hmacsha512));
        server.setCompressionFactories(List.of(BuiltinCompressions.none)); // no bombs
        server.setSignatureFactories(
                List.of(
                        BuiltinSignatures.ed25519,
                        BuiltinSignatures.nistp256,
                        BuiltinSignatures.nistp384,
                        BuiltinSignatures.nistp521,
                        BuiltinSignatures.sk_ssh_ed25519,
                        BuiltinSignatures.sk_ecdsa_sha2_nistp256,
                        BuiltinSignatures.rsaSHA512,
                        BuiltinSignatures.rsaSHA256));
    }

    private static void limits(SshServer server) {
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "Portolan");
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, MOST_LOGINS);
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(
                server, MOST_SESSIONS + 2 * MOST_FORWARDED);
        CoreModuleProperties.WINDOW_SIZE.set(server, WINDOW);
        CoreModuleProperties.MAX_PACKET_SIZE.set(server, PACKET);
        CoreModuleProperties.REKEY_BYTES_LIMIT.set(server, REKEY_BYTES);
        CoreModuleProperties.REKEY_TIME_LIMIT.set(server, REKEY_TIME);
        // the kernel keeps the deadlines
        CoreModuleProperties.AUTH_TIMEOUT.set(server, Duration.ZERO);
        CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ZERO);
    }

    /** The library knows Ed25519 keys of its own cryptographic library alone. */
    private static KeyPairProvider hostKeys(HostKeys keys) throws IOException {
        List<KeyPair> pairs = new ArrayList<>();
        for (KeyPair pair : keys.pairs()) {
            pairs.add(pair.getPublic().getAlgorithm().equals("EdDSA") ? translated(pair) : pair);
        }
        return KeyPairProvider.wrap(pairs);
    }

    private static KeyPair translated(KeyPair pair) throws IOException {
        try {
            KeyFactory factory = SecurityUtils.getKeyFactory(SecurityUtils.ED25519);
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(pair.getPublic().getEncoded())),
                    factory.generatePrivate(
                            new PKCS8EncodedKeySpec(pair.getPrivate().getEncoded())));
        } catch (GeneralSecurityException e) {
            throw new IOException("the host key cannot be used", e);
        }
    }
}
