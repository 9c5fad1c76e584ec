package org.portolan.mail.pop3;

import org.portolan.kernel.Hangup;
import org.portolan.kernel.MalformedLine;
import org.portolan.wire.Refusal;

/** Everything we may say, with the response codes of RFC 2449 §8 and RFC 3206. */
final class Pop3Reply {
    static final String OK = "+OK";
    static final String GOODBYE = "+OK goodbye";
    static final String SEND_PASSWORD = "+OK send PASS";
    static final String READY_FOR_TLS = "+OK ready for TLS";
    static final String AUTH_PROMPT = "+ ";
    static final String AUTH_CANCELLED = "-ERR log-in cancelled";
    static final String AUTH_MALFORMED = "-ERR that is no answer of this mechanism";
    static final String AUTH_REFUSED =
            "-ERR [SYS/TEMP] too many failed log-ins from there; try again later"; // RFC 3206 §4
    static final String AUTH_FAILED = "-ERR [AUTH] wrong name or password";

    private Pop3Reply() {}

    static Refusal unknownCommand() {
        return new Refusal("-ERR no such command");
    }

    static Refusal syntax(String what) {
        return new Refusal("-ERR " + what);
    }

    static Refusal malformed(MalformedLine.Fault fault) {
        return new Refusal("-ERR " + fault.words());
    }

    static Refusal logInFirst() {
        return new Refusal("-ERR log in first");
    }

    static Refusal loggedInAlready() {
        return new Refusal("-ERR you are logged in already");
    }

    static Refusal userFirst() {
        return new Refusal("-ERR say USER first");
    }

    static Refusal needsTls() {
        return new Refusal("-ERR that would show your password; say STLS first");
    }

    static Refusal tlsAlready() {
        return new Refusal("-ERR TLS is on already");
    }

    static Refusal unknownMechanism() {
        return new Refusal("-ERR no such mechanism");
    }

    static Refusal inUse() {
        return new Refusal("-ERR [IN-USE] another program is reading this mailbox");
    }

    static Refusal noSuchMessage() {
        return new Refusal("-ERR no such message");
    }

    static Refusal deletedMessage() {
        return new Refusal("-ERR that message is deleted");
    }

    static Refusal bodyMissing() {
        return new Refusal("-ERR [SYS/PERM] the message cannot be read; tell the administrator");
    }

    static Refusal temporary() {
        return new Refusal("-ERR [SYS/TEMP] something is wrong here; try again later");
    }

    static Refusal notDeleted() {
        return new Refusal("-ERR [SYS/TEMP] the messages could not be deleted; try again later");
    }

    static String farewell(Hangup.Reason reason) {
        return switch (reason) {
            case TOO_MANY_CONNECTIONS, STOPPING, OUR_FAULT, CLOSED_BY_ADMINISTRATOR ->
                    "-ERR [SYS/TEMP] " + reason.words();
            case ACCOUNT_NOT_ADMITTED -> "-ERR [SYS/PERM] " + reason.words();
            case IDLE,
                    TOO_SLOW,
                    SESSION_TOO_LONG,
                    TOO_MANY_REFUSALS,
                    NOT_READING,
                    NOT_ADMITTED,
                    BAD_PROXY_HEADER,
                    PEER_GONE,
                    TLS_FAILED ->
                    "-ERR " + reason.words();
        };
    }
}
