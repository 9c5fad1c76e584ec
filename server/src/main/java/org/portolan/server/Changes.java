package org.portolan.server;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.portolan.admin.Site.Change;

/** What is otherwise after a reload. */
final class Changes {
    private final List<Change> all = new ArrayList<>();

    List<Change> all() {
        return List.copyOf(all);
    }

    /** Compares values by their names. */
    Changes compare(String what, Map<String, String> before, Map<String, String> after) {
        Set<String> names = new LinkedHashSet<>(after.keySet());
        names.addAll(before.keySet());
        for (String name : names) {
            String was = before.getOrDefault(name, "");
            String is = after.getOrDefault(name, "");
            if (!was.equals(is)) {
                all.add(new Change(what, name, was, is));
            }
        }
        return this;
    }

    void restart(String why) {
        all.add(new Change("restart", why, "", ""));
    }
}
