package org.portolan.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.portolan.kernel.Door;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What {@code ./portolan VERB} runs: hands the command line to the server and prints what it says.
 *
 * <p>It knows the verbs only to explain them; while a server runs, picocli is not even loaded.
 */
public final class CommandLineClient {
    private static final Path USUAL_DATA = Path.of("portolan-data");

    /** Longer than a stop drains, so that {@code stop} does not give up before the server does. */
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /** More than any password has, and an end to reading if a disk image comes instead. */
    private static final int MOST_SECRET_BYTES = 4096;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Keyboard keyboard;
    private Path data = USUAL_DATA;
    private final List<String> words = new ArrayList<>();

    CommandLineClient(InputStream in, PrintStream out, PrintStream err, Keyboard keyboard) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.keyboard = keyboard;
    }

    /**
     * Runs a command line.
     *
     * @param argv what follows {@code portolan}
     * @return the exit status: 0 done, 1 failed, 2 usage
     */
    public static int run(String[] argv, InputStream in, PrintStream out, PrintStream err) {
        return new CommandLineClient(in, out, err, Keyboard.ofProcess()).run(List.of(argv));
    }

    /**
     * Prints the help that {@code argv} asks for, or says what is wrong with it, without a server.
     *
     * @return the exit status: 0 help, 2 usage
     */
    public static int explain(List<String> argv, PrintStream out, PrintStream err) {
        CommandLineClient client =
                new CommandLineClient(
                        InputStream.nullInputStream(), out, err, Keyboard.ofProcess());
        try {
            client.takeData(argv);
            return client.explain();
        } catch (Refusal e) {
            return client.complain(e.words(), e.status());
        }
    }

    int run(List<String> argv) {
        try {
            takeData(argv);
            if (words.equals(List.of("version")) || words.equals(List.of("--version"))) {
                out.println(Version.sentence());
                return Verbs.DONE;
            }
            if (words.equals(List.of("version", "--json"))) {
                out.print(Json.page(Version.entry()));
                return Verbs.DONE;
            }
            if (asksForHelp()) {
                return explain();
            }
            if (words.getFirst().equals("completion")) {
                return complete();
            }
            if (ArchiveClient.knows(words)) {
                return runArchive();
            }
            return dial(words, CommandLineClient::unexpected);
        } catch (Refusal e) {
            return complain(e.words(), e.status());
        } catch (IOException e) {
            return complain(String.valueOf(e.getMessage()), Verbs.FAILED);
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static void unexpected(byte[] bytes, long total) throws IOException {
        throw new IOException("the server sends a file that was not asked for");
    }

    private int complete() throws Refusal {
        int understood = explain();
        if (understood == Verbs.DONE) {
            out.print(Grammar.forReading().completion(words.getLast()));
        }
        return understood;
    }

    private int runArchive() throws IOException, Refusal {
        int understood = explain();
        if (understood != Verbs.DONE) {
            return understood;
        }
        ArchiveClient client = new ArchiveClient(data, in, out, err, Progress.isWatched());
        return client.run(Grammar.forReading().parse(words), this::dial);
    }

    private int complain(String words, int status) {
        err.println("portolan: " + words);
        return status;
    }

    /** Takes {@code --data DIR} out, wherever it stands before a {@code --}. */
    private void takeData(List<String> argv) throws Refusal {
        boolean options = true;
        for (int i = 0; i < argv.size(); i++) {
            String word = argv.get(i);
            options = options && !word.equals("--");
            if (options && word.equals("--data")) {
                i++;
                if (i == argv.size()) {
                    throw Refusal.usage("--data wants a directory behind it");
                }
                data = Path.of(argv.get(i));
            } else if (options && word.startsWith("--data=")) {
                data = Path.of(word.substring("--data=".length()));
            } else {
                words.add(word);
            }
        }
        if (data.toString().isEmpty()) { // not the current folder by mistake
            throw Refusal.usage("--data wants a directory behind it");
        }
    }

    private boolean asksForHelp() {
        if (words.isEmpty() || words.getFirst().equals("help")) {
            return true;
        }
        int end = words.indexOf("--");
        List<String> options = end < 0 ? words : words.subList(0, end);
        return options.contains("--help") || options.contains("-h");
    }

    /** Prints the help that was asked for, or says what is wrong; {@link Verbs#DONE} if nothing. */
    private int explain() {
        Grammar grammar = Grammar.forReading();
        try {
            ParseResult parsed = grammar.parse(words);
            if (grammar.asksForHelp(parsed)) {
                out.print(grammar.help(parsed, TerminalSize.atStart().columns()));
            }
            return Verbs.DONE;
        } catch (ParameterException e) {
            err.print(grammar.complaint(e));
            return Verbs.USAGE;
        }
    }

    // ---- the conversation with the server

    private int dial(List<String> request, ArchiveClient.Taker taker) throws IOException, Refusal {
        Path socket = AdminService.socket(data);
        if (!Files.exists(socket)) {
            return notRunning();
        }
        SocketChannel server;
        try {
            server = Door.LocalDoor.dial(socket);
        } catch (ConnectException nobodyListens) {
            return notRunning();
        } catch (SocketException e) {
            throw Refusal.failed(unreachable(socket, String.valueOf(e.getMessage())));
        }
        int status;
        try (server) {
            status = converse(server, request, taker);
        }
        boolean stopping = status == Verbs.DONE && words.getFirst().equals("stop");
        return stopping ? waitForItsEnd() : status;
    }

    private String unreachable(Path socket, String why) throws IOException {
        return why.contains("Permission denied")
                ? "the server in %s belongs to user %s; only that user and root may ask it"
                        .formatted(data, Files.getOwner(socket).getName())
                : "cannot reach the server at %s: %s".formatted(socket, why);
    }

    private int notRunning() throws IOException, Refusal {
        int understood = explain();
        if (understood != Verbs.DONE) {
            return understood;
        }
        String option = data.equals(USUAL_DATA) ? "" : " --data " + data;
        String why =
                "no server is running in the data directory %s; start it with: ./portolan serve%s"
                        .formatted(data.toAbsolutePath().normalize(), option);
        if (words.getFirst().equals("ports")) {
            return explainPorts(why);
        }
        throw Refusal.failed(why);
    }

    /** What a port is for can be told without a server. */
    private int explainPorts(String why) throws IOException {
        Operator here = new LocalOperator(out, err, TerminalSize.atStart().columns());
        PortVerbs ports = PortVerbs.withoutServer(why, here);
        return Verbs.run(Grammar.forReading(ports), words, here);
    }

    private int converse(SocketChannel server, List<String> request, ArchiveClient.Taker taker)
            throws IOException, Refusal {
        ServerLines lines = new ServerLines(Channels.newInputStream(server));
        boolean canAnswer = keyboard.present();
        Path here = Path.of("").toAbsolutePath();
        TerminalSize size = TerminalSize.atStart();
        send(
                server,
                new AdminRequest(request, canAnswer, size.columns(), size.rows(), here).line());
        for (var line = lines.line(); line.isPresent(); line = lines.line()) {
            Map<String, Object> reply = Json.object(line.get());
            if (reply.get(AdminReply.OUT) instanceof String text) {
                out.print(text);
                out.flush();
            }
            if (reply.get(AdminReply.ERR) instanceof String text) {
                err.print(text);
                err.flush();
            }
            if (reply.get(AdminReply.BYTES) instanceof Integer count) {
                long total =
                        reply.get(AdminReply.TOTAL) instanceof Number said ? said.longValue() : 0;
                taker.take(lines.bytes(count), total);
            }
            if (reply.get(AdminReply.SECRET) instanceof String prompt) {
                send(server, Json.line(Map.of(AdminReply.TEXT, secret(prompt))));
            }
            if (reply.get(AdminReply.ASK) instanceof String prompt) {
                String answer = keyboard.line(prompt).orElseThrow(CommandLineClient::noAnswer);
                send(server, Json.line(Map.of(AdminReply.TEXT, answer)));
            }
            if (reply.get(AdminReply.PAUSE) instanceof Integer milliseconds) {
                sleep(Duration.ofMillis(milliseconds));
                if (out.checkError()) { // whoever read along has seen enough
                    return Verbs.DONE;
                }
                goOn(server, size.now());
            }
            if (reply.get(AdminReply.EXIT) instanceof Integer status) {
                return status;
            }
        }
        throw Refusal.failed("the server broke off; its log may say why");
    }

    private static void send(SocketChannel server, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\r\n").getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            server.write(bytes);
        }
    }

    /** A server that has stopped meanwhile hears nothing, but may have left a farewell to read. */
    private static void goOn(SocketChannel server, TerminalSize size) {
        try {
            send(
                    server,
                    Json.line(
                            Map.of(
                                    AdminReply.TEXT,
                                    "",
                                    "columns",
                                    size.columns(),
                                    "rows",
                                    size.rows())));
        } catch (IOException gone) {
            // what it said last is read next, or that it broke off
        }
    }

    private static void sleep(Duration time) throws Refusal {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.failed("interrupted");
        }
    }

    private static Refusal noAnswer() {
        return Refusal.failed("nothing was typed, and nothing was changed");
    }

    private String secret(String prompt) throws IOException, Refusal {
        if (CertificateFiles.areWantedBy(words)) {
            return CertificateFiles.read(words, in);
        }
        return words.contains("--password-stdin")
                ? firstLine()
                : keyboard.secret(prompt).orElseThrow(CommandLineClient::noAnswer);
    }

    private String firstLine() throws IOException, Refusal {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet = in.read();
        while (octet >= 0 && octet != '\n') {
            if (line.size() == MOST_SECRET_BYTES) {
                throw Refusal.failed("the first line of standard input is too long for a password");
            }
            line.write(octet);
            octet = in.read();
        }
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray())).toString();
            String secret = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            if (secret.isEmpty()) {
                throw Refusal.failed("the first line of standard input holds no password");
            }
            return secret;
        } catch (CharacterCodingException e) {
            throw Refusal.failed("the password on standard input is not in UTF-8");
        }
    }

    // ---- after `stop`

    /** The server holds the lock of its data directory until the very end. */
    private int waitForItsEnd() throws IOException, Refusal {
        long end = System.nanoTime() + STOP_PATIENCE.toNanos();
        while (isHeld()) {
            if (System.nanoTime() > end) {
                throw Refusal.failed("the server is still stopping; its log may say why");
            }
            sleep(LOOK_AGAIN);
        }
        out.println("Stopped.");
        return Verbs.DONE;
    }

    private boolean isHeld() throws IOException {
        Path lock = data.resolve("lock");
        if (!Files.exists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock taken = channel.tryLock()) {
            return taken == null;
        } catch (OverlappingFileLockException heldInThisProcess) {
            return true;
        }
    }
}
