package org.portolan.admin;

import java.util.Locale;
import java.util.Map;

/**
 * One line of an audit: a door that others may come to, or something that makes the site weaker.
 *
 * @param service the section of the settings, or what else it is about: account, firewall
 * @param port {@code 143/tcp} as the standards number it; empty if it is about no port
 * @param reach who can get there, in words; empty if it is about no port
 * @param security {@code clear}, {@code upgrade}, {@code encrypted}, or empty
 * @param words what was found
 * @param remedy the command or the line of settings that mends it; empty where nothing is wrong
 */
record Finding(
        Severity severity,
        String service,
        String port,
        String reach,
        String security,
        String words,
        String remedy) {

    /** The reach of a door to which nobody else comes. */
    static final String THIS_HOST = "this host";

    /** How bad it is, the worst last. */
    enum Severity {
        /** As it should be. */
        OK,
        /** Worth knowing; there may be good reasons for it. */
        NOTICE,
        /** Should be mended. */
        WARNING,
        /** Somebody can read passwords or mail, or come in, today. */
        DANGER;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One that is about no port. */
    static Finding of(Severity severity, String about, String words, String remedy) {
        return new Finding(severity, about, "", "", "", words, remedy);
    }

    /** Whether it is about a door that others can come to. */
    boolean beyondThisHost() {
        return !reach.isEmpty() && !reach.equals(THIS_HOST);
    }

    Map<String, Object> entry() {
        return Json.entries(
                "severity", severity.word(),
                "service", service,
                "port", port,
                "reach", reach,
                "security", security,
                "finding", words,
                "remedy", remedy);
    }
}
