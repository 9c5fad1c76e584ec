package org.portolan.watch.ntp;

import org.portolan.kernel.Network;

/**
 * An NTP server as an administrator names it: {@code 192.0.2.1}, {@code time.example.org}, {@code
 * 2001:db8::1}, and with a port {@code 192.0.2.1:10123}, {@code [2001:db8::1]:10123}.
 */
public record UpstreamName(String host, int port) {
    private static final int NTP_PORT = 123;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a sentence for the administrator
     */
    public static UpstreamName of(String text) {
        String host = text;
        int port = NTP_PORT;
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        boolean hasPort = bracketed ? text.contains("]:") : colon > 0 && text.indexOf(':') == colon;
        if (hasPort) {
            host = text.substring(0, colon);
            port = port(text.substring(colon + 1), text);
        }
        if (bracketed && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (!isName(host) && !isAddress(host)) {
            throw wrong(text);
        }
        return new UpstreamName(host, port);
    }

    private static int port(String digits, String text) {
        if (!digits.matches("[0-9]{1,5}")) {
            throw wrong(text);
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw wrong(text);
        }
        return port;
    }

    private static boolean isName(String host) {
        // a name that ends in a number would be an address that was mistyped
        return host.matches("(?i)([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\\.)*[a-z]([a-z0-9-]*[a-z0-9])?");
    }

    private static boolean isAddress(String host) {
        try {
            Network.address(host);
            return true;
        } catch (IllegalArgumentException no) {
            return false;
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "a server is wanted, like \"time.example.org\" or \"192.0.2.1\", not \"%s\""
                        .formatted(text));
    }

    @Override
    public String toString() {
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == NTP_PORT ? host : shown + ":" + port;
    }
}
