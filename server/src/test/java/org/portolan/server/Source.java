package org.portolan.server;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A Java file of the repository, read as text and as the compiler's syntax tree. */
record Source(
        Path file,
        String module,
        boolean test,
        String text,
        CompilationUnitTree tree,
        DocTrees docs) {

    /** Every Java file below {@code root}; what a build left behind is no source. */
    static List<Source> below(Path root) throws IOException {
        List<Path> files;
        try (var walk = Files.walk(root)) {
            files =
                    walk.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> part(root.relativize(file), "src") > 0)
                            .filter(file -> part(root.relativize(file), "target") < 0)
                            .sorted()
                            .toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Source> sources = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree tree : task.parse()) {
                Path file = root.relativize(Path.of(tree.getSourceFile().toUri()));
                int src = part(file, "src");
                sources.add(
                        new Source(
                                file,
                                file.subpath(0, src).toString(),
                                file.getName(src + 1).toString().equals("test"),
                                tree.getSourceFile().getCharContent(true).toString(),
                                tree,
                                docs));
            }
        }
        return sources;
    }

    private static int part(Path file, String name) {
        for (int i = 0; i < file.getNameCount(); i++) {
            if (file.getName(i).toString().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    String packageName() {
        return tree.getPackageName() == null ? "" : tree.getPackageName().toString();
    }

    String fileName() {
        return file.getFileName().toString();
    }

    long firstLine(Tree of) {
        return tree.getLineMap()
                .getLineNumber(docs.getSourcePositions().getStartPosition(tree, of));
    }

    long lastLine(Tree of) {
        return tree.getLineMap().getLineNumber(docs.getSourcePositions().getEndPosition(tree, of));
    }

    String textOf(Tree of) {
        var positions = docs.getSourcePositions();
        return text.substring(
                (int) positions.getStartPosition(tree, of),
                (int) positions.getEndPosition(tree, of));
    }

    boolean hasJavadoc(TreePath of) {
        String comment = docs.getDocComment(of);
        return comment != null && !comment.isBlank();
    }

    /** The first line that has {@code word} in it, or 1. */
    long lineNaming(String word) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(word)) {
                return i + 1L;
            }
        }
        return 1;
    }
}
