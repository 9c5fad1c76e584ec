package org.portolan.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Verdict.Visit;
import org.portolan.kernel.proxy.MalformedHeader;

/**
 * What a conversation has of its peer: lines and bytes in, lines, bytes and files out, TLS.
 *
 * <p>A read first sends what was written, but only when it has to wait: a peer that sends several
 * commands at once gets several replies at once, and one that waits for a reply always gets it.
 * Every wait has a deadline from the service's {@link Limits}; when it passes, the waiting method
 * throws {@link Hangup}.
 *
 * <p>One thread reads. Any thread may write: what one call of {@link #writeLine}, {@link
 * #writeLines} or {@link #write} writes stays together.
 */
public final class Connection {
    /**
     * Enough for a command; grows for a long line or a body, and shrinks when the peer is silent.
     */
    private static final int RESTING_SIZE = 512;

    private static final int BODY_SIZE = 32 * 1024;

    /** Bytes of an over-long line that are read past before the peer is hung up on. */
    private static final int MOST_DISCARDED = 1 << 20;

    private final String id;
    private final Service service;
    private final Port port;
    private final Conversation conversation;
    private volatile Peer peer;
    private volatile Optional<Peer> proxy = Optional.empty();
    private final Instant since;
    private final RawSocket socket;
    private final Limits limits;
    private final Kernel kernel;
    private volatile Log log;
    private final @Nullable Trace trace;
    private final ReentrantLock writing = new ReentrantLock();

    private volatile Layer layer;
    private ByteBuffer input = ByteBuffer.allocate(RESTING_SIZE).limit(0); // ready to be read
    private ByteBuffer output = ByteBuffer.allocate(RESTING_SIZE); // ready to be written to
    private Duration idle;
    private long commandDue;
    private int bodyBytes;
    private int refusals;
    private Visit visit = Visit.UNJUDGED;
    private volatile @Nullable TlsState tls;
    private volatile boolean shakingHands;
    private volatile String account = "";

    Connection(
            String id,
            Service service,
            Port port,
            Conversation conversation,
            Peer peer,
            SocketChannel channel,
            Kernel kernel)
            throws IOException {
        this.id = id;
        this.service = service;
        this.port = port;
        this.conversation = conversation;
        this.peer = peer;
        this.kernel = kernel;
        this.limits = service.limits();
        this.idle = limits.idle();
        this.since = kernel.clock().instant();
        this.socket = new RawSocket(channel, limits, kernel.clock());
        this.layer = new ClearLayer(socket);
        this.commandDue = kernel.clock().nanos() + limits.command().toNanos(); // until a command
        this.log = new Log(kernel.loggerOf(service), id, peer.toString());
        this.trace = kernel.traceOf(this);
    }

    /** Names this conversation in logs, events and traces. */
    public String id() {
        return id;
    }

    public Service service() {
        return service;
    }

    /** The other end; behind a proxy, the one for whom it speaks. */
    public Peer peer() {
        return peer;
    }

    /** The proxy between the two ends; empty if there is none that said so. */
    public Optional<Peer> proxy() {
        return proxy;
    }

    /** The well-known port that was called, whatever number it has on this site. */
    public Port port() {
        return port;
    }

    /** Our end of the conversation; an unresolved address for a local door. */
    public InetSocketAddress local() throws IOException {
        return socket.channel.getLocalAddress() instanceof InetSocketAddress address
                ? address
                : InetSocketAddress.createUnresolved("local", 0);
    }

    /**
     * Who runs the process at the other end of a {@link Door.LocalDoor}, as the system knows it;
     * empty for a peer on the network, or where the system does not tell.
     */
    public Optional<UserPrincipal> user() throws IOException {
        return socket.channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)
                ? Optional.of(socket.channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user())
                : Optional.empty();
    }

    public Instant since() {
        return since;
    }

    public Optional<TlsState> tls() {
        return Optional.ofNullable(tls);
    }

    /**
     * What binds a log-in to this TLS session: {@code tls-exporter} (RFC 9266); empty in the clear
     * and in TLS 1.2.
     */
    public Optional<byte[]> channelBinding() {
        return layer instanceof TlsLayer secured ? secured.exporter() : Optional.empty();
    }

    /** Whether nobody between the two ends can read along: TLS, or the same machine. */
    public boolean confidential() {
        return tls != null || peer.loopback();
    }

    public Log log() {
        return log;
    }

    /** Who logged in; empty before. */
    public String account() {
        return account;
    }

    /**
     * Tells the table of sockets who this is, and asks the firewall again, now that it is known.
     *
     * @param name of the account; empty when what was said before is forgotten
     * @throws Hangup when that account may not be here; say nothing of a success before
     */
    public void loggedIn(String name) throws Hangup {
        if (!name.isEmpty() && isJudged()) {
            enter(kernel.admission().judgeAccount(this, name), Hangup.Reason.ACCOUNT_NOT_ADMITTED);
        }
        account = name;
    }

    @SuppressWarnings("ReferenceEquality") // there is one of it
    private boolean isJudged() {
        return visit != Visit.UNJUDGED;
    }

    // ---- the firewall

    /** Takes note of the verdict by which the peer came in. */
    void admitted(Visit entry) {
        visit = entry;
        socket.pace(entry.pace());
    }

    /** Whether the peer is a proxy, which has to say first for whom it speaks. */
    boolean isOfProxy() {
        return visit.verdict().proxy() && proxy.isEmpty();
    }

    /** The proxy has said for whom it speaks: from now on {@code client} is the peer. */
    void speaksFor(Peer client) throws IOException {
        if (client.loopback() && !peer.loopback()) {
            // loopback is let in, trusted with clear text, never locked out: no other host's is
            throw new MalformedHeader("another host's loopback address");
        }
        if (!kernel.sockets().enter(client)) {
            kernel.metrics().turnedAway(service, "limit");
            throw new Hangup(Hangup.Reason.TOO_MANY_CONNECTIONS);
        }
        Peer before = peer;
        proxy = Optional.of(before);
        peer = client;
        kernel.sockets().leave(before);
        log = new Log(kernel.loggerOf(service), id, client.toString());
        log.debug("comes through the proxy {}", before);
        if (trace != null) {
            trace.action("# through a proxy, with " + client);
        }
        enter(
                kernel.admission().judgeBehindProxy(service.name(), port, client.address()),
                Hangup.Reason.NOT_ADMITTED);
    }

    /** Goes on under another verdict than before, if it is another. */
    @SuppressWarnings("ReferenceEquality") // a verdict counts: two that say the same are two
    private void enter(Verdict verdict, Hangup.Reason refusal) throws Hangup {
        if (verdict == visit.verdict()) {
            return;
        }
        Visit entered = verdict.enter(peer.address(), kernel.clock().nanos());
        if (!verdict.admitted()) {
            kernel.metrics().turnedAway(service, "firewall");
            throw new Hangup(refusal);
        }
        if (entered == null) {
            kernel.metrics().turnedAway(service, "limit");
            throw new Hangup(Hangup.Reason.TOO_MANY_CONNECTIONS);
        }
        endVisit();
        admitted(entered);
    }

    void endVisit() {
        visit.end().run();
    }

    /** A second socket is its owner's. */
    void belongsTo(String owner) {
        account = owner;
    }

    public long bytesIn() {
        return socket.bytesIn.get();
    }

    public long bytesOut() {
        return socket.bytesOut.get();
    }

    /**
     * Lets the peer wait, before an answer that should not come quickly. What was written before
     * leaves first.
     */
    public void pause(Duration wait) throws IOException {
        if (wait.isPositive()) {
            flush();
            try {
                Thread.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Hangup(Hangup.Reason.STOPPING, e);
            }
            commandDue += wait.toNanos(); // it was not the peer who took the time
        }
    }

    // ---- reading

    /**
     * The next line without its CRLF, each byte as the character of the same number.
     *
     * @throws MalformedLine when it was too long, or ended or interrupted by a bare CR or LF; it
     *     has been read past, and the conversation may go on
     */
    public String readLine() throws IOException {
        return nextLine(false);
    }

    /** The next line, which a trace must not show: a password or another answer of a log-in. */
    public String readSecretLine() throws IOException {
        return nextLine(true);
    }

    private String nextLine(boolean secret) throws IOException {
        awaitCommand();
        int seen = 0;
        while (true) {
            int end = lineFeed(input.position() + seen);
            if (end >= 0) {
                return takeLine(end, secret);
            }
            seen = input.remaining();
            if (seen >= limits.lineBytes()) {
                throw tooLong(discardLine());
            }
            fill(limits.lineBytes());
        }
    }

    /**
     * Waits for the first byte of a command as long as a silent peer may, then starts the command's
     * own time. Lines do it themselves; protocols of bytes call it before each command.
     */
    public void awaitCommand() throws IOException {
        if (!input.hasRemaining()) {
            rest();
            flush();
            long due = kernel.clock().nanos() + idle.toNanos();
            receive(due, Hangup.Reason.IDLE);
        }
        commandDue = kernel.clock().nanos() + limits.command().toNanos();
        bodyBytes = 0;
    }

    private int lineFeed(int from) {
        byte[] bytes = input.array();
        for (int i = from; i < input.limit(); i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private String takeLine(int lineFeed, boolean secret) throws MalformedLine {
        int start = input.position();
        input.position(lineFeed + 1);
        if (lineFeed + 1 - start > limits.lineBytes()) {
            throw tooLong(lineFeed + 1 - start);
        }
        byte[] bytes = input.array();
        boolean whole = lineFeed > start && bytes[lineFeed - 1] == '\r';
        int end = whole ? lineFeed - 1 : lineFeed;
        String line = new String(bytes, start, end - start, ISO_8859_1);
        boolean bareCr = line.indexOf('\r') >= 0;
        if (trace != null) {
            String shown = secret ? "***" : conversation.masked(line);
            String fault = bareCr && shown.indexOf('\r') < 0 ? "\r" : ""; // masked with the rest
            trace.client(shown + fault + (whole ? "\r\n" : "\n"));
        }
        if (!whole) {
            throw new MalformedLine(MalformedLine.Fault.BARE_LF);
        }
        if (bareCr) {
            throw new MalformedLine(MalformedLine.Fault.BARE_CR);
        }
        return line;
    }

    /** Reads past the next line feed; returns how many bytes that were. */
    private int discardLine() throws IOException {
        int discarded = 0;
        int end = lineFeed(input.position());
        while (end < 0) {
            discarded += input.remaining();
            if (discarded > MOST_DISCARDED) {
                throw new Hangup(Hangup.Reason.TOO_MANY_REFUSALS);
            }
            input.position(input.limit());
            fill(BODY_SIZE);
            end = lineFeed(input.position());
        }
        discarded += end + 1 - input.position();
        input.position(end + 1);
        return discarded;
    }

    /** A trace shows how long such a line was, and nothing of it: it may hold a secret. */
    private MalformedLine tooLong(int bytes) {
        if (trace != null) {
            trace.action("C: {repeat:*:" + Math.max(bytes - 2, limits.lineBytes() - 1) + "}");
        }
        return new MalformedLine(MalformedLine.Fault.TOO_LONG);
    }

    /**
     * What has arrived and is not yet read, at least one byte of it: a view that is read by moving
     * its position. For bodies whose end is found while reading them.
     */
    public ByteBuffer arrived() throws IOException {
        if (!input.hasRemaining()) {
            fill(BODY_SIZE);
        }
        return input;
    }

    /**
     * Exactly {@code count} bytes. The caller has checked the count against a limit.
     *
     * @throws Hangup when the peer closes before
     */
    public byte[] readBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        int have = 0;
        while (have < count) {
            ByteBuffer chunk = arrived();
            int step = Math.min(chunk.remaining(), count - have);
            chunk.get(bytes, have, step);
            have += step;
        }
        return bytes;
    }

    /** The peer's bytes as a stream, for codecs that want one; never ends before the peer does. */
    public InputStream in() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return arrived().get() & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                ByteBuffer chunk = arrived();
                int step = Math.min(chunk.remaining(), length);
                chunk.get(into, offset, step);
                return step;
            }
        };
    }

    /**
     * Adds what comes to {@code into}, which has room for 32 KiB or more, waiting for at least one
     * byte: for bodies that end with the connection. It has to bring {@link Limits#BODY_STEP} bytes
     * within each command's time.
     *
     * @return how many bytes, or -1 when the peer has ended its side in good order: in TLS, with
     *     its closing word, so that nobody else can have cut it short
     */
    public int receive(ByteBuffer into) throws IOException {
        if (input.hasRemaining()) {
            int count = Math.min(input.remaining(), into.remaining());
            into.put(into.position(), input, input.position(), count);
            into.position(into.position() + count);
            input.position(input.position() + count);
            return count;
        }
        flush();
        if (bodyBytes >= Limits.BODY_STEP || bodyBytes == 0) {
            commandDue = kernel.clock().nanos() + limits.command().toNanos();
            bodyBytes = 0;
        }
        int before = into.position();
        if (!layer.receive(into, commandDue)) {
            return -1;
        }
        int count = into.position() - before;
        bodyBytes += count;
        return count;
    }

    /**
     * Adds at least one byte to {@code into}, for a library that keeps buffers and a clock of its
     * own: nothing is traced, and {@code patience} alone bounds the wait. What was written before
     * leaves first.
     *
     * @param late what it is when the time is over; {@link Hangup.Reason#IDLE} also lets a stop of
     *     the server end the wait at once
     * @return how many bytes were added
     */
    public int read(ByteBuffer into, Duration patience, Hangup.Reason late) throws IOException {
        if (!input.hasRemaining()) {
            flush();
            long due = kernel.clock().nanos() + patience.toNanos();
            if (layer instanceof ClearLayer) {
                return socket.read(into, due, late);
            }
            makeRoom(BODY_SIZE);
            receive(due, late); // a record of TLS may be larger than the room there is
        }
        int count = Math.min(input.remaining(), into.remaining());
        into.put(into.position(), input, input.position(), count);
        into.position(into.position() + count);
        input.position(input.position() + count);
        return count;
    }

    /**
     * Shows in the trace what {@link #arrived} or {@link #readBytes} gave: only who reads a body
     * knows how much of it was the body's.
     */
    public void traceBody(byte[] bytes, int from, int count) {
        if (trace != null) {
            trace.clientPart(new String(bytes, from, count, ISO_8859_1));
        }
    }

    /**
     * Waits so long for the first byte of what comes next, and not {@link Limits#idle}: a protocol
     * that we speak as the client has a time of its own for each answer.
     */
    public void patience(Duration wait) {
        idle = wait;
    }

    /** Adds to the input, in time for the command that was begun; grows it up to {@code most}. */
    private void fill(int most) throws IOException {
        flush();
        if (bodyBytes >= Limits.BODY_STEP) {
            commandDue = kernel.clock().nanos() + limits.command().toNanos();
            bodyBytes = 0;
        }
        int before = input.remaining();
        if (input.limit() == input.capacity() || !input.hasRemaining()) {
            makeRoom(most);
        }
        receive(commandDue, Hangup.Reason.TOO_SLOW);
        bodyBytes += input.remaining() - before;
    }

    private void makeRoom(int most) {
        boolean wellUsed = !input.hasRemaining() || input.remaining() > input.capacity() / 2;
        if (wellUsed && input.capacity() < most) {
            int size = Math.min(Math.max(most, RESTING_SIZE), input.capacity() * 8);
            input = ByteBuffer.allocate(size).put(input).flip();
        }
    }

    private void receive(long due, Hangup.Reason late) throws IOException {
        input.compact();
        try {
            input = layer.read(input, due, late);
        } finally {
            input.flip();
        }
    }

    /** Gives back what a silent peer does not need. */
    private void rest() {
        if (input.capacity() > RESTING_SIZE) {
            input = ByteBuffer.allocate(RESTING_SIZE).limit(0);
        }
        layer.rest();
    }

    // ---- writing

    /**
     * Writes {@code line} and its CRLF; it leaves with the next {@link #flush} or waiting read.
     *
     * @throws IllegalArgumentException if the line holds a CR or LF, or a character above 255
     */
    public void writeLine(String line) throws IOException {
        writing.lock();
        try {
            putLine(line);
        } finally {
            writing.unlock();
        }
    }

    /** Writes several lines that nobody else's may come between. */
    public void writeLines(Iterable<String> lines) throws IOException {
        writing.lock();
        try {
            for (String line : lines) {
                putLine(line);
            }
        } finally {
            writing.unlock();
        }
    }

    private void putLine(String line) throws IOException {
        byte[] bytes = latin1(line);
        if (trace != null) {
            trace.server(line);
        }
        put(bytes, 0, bytes.length);
        put(CRLF, 0, CRLF.length);
    }

    private static final byte[] CRLF = {'\r', '\n'};

    private static byte[] latin1(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\r' || c == '\n' || c > 0xff) {
                throw new IllegalArgumentException(
                        "not to be written as a line: " + Shown.of(line));
            }
        }
        return line.getBytes(ISO_8859_1);
    }

    /** Writes bytes as they are. */
    public void write(byte[] bytes, int from, int count) throws IOException {
        writing.lock();
        try {
            traceMore();
            put(bytes, from, count);
        } finally {
            writing.unlock();
        }
    }

    /** Sends {@code bytes} at once, after what was written before. */
    public void send(ByteBuffer bytes) throws IOException {
        writing.lock();
        try {
            traceMore();
            flush();
            layer.write(bytes);
        } finally {
            writing.unlock();
        }
    }

    /** Shows in the trace what happened, where the bytes themselves say nothing to a reader. */
    public void trace(String happened) {
        if (trace != null) {
            trace.action("# " + Shown.of(happened));
        }
    }

    /** What is not written by lines is not for reading: a trace passes over it. */
    private void traceMore() {
        if (trace != null) {
            trace.more();
        }
    }

    private void put(byte[] bytes, int from, int count) throws IOException {
        if (count > output.remaining()) {
            makeOutputRoom(count);
        }
        if (count > output.remaining()) { // larger than the largest buffer
            flush();
            layer.write(ByteBuffer.wrap(bytes, from, count));
        } else {
            output.put(bytes, from, count);
        }
    }

    private void makeOutputRoom(int count) throws IOException {
        if (output.position() + count > BODY_SIZE) {
            flush();
        } else {
            int size = Math.min(BODY_SIZE, Math.max(output.capacity() * 4, count * 2));
            int needed = Math.max(size, output.position() + count);
            output = ByteBuffer.allocate(needed).put(output.flip());
        }
    }

    /** What the peer is sent, as a stream, for codecs that want one. Closing it closes nothing. */
    public OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                Connection.this.write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                Connection.this.write(bytes, from, count);
            }

            @Override
            public void flush() throws IOException {
                Connection.this.flush();
            }
        };
    }

    /** Sends what was written. */
    public void flush() throws IOException {
        writing.lock();
        try {
            if (output.position() > 0) {
                layer.write(output.flip());
                output =
                        output.capacity() > RESTING_SIZE
                                ? ByteBuffer.allocate(RESTING_SIZE)
                                : output.clear();
            }
        } finally {
            writing.unlock();
        }
    }

    /**
     * Sends {@code count} bytes of {@code file} from position {@code from}, without copying them
     * through Java where the conversation is in the clear. Nobody may be reading meanwhile.
     *
     * @throws EOFException when the file is shorter
     */
    public void send(FileChannel file, long from, long count) throws IOException {
        writing.lock();
        try {
            traceMore();
            boolean asItIs = layer instanceof ClearLayer;
            if (asItIs && count > BODY_SIZE && !socket.paced()) {
                flush();
                kernel.files().send(socket, file, from, count);
            } else {
                sendCopied(file, from, count);
            }
        } finally {
            writing.unlock();
        }
    }

    private void sendCopied(FileChannel file, long from, long count) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, BODY_SIZE));
        long at = from;
        while (at < from + count) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), from + count - at));
            int got = file.read(chunk, at);
            if (got < 0) {
                throw new EOFException(FileSender.SHORTER);
            }
            put(chunk.array(), 0, got);
            at += got;
        }
    }

    // ---- TLS and the end

    /**
     * Upgrades to TLS as the server: says {@code goAhead}, then shakes hands.
     *
     * @throws MalformedLine without having said anything, when clear text is waiting that the peer
     *     would have us believe came through TLS
     */
    public void startTls(String goAhead) throws IOException {
        refuseTextBeforeTls();
        writing.lock(); // what another thread has to say must not come between
        try {
            writeLine(goAhead);
            flush();
            if (trace != null) {
                trace.action("TLS");
            }
            handshake();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Shakes hands as the server, before anything was said: at a door that speaks TLS at once, and
     * on a second socket.
     */
    public void handshake() throws IOException {
        Kernel.prepare(socket.channel); // a second socket was not: a handshake cannot be delayed
        shakeHands(new TlsLayer(socket, kernel.tls().serverEngine(id), kernel.packets(), writing));
    }

    /** Whether this conversation's TLS session is the one of {@code first}, resumed. */
    public boolean resumes(Connection first) {
        return layer instanceof TlsLayer here
                && first.layer instanceof TlsLayer there
                && here.resumes(there);
    }

    /**
     * Another thread begins to work for this peer: until {@link #idle}, its silence is no idleness,
     * and a stop waits.
     */
    public void busy() {
        socket.busy();
    }

    /** That work is done. */
    public void idle() {
        socket.idle();
    }

    /**
     * Upgrades to TLS as the client, trusting {@code trust}, if the other end is {@code host}.
     *
     * @throws MalformedLine when a reply is waiting that somebody may have slipped in before TLS
     */
    public void startTls(String host, SSLContext trust) throws IOException {
        refuseTextBeforeTls();
        writing.lock();
        try {
            flush();
            shakeHands(
                    new TlsLayer(
                            socket,
                            TlsEngines.clientEngine(trust, host, peer.port()),
                            kernel.packets(),
                            writing));
        } finally {
            writing.unlock();
        }
    }

    /**
     * The same; {@code trust} says who may be at the other end.
     *
     * @return whether the other end has proved to be {@code host}
     * @throws MalformedLine when a reply is waiting that somebody may have slipped in before TLS
     */
    public boolean startTls(String host, Trust trust) throws IOException {
        startTls(host, trust.context());
        return layer instanceof TlsLayer secured && trust.proves(secured.chain(), host);
    }

    /**
     * Says {@code goAhead}; everything after it is compressed with DEFLATE, in both directions.
     *
     * @throws MalformedLine without having said anything, when more is waiting already: the peer
     *     has to know that it is to compress before it does (RFC 4978 §3)
     */
    public void deflate(String goAhead) throws IOException {
        refuseTextBeforeTls();
        writing.lock();
        try {
            writeLine(goAhead);
            flush();
            layer = new DeflateLayer(layer);
        } finally {
            writing.unlock();
        }
    }

    /** Whether what is said is compressed. */
    public boolean deflated() {
        return layer instanceof DeflateLayer;
    }

    /**
     * Runs {@code task} in a second virtual thread beside the conversation, which may write while
     * the first waits for its peer. What breaks in it ends the conversation.
     */
    public void beside(Task task) {
        Thread.ofVirtual()
                .name(Thread.currentThread().isVirtual() ? id + "-beside" : id)
                .start(
                        () -> {
                            try {
                                task.run();
                            } catch (Hangup e) {
                                end(e.reason());
                            } catch (IOException e) {
                                end(Hangup.Reason.PEER_GONE);
                            } catch (Throwable e) { // ours, as in the conversation itself
                                log.error("what ran beside a conversation broke", e);
                                end(Hangup.Reason.OUR_FAULT);
                            }
                        });
    }

    /** What runs beside a conversation. */
    public interface Task {
        void run() throws IOException;
    }

    private void refuseTextBeforeTls() throws MalformedLine {
        if (input.hasRemaining()) {
            input.position(input.limit());
            throw new MalformedLine(MalformedLine.Fault.TEXT_BEFORE_TLS);
        }
    }

    private void shakeHands(TlsLayer secured) throws IOException {
        shakingHands = true;
        TlsState agreed = secured.handshake(kernel.clock().nanos() + limits.handshake().toNanos());
        layer = secured;
        tls = agreed;
        shakingHands = false;
        kernel.metrics().handshake(service, agreed);
    }

    /** Whether the peer waits for TLS, so that a word in the clear would be taken for rubbish. */
    boolean mute() {
        return shakingHands;
    }

    /**
     * Counts a refusal.
     *
     * @throws Hangup when there have been too many
     */
    public void refused() throws Hangup {
        refusals++;
        kernel.metrics().refused(service);
        if (refusals > limits.refusals()) {
            throw new Hangup(Hangup.Reason.TOO_MANY_REFUSALS);
        }
    }

    /** Forgets the refusals so far: the peer has done what it came for, and may err again. */
    public void pardoned() {
        refusals = 0;
    }

    /** Ends the conversation from outside: the peer gets the protocol's farewell. */
    public void end(Hangup.Reason reason) {
        socket.end(reason);
    }

    /** Sends what was written, and tells the peer that nothing more will come. */
    public void goodbye() throws IOException {
        lastWords();
        socket.shutdownOutput();
    }

    /** The same, but that the socket itself is at its end only closing it says. */
    void lastWords() throws IOException {
        writing.lock();
        try {
            layer.goodbye(output.flip());
            output.clear();
        } finally {
            writing.unlock();
        }
    }

    /** Whether bytes have come that nobody read. */
    boolean mayHaveUnread() throws IOException {
        boolean network = socket.channel.getRemoteAddress() instanceof InetSocketAddress;
        return input.hasRemaining()
                || (network
                        && !socket.channel.socket().isInputShutdown()
                        && socket.channel.socket().getInputStream().available() > 0);
    }

    RawSocket socket() {
        return socket;
    }

    /** Gives back what lies outside the heap; the socket is closed already. */
    void release() {
        writing.lock();
        try {
            layer.release();
        } finally {
            writing.unlock();
        }
    }

    void endTrace() {
        if (trace != null) {
            trace.action("# closed");
            trace.close();
        }
    }
}
