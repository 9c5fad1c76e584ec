package org.portolan.kernel;

import java.io.IOException;

/** The conversation is over: the peer is gone, too slow, or no longer welcome. */
public final class Hangup extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why; the ones for which something can still be said have a farewell. */
    public enum Reason {
        /** The peer closed, reset, or broke off inside something. */
        PEER_GONE("the peer is gone", false),
        /** No command came for as long as the service waits. */
        IDLE("nothing came for too long", true),
        /** A command or body was begun and did not end in time. */
        TOO_SLOW("a command took too long", true),
        /** The peer does not read what it is sent. */
        NOT_READING("the peer does not read", false),
        /** The whole conversation lasted longer than it may. */
        SESSION_TOO_LONG("the session lasted too long", true),
        /** The peer was refused too often. */
        TOO_MANY_REFUSALS("too many refusals", true),
        /** More connections than the site, a peer or a network may have. */
        TOO_MANY_CONNECTIONS("too many connections", true),
        /** The firewall does not admit who came through a proxy. */
        NOT_ADMITTED("the firewall does not admit this address", false),
        /** The firewall does not admit who has logged in. */
        ACCOUNT_NOT_ADMITTED("the firewall does not admit this account from there", true),
        /** A proxy was admitted, and did not say in a proper header for whom it speaks. */
        BAD_PROXY_HEADER("the proxy does not say for whom it speaks", false),
        /** The handshake failed. */
        TLS_FAILED("the TLS handshake failed", false),
        /** The server is stopping. */
        STOPPING("the server is stopping", true),
        /** An administrator closed it. */
        CLOSED_BY_ADMINISTRATOR("closed by an administrator", true),
        /** Something broke on our side. */
        OUR_FAULT("an internal error", true);

        private final String words;
        private final boolean speakable;

        Reason(String words, boolean speakable) {
            this.words = words;
            this.speakable = speakable;
        }

        /** A few lower-case words for logs and farewells. */
        public String words() {
            return words;
        }

        /** Whether the peer may still be listening. */
        boolean speakable() {
            return speakable;
        }
    }

    private final Reason reason;

    public Hangup(Reason reason) {
        super(reason.words());
        this.reason = reason;
    }

    public Hangup(Reason reason, Throwable cause) {
        super(reason.words() + ": " + cause.getMessage(), cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
