package org.portolan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Account;
import org.portolan.stores.files.Access;
import org.portolan.stores.files.OpenFile;
import org.portolan.stores.files.Opening;
import org.portolan.stores.files.TreePath;
import org.portolan.stores.files.Upload;
import org.portolan.stores.files.View;
import tools.jackson.jr.ob.JSON;

/** {@code files …} against a real file tree. */
class FileVerbsTest {
    @TempDir Path folder;
    private Office office;
    private Account ada;
    private View view;

    @BeforeEach
    void open() throws Exception {
        office = new Office(folder.resolve("data"));
        office.accounts.add("ada", "lovelace1815");
        office.accounts.addGroup("staff");
        ada = office.accounts.forLogin("ada").orElseThrow();
        view = office.files.view(ada, "ftp", "ftp-1");
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private String run(int status, String line) throws Exception {
        Scripted operator = Scripted.program();
        assertThat(office.verbs.run(List.of(line.split(" ")), operator))
                .as(line + ": " + operator.said + operator.remarked)
                .isEqualTo(status);
        return status == Verbs.DONE || operator.remarked.isEmpty()
                ? operator.said.toString()
                : operator.remarked.toString();
    }

    private String done(String line) throws Exception {
        return run(Verbs.DONE, line);
    }

    private void put(String path, int size) throws Exception {
        try (Upload upload = view.upload(TreePath.of(path))) {
            upload.write(ByteBuffer.allocate(size));
            upload.commit();
        }
    }

    private Path onDisk(String path) {
        return office.data.resolve("files").resolve(path);
    }

    private Map<?, ?> listed(String name, String line) throws Exception {
        return JSON.std.listFrom(done(line)).stream()
                .map(row -> (Map<?, ?>) row)
                .filter(row -> name.equals(row.get("name")))
                .findFirst()
                .orElseThrow();
    }

    // ---- list

    @Test
    void aNewSiteHasWhatIsPublicAndAPlaceToLeaveSomething() throws Exception {
        List<String> lines = done("files list").lines().map(l -> l.replaceAll(" +", " ")).toList();
        assertThat(lines)
                .containsExactly(
                        "NAME FOLDER BYTES QUOTA RIGHTS",
                        "public public - - everybody read",
                        "drop drop - - accounts drop");
        assertThat(JSON.std.listFrom(done("files list --json"))).hasSize(2);
        assertThat(listed("public", "files list --json"))
                .isEqualTo(
                        Map.of(
                                "name", "public",
                                "kind", "public",
                                "folder", "public",
                                "quota", 0,
                                "rights", Map.of("everybody", "read")));
    }

    @Test
    void sharedFoldersAndHomesAreListedWithRightsQuotasAndBytes() throws Exception {
        assertThat(done("files add plans"))
                .isEqualTo(
                        "Added plans: /shared/plans to those who get a right in it,"
                                + " DATA/files/shared/plans on the disk.\n");
        done("files grant plans write ada");
        done("files grant plans read @staff");
        assertThat(done("files quota plans 2MB")).isEqualTo("plans may hold 2.0 MB from now on.\n");
        put("/shared/plans/a", 1000);
        put("/home/b", 500);
        Files.createDirectories(onDisk("shared/plans/deep"));
        Files.write(onDisk("shared/plans/deep/c"), new byte[24]);
        assertThat(listed("plans", "files list --count --json"))
                .isEqualTo(
                        Map.of(
                                "name",
                                "plans",
                                "kind",
                                "shared",
                                "folder",
                                "shared/plans",
                                "quota",
                                2_000_000,
                                "rights",
                                Map.of("ada", "write", "@staff", "read"),
                                "bytes",
                                1024));
        assertThat((Object) listed("home/ada", "files list --count --json").get("bytes"))
                .isEqualTo(500);
        assertThat(done("files list --count"))
                .containsPattern("plans +shared/plans +1.0 kB +2.0 MB +@staff read, ada write")
                .containsPattern("home/ada +homes/ada +500 B");
        assertThat(done("files list").lines().filter(l -> l.contains("1.0 kB"))).isEmpty();
    }

    // ---- rights, quotas, removing

    @Test
    void rightsCountAtOnce() throws Exception {
        done("files add plans");
        assertThat(view.sharedFolders()).isEmpty();
        assertThat(done("files grant plans read ada"))
                .isEqualTo("ada: may read what is in plans from now on.\n");
        assertThat(view.sharedFolders()).containsExactly("plans");
        done("files grant plans drop accounts");
        put("/shared/plans/left", 1);
        assertThat(done("files revoke plans ada"))
                .isEqualTo("ada has no right of its own in plans any more.\n");
        done("files revoke plans accounts");
        assertThat(view.sharedFolders()).isEmpty();
        assertThat(run(1, "files revoke plans ada")).contains("ada had no right of its own");
        assertThat(run(1, "files grant plans write everybody")).contains("give everybody read");
        assertThat(run(1, "files grant plans read nobody")).contains("there is no account nobody");
        assertThat(run(1, "files grant plans read @crew")).contains("there is no group crew");
        assertThat(run(1, "files grant plan read ada")).contains("did you mean plans?");
        assertThat(run(2, "files grant plans own ada")).contains("read, write or drop");
    }

    @Test
    void quotasAreSetToASizeToNoneAndToWhatIsUsual() throws Exception {
        put("/home/a", 10);
        assertThat(done("files quota home/ada 1kB"))
                .isEqualTo("home/ada may hold 1.0 kB from now on.\n");
        try (Upload upload = view.upload(TreePath.of("/home/b"))) {
            assertThat(view.room(TreePath.of("/home")).free()).isEqualTo(990);
            upload.write(ByteBuffer.allocate(10));
        }
        assertThat(done("files quota home/ada none"))
                .isEqualTo("home/ada has no quota from now on.\n");
        assertThat(done("files quota home/ada usual")).contains("has no quota");
        assertThat(run(2, "files quota home/ada much")).contains("much");
        assertThat(run(1, "files quota home/bob 1kB")).contains("there is no folder home/bob");
    }

    @Test
    void whatIsRemovedLeavesItsFilesUnlessTheyAreToGo() throws Exception {
        done("files add plans");
        done("files grant plans write ada");
        put("/shared/plans/a", 1);
        assertThat(done("files remove plans"))
                .isEqualTo("Removed plans; its files stay in DATA/files/shared/plans.\n");
        assertThat(onDisk("shared/plans/a")).exists();
        done("files add plans");
        assertThat(done("files remove plans --delete-files"))
                .isEqualTo("Removed plans with its files.\n");
        assertThat(onDisk("shared/plans")).doesNotExist();
        put("/home/a", 1);
        assertThat(run(1, "files remove home/ada")).contains("remove the account first");
        assertThat(run(1, "files remove plans")).contains("there is no folder plans");
        assertThat(run(1, "files add public")).contains("cannot be called");
    }

    // ---- locks

    @Test
    void whoHasWhatOpenIsShownThroughEveryProtocol() throws Exception {
        assertThat(done("files locks")).hasLineCount(1);
        assertThat(JSON.std.listFrom(done("files locks --json"))).isEmpty();
        put("/home/a", 100);
        View smb = office.files.view(ada, "smb", "smb-7");
        Opening alone =
                new Opening(
                        EnumSet.of(Access.READ, Access.WRITE),
                        EnumSet.of(Access.READ),
                        Opening.Disposition.EXISTING);
        try (OpenFile file = smb.open(TreePath.of("/home/a"), alone);
                Upload upload = view.upload(TreePath.of("/home/new"))) {
            file.lock(0, 10, true);
            file.deletePending(true);
            upload.write(ByteBuffer.allocate(10));
            assertThat(done("files locks"))
                    .containsPattern(
                            "homes/ada/a +ada +smb +smb-7 +read, write, no other write, no other"
                                    + " delete, 1 range locked, deleted when let go +20")
                    .containsPattern("homes/ada/new +ada +ftp +ftp-1 +write +20");
            Map<?, ?> row = (Map<?, ?>) JSON.std.listFrom(done("files locks --json")).getFirst();
            assertThat(row.get("file")).isEqualTo("homes/ada/a");
            assertThat(row.get("account")).isEqualTo("ada");
            assertThat(row.get("protocol")).isEqualTo("smb");
            assertThat(row.get("conversation")).isEqualTo("smb-7");
            assertThat(row.get("access")).isEqualTo(List.of("read", "write"));
            assertThat(row.get("shared")).isEqualTo(List.of("read"));
            assertThat(row.get("ranges")).isEqualTo(1);
            assertThat(row.get("delete_pending")).isEqualTo(true);
            file.deletePending(false);
        }
        assertThat(done("files locks")).hasLineCount(1);
    }

    @Test
    void namesDoNotSteerTheTerminal() throws Exception {
        put("/home/a", 1);
        Files.move(onDisk("homes/ada/a"), onDisk("homes/ada/b\u001b[2J"));
        Files.setPosixFilePermissions(onDisk("homes/ada/b\u001b[2J"), Set.of());
        assertThat(run(1, "files check")).doesNotContain("\u001b");
    }

    // ---- check

    @Test
    void checkSaysWhatIsOddAndFailsThen() throws Exception {
        assertThat(done("files check")).isEqualTo("All is well in 2 folders.\n");
        assertThat(JSON.std.listFrom(done("files check --json"))).isEmpty();
        put("/home/a", 100);
        done("files quota home/ada 1kB");
        put("/home/b", 100);
        assertThat(done("files check home/ada")).isEqualTo("All is well in 1 folder.\n");
        Files.write(onDisk("homes/ada/c"), new byte[2000]); // by another tool
        Files.createDirectories(onDisk("homes/ada/.portolan")); // made when it is needed
        Files.write(onDisk("homes/ada/.portolan/upload-of-before"), new byte[1]);
        List<Object> found = JSON.std.listFrom(run(1, "files check --json"));
        assertThat(found.stream().map(String::valueOf))
                .anyMatch(s -> s.matches("homes/ada: the count of its bytes was wrong by -2.*"))
                .anyMatch(s -> s.contains("more than its quota of 1000"))
                .anyMatch(s -> s.contains("upload-of-before"));
        assertThat(run(1, "files check home/ada")).hasLineCount(2); // the count is right now
        assertThat(run(1, "files check nothing")).contains("there is no folder nothing");
    }

    @Test
    void whatAnAdministratorChangesIsAnEvent() throws Exception {
        done("files add plans");
        done("files grant plans read ada");
        done("files quota plans 1MB");
        done("files remove plans");
        Awaitility.await().until(() -> office.events.latest(10).size() >= 4);
        Stream<String> words = office.events.latest(10).stream().map(event -> event.words());
        assertThat(words)
                .containsExactly(
                        "shared folder plans added",
                        "ada may read in plans",
                        "plans may hold 1.0 MB",
                        "shared folder plans removed");
    }
}
