package org.portolan.admin;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.portolan.admin.Finding.Severity;
import org.portolan.stores.StoreException;

/** {@code portolan audit}. */
final class AuditVerb {
    /** Exit status: it was looked at, and something should be mended. */
    static final int FOUND = 3;

    private final Audit audit;
    private final Operator operator;

    AuditVerb(Audit audit, Operator operator) {
        this.audit = audit;
        this.operator = operator;
    }

    /**
     * Shows all findings.
     *
     * @param least the severity from which on the exit status is {@link #FOUND}
     */
    int run(String least, boolean json) throws IOException, StoreException, Refusal {
        Severity enough = severity(least);
        List<Finding> findings = audit.findings();
        if (json) {
            operator.say(Json.page(findings.stream().map(Finding::entry).toList()));
        } else {
            Table table =
                    new Table(
                            "SEVERITY",
                            "ABOUT",
                            "PORT",
                            "REACHED BY",
                            "SECURITY",
                            "FINDING",
                            "MENDED BY");
            for (Finding each : findings) {
                table.row(
                        each.severity().word(),
                        each.service(),
                        each.port(),
                        each.reach(),
                        each.security(),
                        each.words(),
                        each.remedy());
            }
            operator.say(table.toString());
        }
        boolean found = findings.stream().anyMatch(each -> each.severity().compareTo(enough) >= 0);
        return found ? FOUND : Verbs.DONE;
    }

    private static Severity severity(String word) throws Refusal {
        return Arrays.stream(Severity.values())
                .filter(each -> each != Severity.OK)
                .filter(each -> each.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () ->
                                Refusal.usage(
                                        "--fail-on wants notice, warning or danger, not \""
                                                + word
                                                + "\""));
    }
}
