package org.portolan.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Conversation;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.MalformedLine;

/** One verb for one peer of the admin socket. */
final class AdminSession implements Conversation {
    private final Path socket;
    private final Verbs verbs;

    AdminSession(Path socket, Verbs verbs) {
        this.socket = socket;
        this.verbs = verbs;
    }

    @Override
    public void converse(Connection client) throws IOException {
        Optional<UserPrincipal> user = client.user();
        if (user.isPresent() && !welcome(user.get())) {
            client.log().warn("turned {} away", user.get().getName());
            refuse(client, "the server belongs to another user", Verbs.FAILED);
            return;
        }
        client.loggedIn(user.map(UserPrincipal::getName).orElse(""));
        try {
            AdminRequest request = AdminRequest.of(text(client.readLine()));
            int status = verbs.run(request.run(), new Peer(client, request));
            client.writeLine(AdminReply.exit(status));
        } catch (Refusal e) {
            refuse(client, e.words(), e.status());
        } catch (MalformedLine e) {
            refuse(client, sentence(e.fault()), Verbs.USAGE);
        }
    }

    /** The one who owns the socket, and root: they could read every file of the site as well. */
    private boolean welcome(UserPrincipal user) throws IOException {
        UserPrincipal root =
                socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("0");
        return user.equals(Files.getOwner(socket)) || user.equals(root);
    }

    private static void refuse(Connection client, String why, int status) throws IOException {
        write(client, AdminReply.text(AdminReply.ERR, "portolan: " + why + "\n"));
        client.writeLine(AdminReply.exit(status));
    }

    private static String sentence(MalformedLine.Fault fault) {
        return switch (fault) {
            case TOO_LONG -> "a line may have at most " + AdminService.LINE_BYTES + " bytes";
            case BARE_LF, BARE_CR, TEXT_BEFORE_TLS -> "a line ends with CR LF: " + fault.words();
        };
    }

    @Override
    public Optional<String> farewell(Hangup.Reason reason) {
        return Optional.of(AdminReply.farewell(reason.words()));
    }

    /** The kernel's lines are bytes; these are UTF-8. */
    private static String text(String line) {
        return new String(line.getBytes(ISO_8859_1), UTF_8);
    }

    private static void write(Connection client, List<String> lines) throws IOException {
        client.writeLines(
                lines.stream().map(l -> new String(l.getBytes(UTF_8), ISO_8859_1)).toList());
        client.flush();
    }

    /** The peer as the verbs see it. */
    private static final class Peer implements Operator {
        private final Connection client;
        private AdminRequest request; // its window may be made larger or smaller

        private Peer(Connection client, AdminRequest request) {
            this.client = client;
            this.request = request;
        }

        @Override
        public String name() {
            return client.account();
        }

        @Override
        public String conversation() {
            return client.id();
        }

        @Override
        public boolean terminal() {
            return request.terminal();
        }

        @Override
        public Path folder() {
            return request.folder();
        }

        @Override
        public int columns() {
            return request.columns();
        }

        @Override
        public int rows() {
            return request.rows();
        }

        @Override
        public void say(String text) throws IOException {
            AdminSession.write(client, AdminReply.text(AdminReply.OUT, text));
        }

        @Override
        public void remark(String text) throws IOException {
            AdminSession.write(client, AdminReply.text(AdminReply.ERR, text));
        }

        @Override
        public void hand(byte[] bytes, int from, int count, long total) throws IOException {
            client.writeLine(Json.line(Map.of(AdminReply.BYTES, count, AdminReply.TOTAL, total)));
            client.write(bytes, from, count);
            client.flush();
        }

        @Override
        public void awaitEnd() throws IOException {
            try {
                client.readLine();
            } catch (MalformedLine e) {
                throw new IOException("a line was expected: " + e.fault().words(), e);
            }
        }

        @Override
        public String ask(String prompt) throws IOException, Refusal {
            AdminSession.write(client, List.of(Json.line(Map.of(AdminReply.ASK, prompt))));
            return answer(client.readLine());
        }

        @Override
        public String askSecret(String prompt) throws IOException, Refusal {
            AdminSession.write(client, List.of(Json.line(Map.of(AdminReply.SECRET, prompt))));
            return answer(client.readSecretLine());
        }

        /** The peer waits, not we: so a peer that hangs up meanwhile is noticed at once. */
        @Override
        public void pause(Duration time) throws IOException {
            AdminSession.write(
                    client, List.of(Json.line(Map.of(AdminReply.PAUSE, time.toMillis()))));
            String line = client.readLine();
            try {
                request = request.resized(Json.object(text(line)));
            } catch (Refusal e) { // whoever answers by hand need not say more than a line
                client.log().debug("a pause was ended by no object: {}", e.words());
            }
        }

        private static String answer(String line) throws Refusal {
            if (Json.object(text(line)).get(AdminReply.TEXT) instanceof String text) {
                return text;
            }
            throw Refusal.usage("\"text\" is missing: the answer to what was asked");
        }
    }
}
