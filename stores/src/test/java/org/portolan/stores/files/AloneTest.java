package org.portolan.stores.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.portolan.stores.files.Grove.get;
import static org.portolan.stores.files.Grove.names;
import static org.portolan.stores.files.Grove.path;
import static org.portolan.stores.files.Grove.put;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Spaces;
import org.portolan.stores.Spaces.Right;
import org.portolan.stores.files.FileProblem.Kind;

/** One folder that is all of a tree, as it is shared for a while. */
class AloneTest {
    @TempDir private Path root;

    private Path folder;
    private Spaces spaces;
    private FileTree tree;

    @BeforeEach
    void open() throws Exception {
        folder = Files.createDirectories(root.resolve("outside/folder"));
        Files.createDirectories(folder.resolve("docs"));
        Files.writeString(folder.resolve("docs/a.txt"), "inside");
        Files.writeString(root.resolve("outside/secret"), "secret");
        Files.createDirectories(root.resolve("data/stores"));
        spaces = new Spaces(root.resolve("data/stores"), InstantSource.system());
        spaces.revoke(spaces.dropSpace(), Spaces.ACCOUNTS);
        tree =
                FileTree.alone(
                        root.resolve("data"),
                        folder,
                        spaces,
                        account -> Set.of(),
                        FileRules.USUAL,
                        InstantSource.system());
    }

    @AfterEach
    void close() {
        tree.close();
        spaces.close();
    }

    private View stranger() {
        return tree.strangersView("tftp", "tftp-1");
    }

    private View ada() {
        return tree.view(Grove.ADA, "ftp", "ftp-1");
    }

    private static void refused(ThrowingCallable call, Kind... kinds) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FileProblem.class,
                        problem -> assertThat(problem.kind()).isIn((Object[]) kinds));
    }

    @Test
    void theFolderIsTheRootForEverybody() throws Exception {
        for (View view : List.of(stranger(), ada())) {
            assertThat(view.start()).isEqualTo(TreePath.ROOT);
            assertThat(view.publicFolder()).isEqualTo(TreePath.ROOT);
            assertThat(names(view, "/")).containsExactly("docs");
            assertThat(get(view, "/docs/a.txt")).isEqualTo("inside");
            assertThat(view.stat(TreePath.ROOT).isFolder()).isTrue();
            assertThat(view.sharedFolders()).isEmpty();
        }
    }

    @Test
    void nothingOutsideOfItIsReached() throws Exception {
        Files.createSymbolicLink(folder.resolve("up"), Path.of("../secret"));
        Files.createSymbolicLink(
                folder.resolve("away"), root.resolve("outside/secret").toAbsolutePath());
        Files.createSymbolicLink(folder.resolve("above"), Path.of(".."));
        for (String way :
                List.of("/../secret", "/docs/../../secret", "/up", "/away", "/above/secret")) {
            refused(() -> get(ada(), way), Kind.MISSING, Kind.NOT_SERVED, Kind.DENIED);
        }
        assertThat(get(ada(), "/docs/../../docs/a.txt")).isEqualTo("inside"); // .. ends at the root
    }

    @Test
    void nothingIsChangedUnlessThatIsGranted() throws Exception {
        for (View view : List.of(stranger(), ada())) {
            refused(() -> put(view, "/new", "x"), Kind.DENIED);
            refused(() -> put(view, "/docs/a.txt", "x"), Kind.DENIED);
            refused(() -> view.remove(path("/docs/a.txt")), Kind.DENIED);
            refused(() -> view.rename(path("/docs/a.txt"), path("/b"), true), Kind.DENIED);
            refused(() -> view.makeFolder(path("/more")), Kind.DENIED);
            refused(() -> view.removeFolder(TreePath.ROOT), Kind.DENIED);
            refused(() -> view.set(path("/docs/a.txt"), Attributes.NONE.mode(0)), Kind.DENIED);
            assertThat(view.isWritable(TreePath.ROOT)).isFalse();
        }
        tree.sweep();
        assertThat(folder.resolve(".portolan")).doesNotExist();
    }

    @Test
    void anotherProcessMayBeAtWorkInItsFolderForUploads() throws Exception {
        Path theirs = Files.createDirectories(folder.resolve(".portolan")).resolve("upload-1");
        Files.writeString(theirs, "half of it");
        tree.sweep();
        assertThat(get(stranger(), "/docs/a.txt")).isEqualTo("inside");
        assertThat(names(stranger(), "/")).containsExactly("docs");
        refused(() -> get(stranger(), "/.portolan/upload-1"), Kind.MISSING);
        tree.close();
        assertThat(theirs).hasContent("half of it");
    }

    @Test
    void strangersMayAddAndWhoHasAnAccountMayChange() throws Exception {
        spaces.grant(spaces.publicSpace(), Spaces.ACCOUNTS, Right.WRITE);
        spaces.grant(spaces.dropSpace(), Spaces.EVERYBODY, Right.DROP);
        put(stranger(), stranger().dropFolder().child("left").toString(), "by a stranger");
        refused(() -> put(stranger(), "/left", "again"), Kind.EXISTS);
        refused(() -> put(stranger(), "/docs/a.txt", "x"), Kind.EXISTS);
        refused(() -> stranger().remove(path("/left")), Kind.DENIED);
        assertThat(get(stranger(), "/left")).isEqualTo("by a stranger");
        assertThat(stranger().isWritable(TreePath.ROOT)).isTrue();
        assertThat(stranger().isChangeable(TreePath.ROOT)).isFalse();
        assertThat(ada().isChangeable(TreePath.ROOT)).isTrue();
        put(ada(), "/left", "by ada");
        ada().makeFolder(path("/more"));
        ada().rename(path("/left"), path("/more/right"), false);
        assertThat(folder.resolve("more/right")).hasContent("by ada");
        ada().remove(path("/docs/a.txt"));
        ada().removeFolder(path("/docs"));
        assertThat(names(ada(), "/")).containsExactly("more");
        refused(() -> ada().removeFolder(TreePath.ROOT), Kind.DENIED);
        tree.close();
        assertThat(folder.resolve(".portolan")).doesNotExist(); // it was ours alone, and is empty
    }

    @Test
    void whoFetchesWhatIsHeard() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        tree.observe((by, where, access) -> heard.add(by.protocol() + " " + where + " " + access));
        get(stranger(), "/docs/a.txt");
        refused(() -> get(stranger(), "/nothing"), Kind.MISSING);
        assertThat(heard).containsExactly("tftp public/docs/a.txt [READ]");
    }
}
