package org.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps the house in order: who may use whom, names, heads of files, lengths, what every service
 * brings along. Each finding names file and line and says how it is mended. The second half plants
 * a violation of each rule, so that no rule can go blind unnoticed.
 */
class HouseOrderTest {

    /** Those whose classes stand on the class path of this module. */
    private static final Set<String> COMPILED =
            Set.of("wire", "kernel", "stores", "auth", "admin", "server", "testkit");

    @Test
    void houseIsInOrder() throws IOException {
        Path root = root();
        List<Source> sources = Source.below(root);
        JavaClasses classes =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("org.portolan");

        assertThat(sources).as("Java files below %s", root).hasSizeGreaterThan(5);
        assertThat(RoomRules.unseen(sources, classes, modules(sources)))
                .as("main classes that were not examined: compile them first")
                .isEmpty();
        report(findings(root, sources, classes));
    }

    private static Set<String> modules(List<Source> sources) {
        return sources.stream()
                .map(Source::module)
                .filter(module -> COMPILED.contains(module) || module.startsWith("services"))
                .collect(Collectors.toSet());
    }

    private static List<Finding> findings(Path root, List<Source> sources, JavaClasses classes)
            throws IOException {
        return Stream.of(
                        SourceRules.check(sources),
                        RoomRules.check(sources, classes),
                        ServiceRules.check(root, sources))
                .flatMap(List::stream)
                .sorted(Finding.BY_PLACE)
                .toList();
    }

    private static void report(List<Finding> findings) {
        if (findings.isEmpty()) {
            return;
        }
        String head =
                "The house is out of order in %d places (CONTRIBUTING.md tells the order):%n"
                        .formatted(findings.size());
        fail(
                findings.stream()
                        .map(Finding::toString)
                        .collect(Collectors.joining("\n", head, "\n")));
    }

    /** Where the repository begins: tests run in the folder of their module. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
            assertThat(folder).as("a folder with mvnw in it, from here upwards").isNotNull();
        }
        return folder;
    }

    @Test
    void aHouseInOrderHasNoFindings(@TempDir Path root) throws IOException {
        build(root);

        assertThat(examine(root)).isEmpty();
    }

    /** Files that are added to a house in order, or replace some of it, and what is to be found. */
    record Planted(Map<String, String> files, String place, String what) {
        @Override
        public String toString() {
            return what;
        }
    }

    @ParameterizedTest
    @MethodSource("violations")
    void everyRuleBites(Planted planted, @TempDir Path root) throws IOException {
        build(root);
        for (Map.Entry<String, String> file : planted.files().entrySet()) {
            write(root, file.getKey(), file.getValue());
        }

        List<Finding> findings = examine(root);

        assertThat(findings).hasSize(1);
        assertThat(findings.getFirst().toString())
                .startsWith(planted.place() + ": " + planted.what())
                .contains("\n    Mend: ");
    }

    static Stream<Planted> violations() {
        return Stream.of(roomViolations(), nameViolations(), bodyViolations(), serviceViolations())
                .flatMap(violations -> violations);
    }

    private static Stream<Planted> roomViolations() {
        return Stream.of(
                main("kernel", "Spare", "Object a = new org.portolan.wire.Cursor();")
                        .finds(4, "kernel uses org.portolan.wire.Cursor of wire"),
                main("auth", "Spare", "org.portolan.kernel.Port a;")
                        .finds(4, "auth uses org.portolan.kernel.Port of kernel"),
                main("services/mail/pop3", "Spare", "org.portolan.files.ftp.FtpLines a;")
                        .finds(4, "mail uses org.portolan.files.ftp.FtpLines of files"),
                main("admin", "Spare", "org.portolan.server.Services a;")
                        .finds(4, "admin uses org.portolan.server.Services of server"),
                main("cellar", "Spare", "").finds(1, "room 'cellar' is not on the map"),
                main("services/mail/smtp", "SmtpCommand", "org.portolan.kernel.Port a;")
                        .finds(4, "a grammar uses org.portolan.kernel.Port of kernel"),
                main("services/mail/smtp/message", "Hello", "org.portolan.stores.Accounts a;")
                        .finds(4, "a grammar uses org.portolan.stores.Accounts of stores"),
                main("services/mail/smtp", "Spare", "java.net.Socket a;")
                        .finds(4, "sockets outside the kernel: java.net.Socket"),
                main("stores", "Spare", "void a(java.nio.channels.SocketChannel[] b) {}")
                        .finds(4, "sockets outside the kernel: java.nio.channels.SocketChannel"),
                main("services/mail/smtp", "Spare", "javax.net.ssl.SSLEngine a;")
                        .finds(4, "TLS outside the kernel: javax.net.ssl.SSLEngine"),
                main(
                                "services/mail/smtp",
                                "Spare",
                                "void a() { Thread.startVirtualThread(this::a); }")
                        .finds(4, "threads outside the kernel: java.lang.Thread"),
                main("auth", "Spare", "Object a = new Thread(() -> {});")
                        .finds(4, "threads outside the kernel: java.lang.Thread"),
                main(
                                "auth",
                                "Spare",
                                "Object a = java.util.concurrent.Executors.newCachedThreadPool();")
                        .finds(4, "threads outside the kernel: java.util.concurrent.Executors"));
    }

    private static Stream<Planted> nameViolations() {
        return Stream.of(
                main("wire", "CursorImpl", "").finds(3, "type name CursorImpl has 'Impl' in it"),
                main("wire", "Spare", "record PortUtils(int a) {}")
                        .finds(4, "type name PortUtils has 'Utils' in it"),
                main("wire/common", "Spare", "").finds(1, "package name has 'common' in it"),
                main("wire", "Spare", "int getSize() { return 1; }")
                        .finds(4, "accessor getSize begins with get"),
                new Planted(
                        Map.of(
                                "wire/src/main/java/org/portolan/wire/bare/Spare.java",
                                "package org.portolan.wire.bare;\n\nclass Spare {}\n"),
                        "wire/src/main/java/org/portolan/wire/bare/package-info.java:1",
                        "package org.portolan.wire.bare has no package-info"),
                new Planted(
                        Map.of(
                                "wire/src/main/java/org/portolan/wire/package-info.java",
                                NULL_MARKED + "package org.portolan.wire;\n"),
                        "wire/src/main/java/org/portolan/wire/package-info.java:1",
                        "package-info without a javadoc"),
                new Planted(
                        Map.of(
                                "wire/src/main/java/org/portolan/wire/package-info.java",
                                "/** Bytes. */\npackage org.portolan.wire;\n"),
                        "wire/src/main/java/org/portolan/wire/package-info.java:2",
                        "package-info without @NullMarked"),
                main("wire", "Spare", "public record Bare(int a) {}")
                        .finds(4, "public type Bare has no javadoc"));
    }

    private static Stream<Planted> bodyViolations() {
        return Stream.of(
                main("wire", "Spare", "int a; // " + "x".repeat(95))
                        .finds(4, "the line has 105 columns"),
                main("wire", "Spare", "void a() {" + "\n".repeat(80) + "}")
                        .finds(4, "method a has 81 lines"),
                main("wire", "Spare", "int a; // TO" + "DO later")
                        .finds(4, "work is left for later"),
                main("wire", "Spare", "void a() { System.out.println(); }")
                        .finds(4, "System.out outside admin and server"),
                main("wire", "Spare", "void a(Exception b) { b.printStackTrace(); }")
                        .finds(4, "a stack trace is printed"),
                main("wire", "Spare", "static int a;").finds(4, "static field a can change"),
                main(
                                "wire",
                                "Spare",
                                "void a() { try { hashCode(); } catch (RuntimeException b) { } }")
                        .finds(4, "an exception is swallowed"),
                test("wire", "Spare", "void a() throws Exception { Thread.sleep(5); }")
                        .finds(4, "a test sleeps"),
                test("wire", "Spare", SLEEPS_FOR_DAYS).finds(5, "a test sleeps"));
    }

    private static Stream<Planted> serviceViolations() {
        String smtp = "services/mail/src/main/java/org/portolan/mail/smtp/SmtpService.java:3";
        return Stream.of(
                new Planted(Map.of(TRANSCRIPT, ""), smtp, "SmtpService has no transcripts"),
                new Planted(
                        Map.of("docs/rfc/index.md", "ftp\n"),
                        smtp,
                        "SmtpService has no row in docs/rfc/index.md"),
                new Planted(
                        Map.of(
                                "server/src/main/java/org/portolan/server/Services.java",
                                "package org.portolan.server;\n\nclass Services {}\n"),
                        smtp,
                        "SmtpService is not in the list of everything that can be served"));
    }

    private static final String SLEEPS_FOR_DAYS =
            "void a() throws Exception {\njava.util.concurrent.TimeUnit.DAYS.sleep(5); }";

    private static final String NULL_MARKED = "@org.jspecify.annotations.NullMarked\n";

    private static final String TRANSCRIPT =
            "services/mail/src/test/resources/org/portolan/mail/smtp/01-greeting.txt";

    private record Body(String file, String text) {
        Planted finds(int line, String what) {
            return new Planted(files(), file + ":" + line, what);
        }

        /** The class, and in main code the head of its package. */
        Map<String, String> files() {
            if (file.contains("/src/test/")) {
                return Map.of(file, text);
            }
            String head = file.substring(0, file.lastIndexOf('/')) + "/package-info.java";
            String packageLine = text.lines().findFirst().orElseThrow() + "\n";
            return Map.of(file, text, head, "/** Bytes. */\n" + NULL_MARKED + packageLine);
        }
    }

    private static Body main(String where, String type, String body) {
        return body(where, "main", type, body);
    }

    private static Body test(String where, String type, String body) {
        return body(where, "test", type, body);
    }

    /** A class of four lines or more: package, nothing, head, body, end. */
    private static Body body(String where, String kind, String type, String body) {
        String[] parts = where.split("/");
        boolean service = parts[0].equals("services");
        String module = service ? parts[0] + "/" + parts[1] : parts[0];
        String name = "org.portolan." + (service ? where.substring(9) : where).replace('/', '.');
        return new Body(
                module + "/src/" + kind + "/java/" + name.replace('.', '/') + "/" + type + ".java",
                "package " + name + ";\n\nclass " + type + " {\n" + body + "\n}\n");
    }

    /** A small house in order. */
    private static void build(Path root) throws IOException {
        List<Body> rooms =
                List.of(
                        main("wire", "Cursor", ""),
                        main("kernel", "Port", "java.net.Socket socket;"),
                        main("stores", "Accounts", "Thread writer = new Thread(() -> {});"),
                        main("auth", "Scram", "org.portolan.stores.Accounts accounts;"),
                        main("admin", "Console", "void print() { System.out.println(); }"),
                        main("services/files/ftp", "FtpLines", "org.portolan.kernel.Port port;"),
                        main(
                                "services/mail/smtp",
                                "SmtpCommand",
                                "org.portolan.wire.Cursor cursor;"),
                        main("services/mail/smtp", "SmtpService", "SmtpCommand command;"),
                        main("services/mail/pop3", "Pop3Session", "org.portolan.auth.Scram scram;"),
                        main(
                                "server",
                                "Services",
                                "Object a = new org.portolan.mail.smtp.SmtpService();"));
        for (Body room : rooms) {
            for (Map.Entry<String, String> file : room.files().entrySet()) {
                write(
                        root,
                        file.getKey(),
                        file.getValue().replace("\nclass", "\n/** Stands here. */ public class"));
            }
        }
        write(root, TRANSCRIPT, "S: 220 {any}\n");
        write(root, "docs/rfc/index.md", "| SMTP | RFC 5321 | yes |\n");
    }

    /** An empty text stands for no file. */
    private static void write(Path root, String file, String text) throws IOException {
        Path target = root.resolve(file);
        if (text.isEmpty()) {
            Files.delete(target);
            return;
        }
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
    }

    private static List<Finding> examine(Path root) throws IOException {
        List<Source> sources = Source.below(root);
        Path classes = Files.createDirectories(root.resolve("classes"));
        StringWriter problems = new StringWriter();
        List<Path> mainFiles =
                sources.stream()
                        .filter(source -> !source.test())
                        .map(source -> root.resolve(source.file()))
                        .toList();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled =
                    compiler.getTask(
                                    problems,
                                    manager,
                                    null,
                                    List.of("-proc:none", "-Xlint:none", "-d", classes.toString()),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(mainFiles))
                            .call();
            assertThat(compiled).as("%s", problems).isTrue();
        }
        return findings(root, sources, new ClassFileImporter().importPath(classes));
    }
}
