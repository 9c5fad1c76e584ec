package org.portolan.mail.imap;

import org.portolan.kernel.Hangup;
import org.portolan.kernel.MalformedLine;
import org.portolan.wire.Refusal;

/**
 * Refusals and farewells (RFC 9051 §7.1), with the response codes of RFC 9051, RFC 5530 and the
 * extensions. The session puts the command's tag in front.
 */
final class ImapReply {
    static final String AUTH_PROMPT = "+ ";
    static final String GO_AHEAD = "+ go ahead";
    static final String IDLING = "+ idling";
    static final String AUTH_CANCELLED = "BAD the log-in was cancelled";
    static final String AUTH_MALFORMED = "BAD that is no answer of this mechanism";
    static final String AUTH_REFUSED =
            "NO [UNAVAILABLE] too many failed log-ins from there; try again later";
    static final String AUTH_FAILED = "NO [AUTHENTICATIONFAILED] wrong name or password";

    private ImapReply() {}

    static Refusal syntax(String what) {
        return new Refusal("BAD " + what);
    }

    static Refusal unknownCommand() {
        return new Refusal("BAD there is no such command");
    }

    static Refusal malformed(MalformedLine.Fault fault) {
        return new Refusal("BAD " + fault.words());
    }

    static Refusal logInFirst() {
        return new Refusal("BAD log in first");
    }

    static Refusal loggedInAlready() {
        return new Refusal("BAD you are logged in already");
    }

    static Refusal selectFirst() {
        return new Refusal("BAD select a mailbox first");
    }

    static Refusal needsTls() {
        return new Refusal(
                "NO [PRIVACYREQUIRED] that would show your password; say STARTTLS first");
    }

    static Refusal tlsAlready() {
        return new Refusal("BAD TLS is on already");
    }

    static Refusal compressedAlready() {
        return new Refusal("NO [COMPRESSIONACTIVE] DEFLATE is on already");
    }

    static Refusal unknownCompression() {
        return new Refusal("BAD DEFLATE is the algorithm that is known");
    }

    static Refusal unknownMechanism() {
        return new Refusal("NO [CANNOT] there is no such mechanism");
    }

    static Refusal readOnly() {
        return new Refusal("NO [READ-ONLY] the mailbox was opened to be looked at only");
    }

    static Refusal noSuchMailbox() {
        return new Refusal("NO [NONEXISTENT] there is no such mailbox");
    }

    /** RFC 9051 §6.3.12: the client may make it and try again. */
    static Refusal tryCreate() {
        return new Refusal("NO [TRYCREATE] there is no such mailbox");
    }

    static Refusal mailboxExists() {
        return new Refusal("NO [ALREADYEXISTS] there is a mailbox of that name");
    }

    static Refusal badName() {
        return new Refusal("NO [CANNOT] no mailbox can have that name");
    }

    static Refusal inboxStays() {
        return new Refusal("NO [CANNOT] the inbox stays");
    }

    static Refusal overQuota() {
        return new Refusal("NO [OVERQUOTA] there is no room left for this account");
    }

    static Refusal tooBig() {
        return new Refusal("NO [TOOBIG] that message is too large");
    }

    static Refusal emptyMessage() {
        return new Refusal("NO [CANNOT] a message has a byte at least");
    }

    static Refusal literalTooBig() {
        return new Refusal("BAD [TOOBIG] that literal is too large here");
    }

    static Refusal commandTooBig() {
        return new Refusal("BAD [TOOBIG] that command is too large");
    }

    static Refusal badCharset() {
        return new Refusal("NO [BADCHARSET (US-ASCII UTF-8)] that charset is not known");
    }

    static Refusal unknownTransferEncoding() {
        return new Refusal("NO [UNKNOWN-CTE] that part's transfer encoding is not known");
    }

    static Refusal noSuchMessage() {
        return new Refusal("BAD there is no message of that number");
    }

    static Refusal expungeIssued() {
        return new Refusal("NO [EXPUNGEISSUED] a message is gone; say NOOP to hear of it");
    }

    static Refusal useAttribute() {
        return new Refusal("NO [USEATTR] no mailbox can have that use, or another has it");
    }

    static Refusal limit(String what) {
        return new Refusal("NO [LIMIT] " + what);
    }

    static Refusal noPermission() {
        return new Refusal("NO [NOPERM] you may not do that");
    }

    static Refusal bodyMissing() {
        return new Refusal("NO [SERVERBUG] a message cannot be read; tell the administrator");
    }

    static Refusal temporary() {
        return new Refusal("NO [UNAVAILABLE] something is wrong here; try again later");
    }

    static String farewell(Hangup.Reason reason) {
        return switch (reason) {
            case TOO_MANY_CONNECTIONS, STOPPING, OUR_FAULT, CLOSED_BY_ADMINISTRATOR ->
                    "* BYE [UNAVAILABLE] " + reason.words();
            case ACCOUNT_NOT_ADMITTED -> "* BYE [AUTHORIZATIONFAILED] " + reason.words();
            case IDLE,
                    TOO_SLOW,
                    SESSION_TOO_LONG,
                    TOO_MANY_REFUSALS,
                    NOT_READING,
                    NOT_ADMITTED,
                    BAD_PROXY_HEADER,
                    PEER_GONE,
                    TLS_FAILED ->
                    "* BYE " + reason.words();
        };
    }
}
