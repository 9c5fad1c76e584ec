package org.portolan.stores.files;

/**
 * Who does something with files.
 *
 * @param account its name, or empty for a stranger
 * @param protocol as in the settings: {@code ftp}
 * @param conversation its id, as the log and the table of sockets show it
 */
public record Holder(String account, String protocol, String conversation) {
    /** For people: {@code ada through ftp}. */
    public String words() {
        return "%s through %s".formatted(account.isEmpty() ? "a stranger" : account, protocol);
    }
}
