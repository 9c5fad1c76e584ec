package org.portolan.stores.files;

import java.util.List;
import org.portolan.stores.Spaces.Space;

/**
 * Where something lies: in which space, and where in it.
 *
 * @param names from the space's top; empty for the top itself
 */
record Place(Space space, List<String> names) {
    Place parent() {
        return new Place(space, names.subList(0, names.size() - 1));
    }

    boolean isTop() {
        return names.isEmpty();
    }

    String name() {
        return isTop() ? "" : names.getLast();
    }

    /** The path below DATA/files, as administrators know it. */
    String where() {
        String folder = FileTree.folder(space);
        return isTop() ? folder : folder + "/" + String.join("/", names);
    }

    @Override
    public String toString() {
        return where();
    }
}
