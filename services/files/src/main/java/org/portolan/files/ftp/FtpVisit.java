package org.portolan.files.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.portolan.kernel.Connection;
import org.portolan.stores.files.Attributes;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.Node;
import org.portolan.stores.files.OpenFile;
import org.portolan.stores.files.Opening;
import org.portolan.stores.files.TreePath;
import org.portolan.stores.files.Upload;
import org.portolan.stores.files.View;
import org.portolan.wire.Refusal;

/** What somebody who has logged in does with files: where they are, and what is transferred. */
final class FtpVisit {
    private static final int CHUNK = 128 * 1024;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Connection client;
    private final FtpSession.Site site;
    private final View view;
    private final String who;
    private final Listings listings;
    private TreePath here;
    private boolean ascii = true; // RFC 959 §3.1.1.1: until somebody says TYPE I
    private long restart;
    private Optional<TreePath> renaming = Optional.empty();
    private Optional<Transfer.Work> opened = Optional.empty(); // until its transfer begins
    private Optional<Transfer> transfer = Optional.empty();

    FtpVisit(Connection client, FtpSession.Site site, View view, String who) {
        this.client = client;
        this.site = site;
        this.view = view;
        this.who = who;
        this.listings = new Listings(view, site.clock());
        this.here = view.start();
    }

    String who() {
        return "logged in as " + FtpReply.text(who);
    }

    Listings listings() {
        return listings;
    }

    // ---- transfers

    String status() {
        return transfer.filter(Transfer::underWay)
                .map(Transfer::status)
                .orElse("nothing is being transferred");
    }

    /** Ends the transfer; returns the reply to whoever asked for it. */
    String abort() throws IOException {
        boolean underWay = transfer.isPresent() && transfer.get().underWay();
        transfer.ifPresent(Transfer::abort);
        awaitTransfer();
        return underWay ? FtpReply.ABORTED : FtpReply.NOTHING_TO_ABORT;
    }

    void awaitTransfer() throws IOException {
        if (transfer.isPresent() && transfer.get().underWay()) {
            client.flush(); // its opening reply may be all that the client waits for
            transfer.get().await();
        }
    }

    void leave() throws IOException {
        giveUp();
        transfer.ifPresent(Transfer::abort);
        awaitTransfer();
    }

    /** Opens what is to be transferred; returns the reply to be said before {@link #begin}. */
    String transfer(FtpCommand command, DataChannel channel)
            throws IOException, Refusal, FileProblem {
        long from = restart;
        restart = 0; // good for one transfer, whatever comes of it
        renaming = Optional.empty();
        if (!channel.isNamed()) {
            throw FtpReply.noDataConnection();
        }
        Transfer.Work work = work(command, from);
        String name = name(command);
        opened = Optional.of(work);
        transfer = Optional.of(new Transfer(client, site.ports(), channel, name));
        return command instanceof FtpCommand.StoreUnique
                ? "150 FILE: " + unique // RFC 1123 §4.1.2.9
                : "150 " + name + (channel.secured() ? " in TLS" : "");
    }

    void begin() throws IOException {
        Transfer.Work work = opened.orElseThrow();
        opened = Optional.empty();
        transfer.orElseThrow().begin(work);
    }

    /** Lets go of what was opened: nobody can be told of it any more. */
    private void giveUp() {
        Optional<Transfer.Work> work = opened;
        if (work.isPresent()) {
            opened = Optional.empty();
            transfer = Optional.empty(); // it will never have begun
            try {
                work.get().close();
            } catch (FileProblem e) {
                client.log().error("what was opened for a transfer did not close", e);
            }
        }
    }

    private static String name(FtpCommand command) {
        return switch (command) {
            case FtpCommand.Retrieve retrieve -> "sending " + retrieve.path();
            case FtpCommand.Store store -> "receiving " + store.path();
            case FtpCommand.Append append -> "receiving more of " + append.path();
            case FtpCommand.StoreUnique _ -> "receiving";
            case FtpCommand _ -> "listing";
        };
    }

    private String unique = "";

    private Transfer.Work work(FtpCommand command, long from) throws Refusal, FileProblem {
        if (from > 0 && ascii) {
            throw FtpReply.restartInAscii();
        }
        return switch (command) {
            case FtpCommand.ListLong list -> listings.longForm(here, list.path());
            case FtpCommand.ListNames list -> listings.names(here, list.path());
            case FtpCommand.ListFacts list -> listings.facts(path(list.path()));
            case FtpCommand.Retrieve retrieve -> download(path(retrieve.path()), from);
            case FtpCommand.Store store -> {
                TreePath path = path(store.path());
                Upload upload = from > 0 ? view.resume(path, from) : view.upload(path);
                yield uploading(upload, path);
            }
            case FtpCommand.StoreUnique _ -> {
                unique = "ftp-" + HexFormat.of().toHexDigits(RANDOM.nextLong());
                TreePath path = here.resolve(unique);
                yield uploading(view.upload(path), path);
            }
            case FtpCommand.Append append -> {
                TreePath path = path(append.path());
                yield uploading(view.append(path), path);
            }
            case FtpCommand other -> throw new IllegalArgumentException(other.toString());
        };
    }

    private Transfer.Work uploading(Upload upload, TreePath path) {
        return new Uploading(
                upload,
                ascii,
                site.settings().closure(),
                "226 " + FtpReply.text(path.name()) + " is stored");
    }

    private Transfer.Work download(TreePath path, long from) throws Refusal, FileProblem {
        OpenFile file = view.open(path, Opening.READ);
        try {
            long size = file.size();
            if (from > size) {
                throw FtpReply.beyondTheEnd();
            }
            return new Downloading(file, from, size - from, ascii);
        } catch (Refusal | FileProblem e) {
            file.close();
            throw e;
        }
    }

    // ---- everything else that has to do with files

    void answer(FtpCommand command) throws IOException, Refusal, FileProblem {
        Optional<TreePath> from = renaming;
        renaming = Optional.empty(); // RFC 959 §4.1.3: RNTO follows at once
        switch (command) {
            case FtpCommand.Type type -> {
                ascii = type.ascii();
                client.writeLine(ascii ? "200 TYPE is A" : "200 TYPE is I");
            }
            case FtpCommand.Restart place -> {
                restart = place.offset();
                client.writeLine("350 the next transfer begins at " + restart);
            }
            case FtpCommand.WhereAmI _ ->
                    client.writeLine("257 " + quoted(here) + " is where you are");
            case FtpCommand.Enter enter -> enter(path(enter.path()));
            case FtpCommand.MakeFolder make -> {
                TreePath path = path(make.path());
                view.makeFolder(path);
                client.writeLine("257 " + quoted(path) + " is made");
            }
            case FtpCommand.RemoveFolder remove -> {
                TreePath path = path(remove.path());
                view.removeFolder(path);
                client.writeLine("250 the folder is removed");
            }
            case FtpCommand.Delete delete -> {
                TreePath path = path(delete.path());
                view.remove(path);
                client.writeLine("250 the file is deleted");
            }
            case FtpCommand.RenameFrom rename -> {
                TreePath path = path(rename.path());
                view.lstat(path);
                renaming = Optional.of(path);
                client.writeLine(FtpReply.WHICH_NAME);
            }
            case FtpCommand.RenameTo rename -> {
                TreePath old = from.orElseThrow(FtpReply::renameFromFirst);
                TreePath path = path(rename.path());
                view.rename(old, path, true);
                client.writeLine("250 it has the new name");
            }
            case FtpCommand.SetModified set -> set(set.path(), set.at());
            case FtpCommand.SetMode set -> {
                view.set(path(set.path()), Attributes.NONE.mode(set.mode()));
                client.writeLine("200 the mode is set");
            }
            case FtpCommand _ -> tell(command);
        }
    }

    /** What changes nothing. */
    private void tell(FtpCommand command) throws IOException, Refusal, FileProblem {
        switch (command) {
            case FtpCommand.SizeOf size -> client.writeLine("213 " + size(path(size.path())));
            case FtpCommand.ModifiedOf modified -> {
                Instant at = view.stat(path(modified.path())).modified();
                client.writeLine("213 " + ListLine.time(at));
            }
            case FtpCommand.Available available ->
                    client.writeLine("213 " + view.room(path(available.path())).free());
            case FtpCommand.Hash hash -> hash(hash.path());
            case FtpCommand.Facts facts -> {
                String line = listings.factsOf(path(facts.path()));
                client.writeLine("250-facts:");
                client.writeLine(" " + line); // RFC 3659 §7.2: a space, then the facts
                client.writeLine("250 end");
            }
            case FtpCommand.Status status -> list(status.path().orElse(""));
            case FtpCommand other -> throw new IllegalArgumentException(other.toString());
        }
    }

    private void enter(TreePath path) throws IOException, Refusal, FileProblem {
        if (!view.stat(path).isFolder()) {
            throw new Refusal("550 " + FtpReply.text(path + ": it is not a folder"));
        }
        here = path;
        client.writeLine("250 you are in " + FtpReply.text(path.toString()));
    }

    private long size(TreePath path) throws Refusal, FileProblem {
        if (ascii) {
            throw FtpReply.sizeInAscii();
        }
        Node node = view.stat(path);
        if (!node.isFile()) { // RFC 3659 §4
            throw new Refusal("550 " + FtpReply.text(path + ": it is no file"));
        }
        return node.size();
    }

    private void set(String raw, Instant at) throws IOException, FileProblem {
        view.set(path(raw), Attributes.NONE.modified(at));
        client.writeLine("213 Modify=" + ListLine.time(at) + "; " + raw);
    }

    /** draft-bryan-ftp-hash: {@code 213 SHA-256 0-1234 hex name}. */
    private void hash(String raw) throws IOException, Refusal, FileProblem {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        long at = 0;
        try (OpenFile file = view.open(path(raw), Opening.READ)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int got = file.read(chunk, at); got >= 0; got = file.read(chunk.clear(), at)) {
                at += got;
                digest.update(chunk.array(), 0, got);
            }
            String hex = HexFormat.of().formatHex(digest.digest());
            client.writeLine("213 SHA-256 0-" + at + " " + hex + " " + raw);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }

    /** STAT of a path (RFC 959 §4.1.3): a list without a data connection. */
    private void list(String raw) throws IOException, Refusal, FileProblem {
        Listings.Prepared prepared = listings.longForm(here, raw);
        try {
            client.writeLine("213-status:");
            prepared.sendTo(
                    lines -> {
                        byte[] bytes = lines.toString().getBytes(ISO_8859_1);
                        client.write(bytes, 0, bytes.length);
                    });
        } finally {
            prepared.close();
        }
        client.writeLine("213 end");
    }

    private TreePath path(String raw) throws FileProblem {
        return here.resolve(TreePath.text(raw.getBytes(ISO_8859_1)));
    }

    /** RFC 959 appendix II: a quotation mark in the name is doubled. */
    private static String quoted(TreePath path) {
        return '"' + FtpReply.text(path.toString()).replace("\"", "\"\"") + '"';
    }
}
