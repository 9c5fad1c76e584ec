package org.portolan.stores.files;

import java.util.ArrayList;
import java.util.List;

/** Deletes a folder with everything in it, and nothing that a link in it leads to. */
final class Removed {
    private Removed() {}

    static void delete(Descriptor in, String name) throws SystemCalls.Failed {
        try {
            SystemCalls.unlinkat(in.number(), name, 0);
            return;
        } catch (SystemCalls.Failed e) {
            if (e.errno != SystemCalls.EISDIR && e.errno != SystemCalls.EPERM) {
                throw e;
            }
        }
        int flags = SystemCalls.O_RDONLY | SystemCalls.O_DIRECTORY | SystemCalls.O_NOFOLLOW;
        try (Descriptor folder = new Descriptor(SystemCalls.openat(in.number(), name, flags, 0))) {
            List<String> all = new ArrayList<>(); // names that are removed meanwhile hide others
            for (List<String> names = Listing.names(folder.number());
                    !names.isEmpty();
                    names = Listing.names(folder.number())) {
                all.addAll(names);
            }
            for (String inner : all) {
                delete(folder, inner);
            }
        }
        SystemCalls.unlinkat(in.number(), name, SystemCalls.AT_REMOVEDIR);
    }
}
