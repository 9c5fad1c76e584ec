package org.portolan.admin;

import java.io.IOException;
import java.util.List;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Rule;

/** The site's firewall, as far as verbs change it. */
public interface Guard {
    /** What counts now. */
    Firewall firewall();

    /** The rules that verbs have made; they come before all others. */
    List<Rule> ofVerbs();

    /** What would count if {@code rules} were those that verbs have made. */
    Firewall would(List<Rule> rules);

    /** Makes {@code rules} those that verbs have made: kept, and in force when this returns. */
    void keep(List<Rule> rules) throws IOException;
}
