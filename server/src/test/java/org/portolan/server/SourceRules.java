package org.portolan.server;

import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

/** What can be seen in a Java file by itself: names, heads, lengths, words that stay out. */
final class SourceRules {

    static final int COLUMNS = 100;
    static final int METHOD_LINES = 80;

    private static final Set<String> BANNED_WORDS =
            Set.of(
                    "impl",
                    "manager",
                    "managers",
                    "helper",
                    "helpers",
                    "util",
                    "utils",
                    "utility",
                    "utilities",
                    "factory",
                    "factories",
                    "abstract",
                    "base",
                    "common",
                    "context");

    // Written in two halves, or this file would be its own finding.
    private static final Pattern UNFINISHED =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    /** Rooms whose work it is to talk to a terminal. */
    private static final Set<String> MAY_PRINT =
            Set.of("admin", "server", "bench", "fuzz", "testkit");

    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> packages = new HashSet<>();

    private SourceRules() {}

    static List<Finding> check(List<Source> sources) {
        SourceRules rules = new SourceRules();
        for (Source source : sources) {
            rules.lines(source);
            rules.packageName(source);
            rules.new Syntax(source).scan(source.tree(), null);
        }
        rules.packageHeads(sources);
        return rules.findings;
    }

    private void lines(Source source) {
        List<String> lines = source.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            long columns = line.codePoints().count();
            if (columns > COLUMNS && !line.startsWith("import ")) {
                find(
                        source,
                        i + 1,
                        "the line has " + columns + " columns, " + COLUMNS + " are the limit",
                        "run ./mvnw spotless:apply; break long strings and comments by hand");
            }
            if (UNFINISHED.matcher(line).find()) {
                find(
                        source,
                        i + 1,
                        "work is left for later",
                        "do it now, or say in the manual page what is not done");
            }
        }
    }

    private void packageName(Source source) {
        if (!packages.add(source.packageName())) {
            return;
        }
        for (String word : source.packageName().split("\\.")) {
            if (BANNED_WORDS.contains(word)) {
                find(source, 1, "package name has '" + word + "' in it", nameRemedy());
            }
        }
    }

    private static String nameRemedy() {
        return "name it after what it is in the field's own words, as the RFC or the user would";
    }

    /** Each package of main code begins with its manual page, and null is marked in it. */
    private void packageHeads(List<Source> sources) {
        Map<Path, Source> heads = new HashMap<>();
        Map<Path, Source> members = new HashMap<>();
        for (Source source : sources) {
            if (source.test()) {
                continue;
            }
            boolean head = source.fileName().equals("package-info.java");
            (head ? heads : members).putIfAbsent(source.file().getParent(), source);
        }
        members.forEach(
                (folder, member) -> {
                    if (!heads.containsKey(folder)) {
                        findings.add(
                                new Finding(
                                        folder.resolve("package-info.java"),
                                        1,
                                        "package " + member.packageName() + " has no package-info",
                                        "write one: a manual page as javadoc, and @NullMarked"));
                    }
                });
        heads.values().forEach(this::packageHead);
    }

    private void packageHead(Source head) {
        var declaration = head.tree().getPackage();
        if (!head.hasJavadoc(TreePath.getPath(head.tree(), declaration))) {
            find(
                    head,
                    head.firstLine(declaration),
                    "package-info without a javadoc",
                    "say what the package is for; of a protocol: what it speaks and what not");
        }
        boolean marked =
                declaration.getAnnotations().stream()
                        .anyMatch(a -> a.getAnnotationType().toString().endsWith("NullMarked"));
        if (!marked) {
            find(
                    head,
                    head.firstLine(declaration),
                    "package-info without @NullMarked",
                    "annotate the package with org.jspecify.annotations.NullMarked");
        }
    }

    private void find(Source source, long line, String what, String remedy) {
        findings.add(new Finding(source.file(), line, what, remedy));
    }

    /** The rules that need the syntax tree. */
    private final class Syntax extends TreePathScanner<Void, Void> {
        private final Source source;
        private final boolean mayPrint;

        Syntax(Source source) {
            this.source = source;
            this.mayPrint = source.test() || MAY_PRINT.contains(source.module());
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            String name = type.getSimpleName().toString();
            for (String word : name.split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")) {
                if (BANNED_WORDS.contains(word.toLowerCase(Locale.ROOT))) {
                    here(type, "type name " + name + " has '" + word + "' in it", nameRemedy());
                }
            }
            if (!source.test()
                    && type.getModifiers().getFlags().contains(Modifier.PUBLIC)
                    && !source.hasJavadoc(getCurrentPath())) {
                here(
                        type,
                        "public type " + name + " has no javadoc",
                        "say what it stands for, with units, errors and the RFC section");
            }
            return super.visitClass(type, none);
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            long lines = source.lastLine(method) - source.firstLine(method) + 1;
            if (lines > METHOD_LINES) {
                here(
                        method,
                        "method "
                                + method.getName()
                                + " has "
                                + lines
                                + " lines, "
                                + METHOD_LINES
                                + " are the limit",
                        "keep the branching here and move pure work into methods of its own");
            }
            boolean overrides =
                    method.getModifiers().getAnnotations().stream()
                            .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
            if (!source.test()
                    && !overrides
                    && method.getParameters().isEmpty()
                    && method.getName().toString().matches("get[A-Z].*")) {
                here(
                        method,
                        "accessor " + method.getName() + " begins with get",
                        "name it after what it gives: port(), not getPort()");
            }
            return super.visitMethod(method, none);
        }

        @Override
        public Void visitVariable(VariableTree variable, Void none) {
            Set<Modifier> flags = variable.getModifiers().getFlags();
            boolean field = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree;
            if (!source.test()
                    && field
                    && flags.contains(Modifier.STATIC)
                    && !flags.contains(Modifier.FINAL)) {
                here(
                        variable,
                        "static field " + variable.getName() + " can change",
                        "give it to an object: several sites run in one JVM");
            }
            return super.visitVariable(variable, none);
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree select, Void none) {
            String whole = select.toString();
            if (!mayPrint && (whole.equals("System.out") || whole.equals("System.err"))) {
                here(select, whole + " outside admin and server", "write to the log");
            }
            return super.visitMemberSelect(select, none);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
            String method = call.getMethodSelect().toString();
            boolean testing = source.test() || source.module().equals("testkit");
            boolean sleeps =
                    method.endsWith("Thread.sleep")
                            || (method.contains("TimeUnit.") && method.endsWith(".sleep"));
            if (testing && sleeps) {
                here(
                        call,
                        "a test sleeps",
                        "await the condition itself: Awaitility, a latch, or the frozen clock");
            }
            if (!source.test() && method.endsWith(".printStackTrace")) {
                here(call, "a stack trace is printed", "log the exception, or let it through");
            }
            return super.visitMethodInvocation(call, none);
        }

        @Override
        public Void visitCatch(CatchTree caught, Void none) {
            String body = source.textOf(caught.getBlock());
            boolean silent = caught.getBlock().getStatements().isEmpty() && !body.contains("//");
            if (silent && !body.contains("/*")) {
                here(
                        caught,
                        "an exception is swallowed",
                        "handle it, or say in a comment why there is nothing to do");
            }
            return super.visitCatch(caught, none);
        }

        private void here(Tree tree, String what, String remedy) {
            find(source, source.firstLine(tree), what, remedy);
        }
    }
}
