package org.portolan.stores.files;

import java.util.ArrayList;
import java.util.List;
import org.portolan.stores.files.FileProblem.Kind;

/**
 * Where something is in the tree as its visitors see it: the names from the root down. It holds no
 * {@code .} and no {@code ..}; those are taken out when it is made, and above the root is the root.
 */
public record TreePath(List<String> names) {
    public static final TreePath ROOT = new TreePath(List.of());

    public TreePath {
        names = List.copyOf(names);
    }

    /**
     * What {@code text} means to somebody who is here: relative, or from the root if it begins with
     * a slash. A slash at the end, or several in a row, mean nothing.
     *
     * @throws FileProblem if a name in it has a zero or is longer than 255 bytes
     */
    public TreePath resolve(String text) throws FileProblem {
        List<String> to = new ArrayList<>(text.startsWith("/") ? List.of() : names);
        int length = 0;
        for (String name : text.split("/", -1)) {
            if (name.equals("..")) {
                if (!to.isEmpty()) {
                    to.removeLast();
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                check(name);
                to.add(name);
            }
        }
        for (String name : to) {
            length += Names.bytes(name).length + 1;
        }
        if (length > Names.LONGEST_PATH) {
            throw new FileProblem(Kind.BAD_NAME, "the path is longer than 4095 bytes");
        }
        return new TreePath(to);
    }

    /** The path that {@code text} names from the root. */
    public static TreePath of(String text) throws FileProblem {
        return ROOT.resolve(text);
    }

    /** The text of a path that came as bytes: UTF-8, and what is none is kept as it is. */
    public static String text(byte[] bytes) {
        return Names.text(bytes);
    }

    /** The bytes that {@link #text} made {@code text} of. */
    public static byte[] bytes(String text) {
        return Names.bytes(text);
    }

    private static void check(String name) throws FileProblem {
        if (name.indexOf('\0') >= 0) {
            throw new FileProblem(Kind.BAD_NAME, "a name cannot have a zero byte in it");
        }
        if (Names.bytes(name).length > Names.LONGEST) {
            throw new FileProblem(Kind.BAD_NAME, "a name has at most 255 bytes");
        }
    }

    /** What is called {@code name} in this folder. */
    public TreePath child(String name) {
        List<String> longer = new ArrayList<>(names);
        longer.add(name);
        return new TreePath(longer);
    }

    /** The folder it is in; the root's is the root. */
    public TreePath parent() {
        return isRoot() ? this : new TreePath(names.subList(0, names.size() - 1));
    }

    /** Its last name; empty for the root. */
    public String name() {
        return isRoot() ? "" : names.getLast();
    }

    public boolean isRoot() {
        return names.isEmpty();
    }

    /** Whether it is {@code folder} or somewhere in it. */
    public boolean isIn(TreePath folder) {
        int depth = folder.names.size();
        return names.size() >= depth && names.subList(0, depth).equals(folder.names);
    }

    /** With a slash before each name; {@code /} for the root. */
    @Override
    public String toString() {
        return "/" + String.join("/", names);
    }
}
