package org.portolan.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * TLS over a {@link RawSocket}, in blocking style over the JDK's engine.
 *
 * <p>Not {@code SSLSocket}: its {@code close} waits behind a writer whose peer does not read, which
 * would stop the watchdog, and it keeps large buffers for silent peers.
 */
final class TlsLayer implements Layer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Enough for a command; grows to a whole record when one comes. */
    private static final int RESTING_SIZE = 512;

    /** Fits into one record, and leaves room for another behind it. */
    private static final int LITTLE = 16 * 1024;

    private static final int EXPORTED_BYTES = 32; // RFC 9266 §2

    /** What arrives of a body is taken in so large pieces. */
    private static final int BULK_SIZE = 4 * 16_709;

    private final RawSocket socket;
    private final SSLEngine engine;
    private final PacketPool packets;
    private final Lock writing;
    private ByteBuffer cipher = ByteBuffer.allocate(RESTING_SIZE).limit(0);

    TlsLayer(RawSocket socket, SSLEngine engine, PacketPool packets, Lock writing) {
        this.socket = socket;
        this.engine = engine;
        this.packets = packets;
        this.writing = writing;
    }

    /** Shakes hands, wholly before {@code due}. */
    TlsState handshake(long due) throws IOException {
        try {
            engine.beginHandshake();
            ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
            HandshakeStatus next = engine.getHandshakeStatus();
            while (next != HandshakeStatus.FINISHED && next != HandshakeStatus.NOT_HANDSHAKING) {
                next = step(next, plain, due);
            }
        } catch (SSLException e) {
            sendAlert();
            throw new Hangup(Hangup.Reason.TLS_FAILED, e);
        }
        SSLSession session = engine.getSession();
        return new TlsState(session.getProtocol(), session.getCipherSuite());
    }

    /** RFC 9266 §2: what both ends of this TLS 1.3 session know, and nobody between them. */
    Optional<byte[]> exporter() {
        if (!engine.getSession().getProtocol().equals("TLSv1.3")) {
            return Optional.empty(); // RFC 9266 §3: 1.2 would need an extended master secret
        }
        try {
            ExtendedSSLSession session = (ExtendedSSLSession) engine.getSession();
            return Optional.of(
                    session.exportKeyingMaterialData(
                            "EXPORTER-Channel-Binding", new byte[0], EXPORTED_BYTES));
        } catch (SSLKeyException | UnsupportedOperationException e) {
            return Optional.empty(); // nothing can be bound to; nothing is offered
        }
    }

    /** Whether this session is that of {@code first}, resumed. */
    boolean resumes(TlsLayer first) {
        return TlsEngines.sameOrigin(engine.getSession(), first.engine.getSession());
    }

    private HandshakeStatus step(HandshakeStatus next, ByteBuffer plain, long due)
            throws IOException {
        return switch (next) {
            case NEED_TASK -> {
                runTasks();
                yield engine.getHandshakeStatus();
            }
            case NEED_WRAP -> wrap(NOTHING);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                SSLEngineResult result = engine.unwrap(cipher, plain.clear());
                if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                    fill(due, Hangup.Reason.TOO_SLOW);
                } else if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                    throw new Hangup(Hangup.Reason.PEER_GONE);
                }
                yield result.getHandshakeStatus();
            }
            case FINISHED, NOT_HANDSHAKING -> next;
        };
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask();
                task != null;
                task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    @Override
    public ByteBuffer read(ByteBuffer into, long due, Hangup.Reason late) throws IOException {
        ByteBuffer plain = into;
        int before = plain.position();
        while (plain.position() == before) {
            try {
                SSLEngineResult result = engine.unwrap(cipher, plain);
                switch (result.getStatus()) {
                    case OK -> afterHandshakeMessage(result.getHandshakeStatus());
                    case BUFFER_UNDERFLOW -> fill(due, late);
                    case BUFFER_OVERFLOW -> plain = grown(plain, largestRecord());
                    // close_notify: RFC 8446 §6.1
                    case CLOSED -> throw socket.gone(null);
                }
            } catch (SSLException e) {
                sendAlert();
                throw new Hangup(Hangup.Reason.TLS_FAILED, e);
            }
        }
        return plain;
    }

    @Override
    public boolean receive(ByteBuffer into, long due) throws IOException {
        int before = into.position();
        if (cipher.capacity() < BULK_SIZE) {
            cipher = ByteBuffer.allocate(BULK_SIZE).put(cipher).flip();
        }
        while (into.remaining() >= largestRecord()) {
            try {
                SSLEngineResult result = engine.unwrap(cipher, into);
                switch (result.getStatus()) {
                    case OK -> afterHandshakeMessage(result.getHandshakeStatus());
                    case BUFFER_OVERFLOW -> throw new SSLException("a record is too large");
                    case BUFFER_UNDERFLOW -> {
                        if (into.position() > before) {
                            return true; // what is there goes on its way before more is awaited
                        }
                        fill(due, Hangup.Reason.TOO_SLOW);
                    }
                    case CLOSED -> { // RFC 8446 §6.1
                        return into.position() > before;
                    }
                }
            } catch (SSLException e) {
                sendAlert();
                throw new Hangup(Hangup.Reason.TLS_FAILED, e);
            }
        }
        return true;
    }

    /** A key update or a session ticket may come at any time; a renegotiation is refused. */
    private void afterHandshakeMessage(HandshakeStatus status) throws IOException {
        HandshakeStatus next = status;
        while (next == HandshakeStatus.NEED_TASK || next == HandshakeStatus.NEED_WRAP) {
            if (engine.getSession().getProtocol().equals("TLSv1.2")) {
                throw new Hangup(Hangup.Reason.TLS_FAILED); // RFC 9325 §3.5
            }
            if (next == HandshakeStatus.NEED_TASK) {
                runTasks();
                next = engine.getHandshakeStatus();
            } else {
                writing.lock();
                try {
                    next = wrap(NOTHING);
                } finally {
                    writing.unlock();
                }
            }
        }
    }

    /** Reads more cipher text; makes room for a whole record if there is none. */
    private void fill(long due, Hangup.Reason late) throws IOException {
        if (cipher.limit() == cipher.capacity() && cipher.position() == 0) {
            cipher = grown(cipher.position(cipher.limit()), largestPacket()).flip();
        }
        cipher.compact();
        try {
            socket.read(cipher, due, late);
        } finally {
            cipher.flip();
        }
    }

    private int largestPacket() {
        return engine.getSession().getPacketBufferSize();
    }

    private int largestRecord() {
        return engine.getSession().getApplicationBufferSize();
    }

    private static ByteBuffer grown(ByteBuffer full, int room) {
        return ByteBuffer.allocate(full.position() + room).put(full.flip());
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        try {
            while (from.hasRemaining()) {
                wrap(from);
            }
        } catch (SSLException e) {
            throw new Hangup(Hangup.Reason.TLS_FAILED, e);
        }
    }

    /** Encrypts and sends up to a packet buffer of {@code from}, or a flight of the handshake. */
    private HandshakeStatus wrap(ByteBuffer from) throws IOException {
        ByteBuffer packet = packets.take();
        try {
            HandshakeStatus next = wrap(from, packet);
            if (packet.position() > 0) {
                socket.write(packet.flip());
            }
            return next;
        } finally {
            packets.giveBack(packet);
        }
    }

    private HandshakeStatus wrap(ByteBuffer from, ByteBuffer packet) throws IOException {
        HandshakeStatus next;
        do {
            SSLEngineResult result = engine.wrap(from, packet);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED && from.hasRemaining()) {
                throw new Hangup(Hangup.Reason.PEER_GONE);
            }
            next = result.getHandshakeStatus();
        } while ((from.hasRemaining() || next == HandshakeStatus.NEED_WRAP)
                && packet.remaining() >= largestPacket());
        return next;
    }

    private void sendAlert() throws IOException {
        writing.lock();
        try {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrap(NOTHING);
            }
        } catch (SSLException noAlertEither) {
            socket.abort();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void goodbye(ByteBuffer last) throws IOException {
        while (last.remaining() > LITTLE) {
            wrap(last);
        }
        ByteBuffer packet = packets.take();
        try {
            if (last.hasRemaining()) {
                wrap(last, packet);
            }
            engine.closeOutbound();
            wrap(NOTHING, packet);
            if (packet.position() > 0) {
                socket.write(packet.flip());
            }
        } finally {
            packets.giveBack(packet);
        }
    }

    @Override
    public void rest() {
        if (!cipher.hasRemaining() && cipher.capacity() > RESTING_SIZE) {
            cipher = ByteBuffer.allocate(RESTING_SIZE).limit(0);
        }
    }

    /** The certificates that the other end showed; none if it did not. */
    X509Certificate[] chain() {
        try {
            return Arrays.stream(engine.getSession().getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
        } catch (SSLPeerUnverifiedException noneShown) {
            return new X509Certificate[0];
        }
    }
}
