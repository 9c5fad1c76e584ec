package org.portolan.shell.sftp;

import java.util.ArrayList;
import java.util.List;

/** The numbers by which one conversation knows owners: version 3 has no names for them. */
final class Owners {
    private static final int FIRST = 1000;
    private static final int MOST = 10_000;

    private final List<String> names = new ArrayList<>();

    /** Whose number is the first: whoever is logged in. */
    Owners(String account) {
        names.add(account);
    }

    int number(String name) {
        int at = names.indexOf(name);
        if (at < 0 && names.size() < MOST) {
            names.add(name);
            at = names.size() - 1;
        }
        return FIRST + Math.max(at, 0);
    }

    /** Empty if it is nobody's. */
    String name(int number) {
        int at = number - FIRST;
        return at >= 0 && at < names.size() ? names.get(at) : "";
    }
}
