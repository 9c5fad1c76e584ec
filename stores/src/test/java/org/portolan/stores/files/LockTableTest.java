package org.portolan.stores.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.stores.files.Grove.get;
import static org.portolan.stores.files.Grove.names;
import static org.portolan.stores.files.Grove.path;
import static org.portolan.stores.files.Grove.put;
import static org.portolan.stores.files.ViewTest.refused;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Spaces;
import org.portolan.stores.files.FileProblem.Kind;
import org.portolan.stores.files.Opening.Disposition;

/**
 * The contract of the lock table: what one protocol has open counts for all. Ada comes through one
 * that has share modes, as SMB does, Bob through one that has none, as FTP does, and through his
 * own.
 */
final class LockTableTest {
    private static final Set<Access> NOTHING = Set.of();
    private static final Set<Access> READ = EnumSet.of(Access.READ);
    private static final Set<Access> WRITE = EnumSet.of(Access.WRITE);
    private static final Set<Access> BOTH = EnumSet.of(Access.READ, Access.WRITE);
    private static final TreePath FILE = new TreePath(List.of("shared", "plans", "file"));
    private static final String TEXT = "0123456789";

    @TempDir(factory = Memory.class)
    Path data;

    private Grove grove;
    private View smb;
    private View ftp;

    @BeforeEach
    void plant() throws Exception {
        grove =
                new Grove(
                        data,
                        new FileRules(FileRules.Uploads.WHOLE, FileRules.Links.MADE, 0, 0),
                        false);
        Spaces.Space plans = grove.tree.share("plans");
        grove.spaces.grant(plans, Spaces.ACCOUNTS, Spaces.Right.WRITE);
        smb = grove.tree.view(Grove.ADA, "smb", "smb-1");
        ftp = grove.tree.view(Grove.BOB, "ftp", "ftp-1");
        put(ftp, FILE.toString(), TEXT);
    }

    @AfterEach
    void fell() {
        assertThat(grove.tree.locks().holding()).isEmpty();
        grove.close();
    }

    private static OpenFile open(View view, Set<Access> access, Set<Access> shared)
            throws FileProblem {
        return view.open(FILE, new Opening(access, shared, Disposition.EXISTING));
    }

    @Test
    void what_is_not_open_for_writing_is_not_written_nor_paid_for() throws Exception {
        try (OpenFile reader = open(smb, READ, Access.ALL);
                OpenFile writer = open(smb, WRITE, Access.ALL)) {
            refused(Kind.DENIED, () -> reader.write(ByteBuffer.wrap(new byte[9]), 1L << 40));
            refused(Kind.DENIED, () -> reader.append(ByteBuffer.wrap(new byte[9])));
            refused(Kind.DENIED, () -> reader.truncate(0));
            refused(Kind.DENIED, () -> writer.read(ByteBuffer.allocate(9), 0));
            assertThat(reader.size()).isEqualTo(TEXT.length());
        }
    }

    /** MS-FSA §2.1.5.1.2: every pair of what is done and what is shared. */
    @Test
    void what_one_does_the_other_must_share_in_every_combination() throws Exception {
        List<Set<Access>> sets =
                List.of(
                        READ,
                        WRITE,
                        EnumSet.of(Access.DELETE),
                        BOTH,
                        EnumSet.of(Access.READ, Access.DELETE),
                        EnumSet.of(Access.WRITE, Access.DELETE),
                        Access.ALL);
        for (Set<Access> first : sets) {
            for (Set<Access> firstShares : sets) {
                try (OpenFile held = open(smb, first, firstShares)) {
                    for (Set<Access> second : sets) {
                        for (Set<Access> secondShares : sets) {
                            boolean fits =
                                    firstShares.containsAll(second)
                                            && secondShares.containsAll(first);
                            if (fits) {
                                open(ftp, second, secondShares).close();
                            } else {
                                refused(Kind.IN_USE, () -> open(ftp, second, secondShares));
                            }
                        }
                    }
                    assertThat(held.size()).isEqualTo(10);
                }
            }
        }
    }

    @Test
    void who_shares_nothing_keeps_every_protocol_out() throws Exception {
        try (OpenFile held = open(smb, READ, NOTHING)) {
            refused(Kind.IN_USE, () -> get(ftp, FILE.toString()));
            refused(Kind.IN_USE, () -> put(ftp, FILE.toString(), "new"));
            refused(Kind.IN_USE, () -> ftp.append(FILE));
            refused(Kind.IN_USE, () -> ftp.resume(FILE, 3));
            refused(Kind.IN_USE, () -> ftp.remove(FILE));
            refused(Kind.IN_USE, () -> ftp.rename(FILE, path("/shared/plans/b"), true));
            refused(Kind.IN_USE, () -> ftp.set(FILE, Attributes.NONE.size(3)));
            put(ftp, "/shared/plans/other", "x");
            refused(Kind.IN_USE, () -> ftp.rename(path("/shared/plans/other"), FILE, true));
            assertThat(ftp.stat(FILE).size()).isEqualTo(10); // looking is always free
            LockTable.Held row = grove.tree.locks().holding().getFirst();
            assertThat(row.where()).isEqualTo("shared/plans/file");
            assertThat(row.holder().words()).isEqualTo("ada through smb");
            assertThat(held.size()).isEqualTo(10);
        }
        assertThat(get(ftp, FILE.toString())).isEqualTo(TEXT);
    }

    @Test
    void a_download_keeps_out_only_who_shares_no_reading() throws Exception {
        try (OpenFile download = ftp.open(FILE, Opening.READ)) {
            refused(Kind.IN_USE, () -> open(smb, WRITE, WRITE));
            open(smb, BOTH, BOTH).close();
            put(grove.tree.view(Grove.ADA, "sftp", "sftp-1"), FILE.toString(), "new");
            ByteBuffer into = ByteBuffer.allocate(10);
            download.read(into, 0);
            assertThat(new String(into.array(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(TEXT); // it goes on with the file it began with
        }
        assertThat(get(smb, FILE.toString())).isEqualTo("new");
    }

    @Test
    void an_upload_in_place_keeps_other_writers_out() throws Exception {
        try (Upload upload = ftp.append(FILE)) {
            refused(Kind.IN_USE, () -> ftp.append(FILE));
            refused(Kind.IN_USE, () -> open(smb, WRITE, Access.ALL));
            open(smb, READ, Access.ALL).close();
            upload.commit();
        }
    }

    @Test
    void other_names_are_the_same_file() throws Exception {
        ftp.link(FILE, path("/shared/plans/second"));
        try (OpenFile held = open(smb, READ, READ)) {
            refused(Kind.IN_USE, () -> ftp.append(path("/shared/plans/second")));
            assertThat(held.size()).isEqualTo(10);
        }
        try (OpenFile held = open(smb, READ, Access.ALL)) {
            ftp.rename(FILE, path("/shared/plans/third"), true);
            assertThat(grove.tree.locks().holding().getFirst().where())
                    .isEqualTo("shared/plans/third");
            ftp.makeFolder(path("/shared/plans/f"));
            ftp.rename(path("/shared/plans/third"), path("/shared/plans/f/x"), true);
            ftp.rename(path("/shared/plans/f"), path("/shared/plans/g"), true);
            assertThat(grove.tree.locks().holding().getFirst().where())
                    .isEqualTo("shared/plans/g/x");
            held.deleteOnClose();
        }
        assertThat(names(ftp, "/shared/plans")).containsExactly("g", "second");
        assertThat(names(ftp, "/shared/plans/g")).isEmpty();
    }

    /** MS-FSA §2.1.5.8 and §2.1.4.10. */
    @Test
    void ranges_are_locked_against_the_other_protocol() throws Exception {
        try (OpenFile one = open(smb, BOTH, Access.ALL);
                OpenFile two = open(ftp, BOTH, Access.ALL)) {
            one.lock(2, 3, true);
            refused(Kind.LOCKED, () -> two.lock(4, 1, false));
            refused(Kind.LOCKED, () -> one.lock(4, 1, false)); // also against oneself
            two.lock(5, 2, false);
            one.lock(5, 1, false);
            ByteBuffer byteful = ByteBuffer.allocate(1);
            refused(Kind.LOCKED, () -> two.read(byteful, 2));
            refused(Kind.LOCKED, () -> two.write(ByteBuffer.allocate(9), 0));
            assertThat(two.read(byteful.clear(), 1)).isEqualTo(1);
            assertThat(one.read(byteful.clear(), 2)).isEqualTo(1);
            one.write(ByteBuffer.wrap(new byte[] {'x'}), 2);
            assertThat(one.read(byteful.clear(), 5)).isEqualTo(1);
            refused(Kind.LOCKED, () -> one.write(ByteBuffer.allocate(1), 5)); // shared: nobody
            refused(Kind.LOCKED, () -> two.truncate(3));
            refused(Kind.LOCKED, () -> two.checkRead(0, Long.MAX_VALUE));
            assertThat(one.unlock(2, 2)).isFalse();
            assertThat(two.unlock(2, 3)).isFalse();
            assertThat(one.unlock(2, 3)).isTrue();
            two.lock(2, 3, true);
            refused(Kind.BAD_RANGE, () -> two.lock(-1, 1, true));
            two.lock(Long.MAX_VALUE - 1, Long.MAX_VALUE, true); // past every end
            refused(Kind.LOCKED, () -> one.lock(Long.MAX_VALUE - 1, 1, true));
            two.lock(20, 0, true); // no bytes: in nobody's way
            one.lock(20, 5, true);
            refused(Kind.LOCKED, () -> two.lock(22, 0, true)); // but strictly within
        }
        try (OpenFile next = open(smb, BOTH, Access.ALL)) {
            next.lock(0, Long.MAX_VALUE, true); // who closed holds nothing
        }
        assertThat(get(ftp, FILE.toString())).isEqualTo("01x3456789");
    }

    /** MS-FSA §2.1.5.4: the last one out deletes. */
    @Test
    void a_pending_deletion_lets_nobody_in_and_happens_at_the_last_close() throws Exception {
        OpenFile one = open(smb, Access.ALL, Access.ALL);
        OpenFile two = open(ftp, READ, Access.ALL);
        one.deletePending(true);
        assertThat(two.isDeletePending()).isTrue();
        refused(Kind.DELETE_PENDING, () -> ftp.open(FILE, Opening.READ));
        refused(Kind.DELETE_PENDING, () -> ftp.append(FILE));
        one.deletePending(false);
        ftp.open(FILE, Opening.READ).close();
        one.deletePending(true);
        one.close();
        assertThat(two.size()).isEqualTo(10);
        assertThat(names(ftp, "/shared/plans")).containsExactly("file");
        two.close();
        assertThat(names(ftp, "/shared/plans")).isEmpty();
    }

    @Test
    void delete_on_close_spares_what_has_its_name_by_then() throws Exception {
        try (OpenFile one = open(smb, Access.ALL, Access.ALL)) {
            one.deleteOnClose();
            put(ftp, FILE.toString(), "another file");
        }
        assertThat(get(ftp, FILE.toString())).isEqualTo("another file");
        try (OpenFile one = open(smb, Access.ALL, Access.ALL)) {
            one.deleteOnClose();
            ftp.remove(FILE);
            assertThat(one.size()).isEqualTo(12); // gone, and still readable
        }
        assertThat(names(ftp, "/shared/plans")).isEmpty();
    }

    @Test
    void a_folder_with_a_kept_file_in_it_stays_where_it_is() throws Exception {
        ftp.makeFolder(path("/shared/plans/d"));
        put(ftp, "/shared/plans/d/f", "x");
        Opening alone = new Opening(READ, READ, Disposition.EXISTING);
        try (OpenFile held = smb.open(path("/shared/plans/d/f"), alone)) {
            refused(
                    Kind.IN_USE,
                    () -> ftp.rename(path("/shared/plans/d"), path("/shared/plans/e"), true));
            assertThat(held.made()).isFalse();
        }
        ftp.rename(path("/shared/plans/d"), path("/shared/plans/e"), true);
        assertThat(Files.readString(grove.at("shared/plans/e/f"))).isEqualTo("x");
    }
}
