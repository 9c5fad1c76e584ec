package org.portolan.files.ftp;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Ports.Pending;
import org.portolan.wire.Refusal;

/**
 * Where the next transfer's data goes: to a port where the client waits (PORT, EPRT), or through
 * one where we do (PASV, EPSV); in the clear, or in TLS (PROT). One thread uses it, but for {@link
 * #cutOff}.
 */
final class DataChannel {
    private static final int LAST_PRIVILEGED = 1023;

    private final Connection client;
    private final Ports ports;
    private final FtpSettings settings;
    private int port; // where the client waits; 0 for nowhere
    private volatile Optional<Pending> waiting = Optional.empty();
    private boolean onlyExtended;
    private boolean bufferSizeSaid;
    private boolean secured;

    /**
     * @param secured whether data goes in TLS unless the client says otherwise
     */
    DataChannel(Connection client, Ports ports, FtpSettings settings, boolean secured) {
        this.client = client;
        this.ports = ports;
        this.settings = settings;
        this.secured = secured;
        this.bufferSizeSaid = secured;
    }

    // ---- TLS (RFC 4217)

    void bufferSize() throws Refusal {
        if (client.tls().isEmpty()) {
            throw FtpReply.noTlsYet();
        }
        bufferSizeSaid = true;
    }

    void protect(char level) throws Refusal {
        if (client.tls().isEmpty()) {
            throw FtpReply.noTlsYet();
        }
        if (!bufferSizeSaid) {
            throw FtpReply.bufferSizeFirst();
        }
        if (level != 'P' && level != 'C') {
            throw FtpReply.unknownProtection();
        }
        secured = level == 'P';
    }

    boolean secured() {
        return secured;
    }

    // ---- where

    /** PORT and EPRT. To a third party, or a service of the client's, nothing goes (RFC 2577). */
    void active(InetAddress host, int wanted) throws Refusal {
        mayName();
        if (!host.equals(client.peer().address())) {
            throw FtpReply.thirdParty();
        }
        if (wanted <= LAST_PRIVILEGED) {
            throw FtpReply.privilegedPort();
        }
        forget();
        port = wanted;
    }

    /** PASV: returns the reply. */
    String passive() throws IOException, Refusal {
        mayName();
        InetAddress here = client.local().getAddress();
        if (!(here instanceof Inet4Address)) {
            throw FtpReply.noPassiveAddress();
        }
        boolean outside =
                !client.peer().loopback() && !client.peer().address().isSiteLocalAddress();
        int at = listen();
        return FtpReply.passive(outside ? settings.outside().orElse(here) : here, at);
    }

    /** EPSV: returns the reply. */
    String extendedPassive(int family) throws IOException, Refusal {
        int ours = client.local().getAddress() instanceof Inet4Address ? 4 : 6;
        if (family != 0 && family != ours) {
            throw FtpReply.unknownFamily();
        }
        return FtpReply.extendedPassive(listen());
    }

    /** EPSV ALL (RFC 2428 §4): from now on nothing else that a translator would have to change. */
    void onlyExtended() {
        onlyExtended = true;
    }

    private void mayName() throws Refusal {
        if (onlyExtended) {
            throw FtpReply.onlyExtended();
        }
    }

    private int listen() throws Refusal {
        forget();
        try {
            Pending pending = ports.listenOnce(settings.passive(), client);
            waiting = Optional.of(pending);
            return pending.at().getPort();
        } catch (IOException e) {
            client.log().warn("no port for a data connection: {}", String.valueOf(e.getMessage()));
            throw FtpReply.noFreePort();
        }
    }

    boolean isNamed() {
        return port != 0 || waiting.isPresent();
    }

    /** Forgets where; a port that waits is closed. */
    void forget() {
        port = 0;
        cutOff();
    }

    /** Lets nobody come any more; any thread may call it. */
    void cutOff() {
        Optional<Pending> pending = waiting;
        waiting = Optional.empty();
        if (pending.isPresent()) {
            try {
                pending.get().close();
            } catch (IOException e) {
                client.log().error("a waiting port did not close", e);
            }
        }
    }

    /**
     * Opens the connection, which is good for one transfer.
     *
     * @throws Refusal if there is none to be had
     */
    Connection open() throws IOException, Refusal {
        Connection data = port != 0 ? dial() : accept();
        if (secured) {
            secure(data);
        }
        return data;
    }

    /** The connection if it is there already and has nothing to agree upon; without waiting. */
    Optional<Connection> arrived() throws IOException {
        Optional<Pending> pending = waiting;
        if (secured || pending.isEmpty()) {
            return Optional.empty();
        }
        Optional<Connection> data = pending.get().arrived();
        if (data.isPresent()) {
            forget();
        }
        return data;
    }

    private Connection accept() throws IOException, Refusal {
        Pending pending = waiting.orElseThrow(FtpReply::noDataConnection);
        try {
            return pending.accept();
        } catch (Hangup e) {
            client.log().info("no data connection: {}", e.reason().words());
            throw FtpReply.nobodyCame();
        } finally {
            forget();
        }
    }

    /** RFC 959 §3.2: from the port next to the one that the client called. */
    private Connection dial() throws IOException, Refusal {
        int to = port;
        port = 0;
        try {
            return ports.dial(client, to, client.local().getPort() - 1);
        } catch (ConnectException | NoRouteToHostException | SocketTimeoutException e) {
            throw FtpReply.notReached();
        } catch (SocketException notOurs) { // that port is somebody else's, or below 1024
            try {
                return ports.dial(client, to, 0);
            } catch (SocketException | SocketTimeoutException e) {
                throw FtpReply.notReached();
            }
        }
    }

    private void secure(Connection data) throws IOException, Refusal {
        try {
            data.handshake();
        } catch (IOException e) {
            ports.hangUp(data);
            client.log().info("no TLS on the data connection: {}", String.valueOf(e.getMessage()));
            throw FtpReply.dataHandshakeFailed();
        }
        if (settings.resumption() && !data.resumes(client)) {
            ports.hangUp(data);
            throw FtpReply.notResumed();
        }
    }
}
