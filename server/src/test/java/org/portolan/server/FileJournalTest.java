package org.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Account;
import org.portolan.stores.Events;
import org.portolan.stores.Events.Event;
import org.portolan.stores.Spaces;
import org.portolan.stores.files.Access;
import org.portolan.stores.files.Attributes;
import org.portolan.stores.files.FileRules;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.files.OpenFile;
import org.portolan.stores.files.Opening;
import org.portolan.stores.files.TreePath;
import org.portolan.stores.files.Upload;
import org.portolan.stores.files.View;
import org.portolan.testkit.FrozenClock;

class FileJournalTest {
    private static final Account ADA = new Account(1, "ada");

    @TempDir Path data;

    private final FrozenClock clock = FrozenClock.frozen();
    private Spaces spaces;
    private FileTree tree;
    private Events events;
    private FileJournal journal;
    private View ada;

    @BeforeEach
    void open() throws Exception {
        Path stores = Files.createDirectories(data.resolve("stores"));
        spaces = new Spaces(stores, clock);
        events = new Events(stores, clock);
        tree = new FileTree(data, spaces, account -> Set.of(), FileRules.USUAL, clock);
        journal = new FileJournal(tree, events, by -> "192.0.2.7:1234", clock, true);
        ada = tree.view(ADA, "ftp", "ftp-1");
    }

    @AfterEach
    void close() {
        tree.close();
        spaces.close();
        events.close();
    }

    private void put(String path) throws Exception {
        try (Upload upload = ada.upload(TreePath.of(path))) {
            upload.write(ByteBuffer.allocate(10));
            upload.commit();
        }
    }

    private List<Event> events(int count) {
        Awaitility.await().until(() -> events.latest(100_000).size() >= count);
        return latest();
    }

    private List<Event> latest() {
        try {
            return events.latest(100_000);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsCompleteIsAnEventAndWhatIsReadIsNone() throws Exception {
        put("/home/a");
        put("/home/a");
        ada.set(TreePath.of("/home/a"), Attributes.NONE.mode(0640));
        try (Upload givenUp = ada.upload(TreePath.of("/home/b"))) {
            givenUp.write(ByteBuffer.allocate(10));
        }
        ada.makeFolder(TreePath.of("/home/d"));
        Opening writing =
                new Opening(EnumSet.of(Access.WRITE), Access.ALL, Opening.Disposition.ANY);
        try (OpenFile file = ada.open(TreePath.of("/home/d/c"), writing)) {
            file.write(ByteBuffer.allocate(1), 0);
            file.write(ByteBuffer.allocate(1), 1);
        }
        ada.open(TreePath.of("/home/d/empty"), writing).close();
        ada.open(TreePath.of("/home/a"), Opening.READ).close();
        ada.list(TreePath.of("/home")).close();
        ada.rename(TreePath.of("/home/d"), TreePath.of("/home/e"), false);
        ada.remove(TreePath.of("/home/a"));
        ada.remove(TreePath.of("/home/e/c"));
        ada.remove(TreePath.of("/home/e/empty"));
        ada.removeFolder(TreePath.of("/home/e"));
        List<Event> noted = events(10);
        assertThat(noted.stream().map(Event::words))
                .containsExactly(
                        "added homes/ada/a",
                        "wrote homes/ada/a",
                        "added folder homes/ada/d",
                        "wrote homes/ada/d/c",
                        "wrote homes/ada/d/empty",
                        "renamed folder homes/ada/d to homes/ada/e",
                        "removed homes/ada/a",
                        "removed homes/ada/e/c",
                        "removed homes/ada/e/empty",
                        "removed folder homes/ada/e");
        assertThat(noted)
                .allSatisfy(
                        event -> {
                            assertThat(event.kind()).isEqualTo(Events.Kind.FILE_CHANGED);
                            assertThat(event.service()).isEqualTo("ftp");
                            assertThat(event.conversation()).isEqualTo("ftp-1");
                            assertThat(event.peer()).isEqualTo("192.0.2.7:1234");
                            assertThat(event.account()).isEqualTo("ada");
                        });
    }

    @Test
    void whoChangesMuchCausesNoMoreThanTheirShare() throws Exception {
        for (int i = 0; i < FileJournal.AT_ONCE + 50; i++) {
            ada.makeFolder(TreePath.of("/home/d" + i));
        }
        assertThat(events(FileJournal.AT_ONCE)).hasSize(FileJournal.AT_ONCE);
        tree.view(new Account(2, "bob"), "ssh", "ssh-1").makeFolder(TreePath.of("/home/x"));
        assertThat(events(FileJournal.AT_ONCE + 1).getLast().words())
                .isEqualTo("added folder homes/bob/x"); // whose share is his own
        clock.advance(Duration.ofSeconds(1));
        ada.removeFolder(TreePath.of("/home/d0"));
        ada.removeFolder(TreePath.of("/home/d1"));
        assertThat(events(FileJournal.AT_ONCE + 2).getLast().words())
                .isEqualTo("removed folder homes/ada/d0 (50 changes before it left out)");
    }

    @Test
    void whereTheyAreNotWantedThereAreNone() throws Exception {
        journal.configure(false);
        put("/home/a");
        journal.configure(true);
        put("/home/b");
        assertThat(events(1)).extracting(Event::words).containsExactly("added homes/ada/b");
    }
}
