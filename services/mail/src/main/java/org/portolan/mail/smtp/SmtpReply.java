package org.portolan.mail.smtp;

import org.portolan.kernel.Hangup;
import org.portolan.kernel.MalformedLine;
import org.portolan.wire.Refusal;

/**
 * Everything we may say: the codes of RFC 5321 §4.2, the enhanced ones of RFC 3463 and RFC 5248.
 */
final class SmtpReply {
    static final String OK = "250 2.0.0 ok";
    static final String SENDER_OK = "250 2.1.0 sender ok";
    static final String RECIPIENT_OK = "250 2.1.5 recipient ok";
    static final String GO_AHEAD = "354 go ahead; end with a line of a single dot";
    static final String GOODBYE = "221 2.0.0 goodbye";
    static final String READY_FOR_TLS = "220 2.0.0 ready for TLS";
    static final String LOGGED_IN = "235 2.7.0 welcome";
    static final String TRY_IT = "252 2.1.5 send it, and you will hear";
    static final String HELP =
            "214 2.0.0 EHLO HELO MAIL RCPT DATA BDAT RSET NOOP QUIT STARTTLS AUTH";
    static final String AUTH_PROMPT = "334 ";
    static final String AUTH_CANCELLED = "501 5.7.0 log-in cancelled";
    static final String AUTH_MALFORMED = "501 5.5.2 that is no answer of this mechanism";
    static final String AUTH_REFUSED =
            "454 4.7.0 too many failed log-ins from there; try again later"; // RFC 4954 §6
    static final String AUTH_FAILED = "535 5.7.8 wrong name or password";

    private SmtpReply() {}

    static Refusal unknownCommand() {
        return new Refusal("500 5.5.1 no such command");
    }

    static Refusal syntax(String what) {
        return new Refusal("501 5.5.2 " + what);
    }

    static Refusal malformed(MalformedLine.Fault fault) {
        return new Refusal(
                switch (fault) {
                    case TOO_LONG -> "500 5.5.2 line too long";
                    case BARE_LF, BARE_CR -> "500 5.5.2 lines end with CR LF: " + fault.words();
                    case TEXT_BEFORE_TLS -> "503 5.5.1 " + fault.words();
                });
    }

    static Refusal helloFirst() {
        return new Refusal("503 5.5.1 say EHLO first");
    }

    static Refusal mailFirst() {
        return new Refusal("503 5.5.1 say MAIL first");
    }

    static Refusal alreadyInMail() {
        return new Refusal("503 5.5.1 a message is under way; RSET forgets it");
    }

    static Refusal badChunk() {
        return new Refusal("501 5.5.4 say BDAT size, or BDAT size LAST");
    }

    static Refusal chunksAreComing() {
        return new Refusal("503 5.5.1 the message comes in chunks; the last is BDAT size LAST");
    }

    static Refusal binaryNeedsChunks() {
        return new Refusal("503 5.5.1 a binary body comes with BDAT"); // RFC 3030 §3
    }

    static Refusal needsTlsItself() {
        return new Refusal("530 5.7.10 REQUIRETLS is for TLS only"); // RFC 8689 §4.1
    }

    static Refusal notYourAddress(String address) {
        return new Refusal("550 5.7.1 " + address + " is not an address of yours");
    }

    static Refusal mailboxFull() {
        return new Refusal("452 4.2.2 the mailbox is full");
    }

    static Refusal noRecipients() {
        return new Refusal("554 5.5.1 no valid recipients");
    }

    static Refusal badSender() {
        return new Refusal("501 5.1.7 say MAIL FROM:<local@domain> or MAIL FROM:<>");
    }

    static Refusal badRecipient() {
        return new Refusal("501 5.1.3 say RCPT TO:<local@domain>");
    }

    static Refusal unknownParameter() {
        return new Refusal("555 5.5.4 no such parameter");
    }

    static Refusal badParameter(String what) {
        return new Refusal("501 5.5.4 " + what);
    }

    static Refusal needsUtf8() {
        return new Refusal("553 5.6.7 this address needs SMTPUTF8");
    }

    static Refusal unknownMailbox() {
        return new Refusal("550 5.1.1 nobody here has that address");
    }

    static Refusal relayDenied() {
        return new Refusal("550 5.7.1 not a domain of this site, and it relays for nobody");
    }

    static Refusal tooManyRecipients() {
        return new Refusal("452 4.5.3 too many recipients; send the rest in another message");
    }

    static Refusal tooLarge(long most) {
        return new Refusal("552 5.3.4 the largest message accepted has " + most + " bytes");
    }

    static Refusal malformedMessage() {
        return new Refusal("550 5.6.0 the message has a bare CR, a bare LF or a NUL");
    }

    static Refusal looping() {
        return new Refusal("554 5.4.6 the message has passed too many servers");
    }

    static Refusal notOnDisk() {
        return new Refusal("451 4.3.0 the message could not be stored; try again later");
    }

    static Refusal diskFull() {
        return new Refusal("452 4.3.1 no space left; try again later");
    }

    static Refusal temporary() {
        return new Refusal("451 4.3.0 something is wrong here; try again later");
    }

    static Refusal logInFirst() {
        return new Refusal("530 5.7.0 log in first");
    }

    static Refusal loggedInAlready() {
        return new Refusal("503 5.5.1 you are logged in already");
    }

    static Refusal unknownMechanism() {
        return new Refusal("504 5.5.4 no such mechanism");
    }

    static Refusal needsTls() {
        return new Refusal("538 5.7.11 that would show your password; say STARTTLS first");
    }

    static Refusal tlsAlready() {
        return new Refusal("503 5.5.1 TLS is on already");
    }

    static Refusal noExpanding() {
        return new Refusal("502 5.5.1 lists are not shown");
    }

    /** The last word to whom the conversation is ended for. */
    static String farewell(Hangup.Reason reason) {
        return switch (reason) {
            case TOO_MANY_CONNECTIONS,
                    TOO_MANY_REFUSALS,
                    NOT_ADMITTED,
                    ACCOUNT_NOT_ADMITTED,
                    BAD_PROXY_HEADER ->
                    "421 4.7.0 " + reason.words();
            case OUR_FAULT -> "421 4.3.0 " + reason.words();
            case STOPPING, CLOSED_BY_ADMINISTRATOR -> "421 4.3.2 " + reason.words();
            case IDLE, TOO_SLOW, SESSION_TOO_LONG, NOT_READING, PEER_GONE, TLS_FAILED ->
                    "421 4.4.2 " + reason.words();
        };
    }

    // RFC 7504 §4: this connection takes no mail, and we hang up

    static final String NO_WEB = "521 5.5.1 no web pages are served here; goodbye";

    static final String FALSE_END =
            "521 5.5.2 a message ends with CR LF . CR LF, spelled exactly so; goodbye";
}
