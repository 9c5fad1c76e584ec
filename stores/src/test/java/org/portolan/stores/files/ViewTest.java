package org.portolan.stores.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.portolan.stores.files.Grove.get;
import static org.portolan.stores.files.Grove.names;
import static org.portolan.stores.files.Grove.path;
import static org.portolan.stores.files.Grove.put;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Spaces;
import org.portolan.stores.Spaces.Right;
import org.portolan.stores.files.FileProblem.Kind;

final class ViewTest {
    @TempDir(factory = Memory.class)
    Path data;

    private Grove grove;
    private View ada;
    private View bob;

    @BeforeEach
    void plant() throws Exception {
        grove = new Grove(data);
        ada = grove.ada();
        bob = grove.bob();
    }

    @AfterEach
    void fell() {
        grove.close();
    }

    static void refused(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FileProblem.class,
                        e -> assertThat(e.kind()).describedAs(e.getMessage()).isEqualTo(kind));
    }

    @Test
    void what_is_uploaded_is_an_ordinary_file_and_can_be_read_back() throws Exception {
        Node made = put(ada, "/home/a.txt", "hello");
        assertThat(made.size()).isEqualTo(5);
        assertThat(get(ada, "/home/a.txt")).isEqualTo("hello");
        assertThat(Files.readString(grove.at("homes/ada/a.txt"))).isEqualTo("hello");
        assertThat(names(ada, "/home")).containsExactly("a.txt");
        assertThat(names(bob, "/home")).isEmpty();
        assertThat(names(ada, "/")).containsExactly("drop", "home", "public");
        assertThat(names(grove.stranger(), "/")).containsExactly("public");
        put(ada, "/home/a.txt", "better");
        assertThat(get(ada, "/home/a.txt")).isEqualTo("better");
        assertThat(grove.hidden("homes/ada")).isEmpty();
    }

    @Test
    void an_upload_that_breaks_off_leaves_what_was_there() throws Exception {
        put(ada, "/home/a", "old");
        try (Upload upload = ada.upload(path("/home/a"))) {
            upload.write(ByteBuffer.wrap(new byte[1_000_000]));
            assertThat(get(ada, "/home/a")).isEqualTo("old");
        }
        assertThat(get(ada, "/home/a")).isEqualTo("old");
        assertThat(grove.hidden("homes/ada")).isEmpty();
    }

    @Test
    void in_place_what_breaks_off_stays_and_is_resumed() throws Exception {
        grove.tree.configure(
                new FileRules(FileRules.Uploads.IN_PLACE, FileRules.Links.FOLLOWED, 0, 0));
        try (Upload upload = ada.upload(path("/home/a"))) {
            upload.write("0123456789".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, 10);
        }
        assertThat(get(ada, "/home/a")).isEqualTo("0123456789");
        try (Upload upload = ada.resume(path("/home/a"), 4)) {
            upload.write("abc".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, 3);
            assertThat(upload.commit().size()).isEqualTo(7);
        }
        assertThat(get(ada, "/home/a")).isEqualTo("0123abc");
        try (Upload upload = ada.append(path("/home/a"))) {
            assertThat(upload.from()).isEqualTo(7);
            upload.write("!".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, 1);
            upload.commit();
        }
        assertThat(get(ada, "/home/a")).isEqualTo("0123abc!");
        refused(Kind.BAD_RANGE, () -> ada.resume(path("/home/a"), 9));
        refused(Kind.BAD_RANGE, () -> ada.resume(path("/home/a"), Long.MAX_VALUE));
        refused(Kind.MISSING, () -> ada.resume(path("/home/b"), 0));
    }

    @Test
    void folders_are_made_moved_and_removed() throws Exception {
        ada.makeFolder(path("/home/x"));
        put(ada, "/home/x/a", "1");
        refused(Kind.EXISTS, () -> ada.makeFolder(path("/home/x")));
        refused(Kind.MISSING, () -> ada.makeFolder(path("/home/q/r")));
        refused(Kind.NOT_EMPTY, () -> ada.removeFolder(path("/home/x")));
        refused(Kind.IS_A_FOLDER, () -> ada.remove(path("/home/x")));
        refused(Kind.NOT_A_FOLDER, () -> ada.removeFolder(path("/home/x/a")));
        refused(Kind.DENIED, () -> ada.rename(path("/home/x"), path("/home/x/y"), true));
        ada.rename(path("/home/x"), path("/home/y"), false);
        assertThat(get(ada, "/home/y/a")).isEqualTo("1");
        put(ada, "/home/b", "2");
        refused(Kind.EXISTS, () -> ada.rename(path("/home/b"), path("/home/y/a"), false));
        ada.rename(path("/home/b"), path("/home/y/a"), true);
        assertThat(get(ada, "/home/y/a")).isEqualTo("2");
        refused(Kind.IS_A_FOLDER, () -> ada.rename(path("/home/y/a"), path("/home/y"), true));
        ada.remove(path("/home/y/a"));
        ada.removeFolder(path("/home/y"));
        assertThat(names(ada, "/home")).isEmpty();
        refused(Kind.MISSING, () -> ada.remove(path("/home/y")));
        refused(Kind.DENIED, () -> ada.removeFolder(path("/home")));
        refused(Kind.DENIED, () -> ada.makeFolder(path("/new")));
    }

    @Test
    void rights_are_by_account_and_group_and_come_together() throws Exception {
        Spaces.Space plans = grove.tree.share("plans");
        refused(Kind.MISSING, () -> ada.stat(path("/shared/plans")));
        assertThat(names(ada, "/shared")).isEmpty();
        grove.spaces.grant(plans, Spaces.grantee(Grove.ADA), Right.READ);
        refused(Kind.DENIED, () -> put(ada, "/shared/plans/a", "1"));
        grove.groups.put(Grove.ADA.id(), java.util.Set.of("staff"));
        grove.spaces.grant(plans, Spaces.grantee("staff"), Right.WRITE);
        put(ada, "/shared/plans/a", "1");
        refused(Kind.MISSING, () -> bob.stat(path("/shared/plans/a")));
        grove.spaces.grant(plans, Spaces.ACCOUNTS, Right.READ);
        assertThat(get(bob, "/shared/plans/a")).isEqualTo("1");
        refused(Kind.DENIED, () -> bob.remove(path("/shared/plans/a")));
        refused(Kind.MISSING, () -> grove.stranger().stat(path("/shared/plans/a")));
        grove.spaces.revoke(plans, Spaces.ACCOUNTS);
        refused(Kind.MISSING, () -> bob.stat(path("/shared/plans/a")));
    }

    @Test
    void the_drop_folder_takes_files_shows_none_and_keeps_the_first() throws Exception {
        put(ada, "/drop/a", "first");
        refused(Kind.EXISTS, () -> put(bob, "/drop/a", "second"));
        refused(Kind.MISSING, () -> get(ada, "/drop/a"));
        refused(Kind.MISSING, () -> ada.remove(path("/drop/a")));
        refused(Kind.DENIED, () -> ada.append(path("/drop/a")));
        refused(Kind.DENIED, () -> ada.makeFolder(path("/drop/f")));
        assertThat(names(ada, "/drop")).isEmpty();
        assertThat(Files.readString(grove.at("drop/a"))).isEqualTo("first");
        refused(Kind.MISSING, () -> put(grove.stranger(), "/drop/b", "?"));
        grove.spaces.grant(grove.spaces.dropSpace(), Spaces.EVERYBODY, Right.DROP);
        put(grove.stranger(), "/drop/b", "!");
        assertThat(Files.readString(grove.at("drop/b"))).isEqualTo("!");
    }

    @Test
    void a_file_is_read_and_written_at_any_position() throws Exception {
        Opening opening =
                new Opening(
                        EnumSet.of(Access.READ, Access.WRITE), Access.ALL, Opening.Disposition.NEW);
        try (OpenFile file = ada.open(path("/home/f"), opening)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 5);
            assertThat(file.size()).isEqualTo(8);
            file.append(ByteBuffer.wrap(new byte[] {4}));
            ByteBuffer into = ByteBuffer.allocate(10);
            assertThat(file.read(into, 4)).isEqualTo(5);
            assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4}));
            file.truncate(6);
            Instant then = Instant.parse("2001-02-03T04:05:06.123456789Z");
            file.set(Attributes.NONE.modified(then).mode(0640));
            file.sync();
            assertThat(file.node().modified()).isEqualTo(then);
            assertThat(file.node().mode()).isEqualTo(0640);
        }
        assertThat(ada.stat(path("/home/f")).size()).isEqualTo(6);
        refused(Kind.EXISTS, () -> ada.open(path("/home/f"), opening));
    }
}
