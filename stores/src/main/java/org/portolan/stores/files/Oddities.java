package org.portolan.stores.files;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Looks through a space for what is not served, or should not be there. */
final class Oddities {
    /** More than anybody reads. */
    private static final int MOST = 100;

    private Oddities() {}

    static List<String> of(Descriptor top, String where, Uploads uploads)
            throws SystemCalls.Failed {
        List<String> found = new ArrayList<>();
        Resolver steady = new Resolver(false); // follows no links
        Deque<List<String>> left = new ArrayDeque<>();
        left.push(List.of());
        while (!left.isEmpty() && found.size() < MOST) {
            List<String> path = left.pop();
            try (Descriptor place = steady.folder(top, path);
                    Descriptor open = place.readable()) {
                for (List<String> names = Listing.names(open.number());
                        !names.isEmpty();
                        names = Listing.names(open.number())) {
                    for (String name : names) {
                        List<String> inner = new ArrayList<>(path);
                        inner.add(name);
                        Found file = SystemCalls.statx(open.number(), name);
                        if (file.isFolder()) {
                            left.push(inner);
                        } else {
                            look(
                                    where + "/" + String.join("/", inner),
                                    inner,
                                    file,
                                    uploads,
                                    found);
                        }
                    }
                }
            }
        }
        return found;
    }

    private static void look(
            String where, List<String> path, Found file, Uploads uploads, List<String> found) {
        boolean hidden = path.getFirst().equals(FileTree.HIDDEN);
        if (hidden && !uploads.has(path.getLast())) {
            found.add(where + ": nobody uploads this any more; the next start removes it");
        }
        if (file.kind() == Node.Kind.SPECIAL) {
            found.add(where + ": a device, pipe or socket; it is shown and not opened");
        }
        if (file.setsId()) {
            found.add(where + ": would run as somebody else; it is shown and not opened");
        }
        if (file.isFile() && (file.mode() & 0400) == 0) {
            found.add(where + ": its mode lets not even the server read it");
        }
        if (!Names.isText(where)) {
            found.add(where + ": the name is not UTF-8; a backup leaves it out");
        }
    }
}
