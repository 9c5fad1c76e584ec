/**
 * IMAP: people read their mail where it is kept, from as many programs at once as they like.
 *
 * <h2>What it speaks</h2>
 *
 * <ul>
 *   <li>RFC 9051 IMAP4rev2 and RFC 3501 IMAP4rev1, all commands and responses; TLS by STARTTLS, or
 *       at once on port 993 (RFC 8314)
 *   <li>Logging in: SCRAM-SHA-256(-PLUS), PLAIN and LOGIN; what shows the password goes over TLS or
 *       from the same machine only. RFC 4959 SASL-IR, RFC 5161 ENABLE, RFC 2971 ID
 *   <li>Staying up to date: RFC 2177 IDLE, RFC 7162 CONDSTORE and QRESYNC
 *   <li>Messages: RFC 4315 UIDPLUS, RFC 6851 MOVE, RFC 3502 MULTIAPPEND, RFC 8508 REPLACE, RFC 7889
 *       APPENDLIMIT, RFC 7888 LITERAL+, RFC 3516 BINARY, RFC 6855 UTF8=ACCEPT, RFC 8970 PREVIEW,
 *       RFC 8514 SAVEDATE, RFC 8474 OBJECTID (threads have no identifiers)
 *   <li>Finding: RFC 4731 ESEARCH, RFC 5182 SEARCHRES, RFC 5032 WITHIN, RFC 5256 SORT with RFC 5957
 *       SORT=DISPLAY, and RFC 5267 ESORT
 *   <li>Mailboxes: RFC 2342 NAMESPACE, RFC 5258 LIST-EXTENDED, RFC 5819 LIST-STATUS, RFC 8438
 *       STATUS=SIZE, RFC 6154 SPECIAL-USE and CREATE-SPECIAL-USE, RFC 3348 CHILDREN, RFC 3691
 *       UNSELECT, RFC 9208 QUOTA
 *   <li>RFC 4978 COMPRESS=DEFLATE
 * </ul>
 *
 * <h2>What it does not do</h2>
 *
 * <ul>
 *   <li>No THREAD, NOTIFY, METADATA, CATENATE, URLAUTH, ANNOTATE; no ACL commands: who may do what
 *       with a shared mailbox, by account or by group, is said at the command line ({@code mailbox
 *       share}). SETQUOTA likewise.
 *   <li>No message is \Recent (RFC 9051 took the flag away): RECENT is 0, NEW finds nothing.
 *   <li>SEARCH reads the messages; there is no index of words. It compares letters of all scripts
 *       without their case, and nothing else (accents count). It knows US-ASCII and UTF-8.
 *   <li>SEARCH looks at days in UTC, except for the Date field, whose own zone counts.
 *   <li>No referrals: everything is here.
 * </ul>
 *
 * <h2>The states of a conversation (RFC 9051 §3)</h2>
 *
 * <pre>
 *  NotAuthenticated --LOGIN, AUTHENTICATE--> Authenticated --SELECT, EXAMINE--> Selected
 *                                                 ^--CLOSE, UNSELECT-----------'
 *  each --LOGOUT--> Over
 * </pre>
 *
 * <h2>What a client sees of the others</h2>
 *
 * <p>All sessions share one {@link org.portolan.stores.mail.Snapshot} of a mailbox. A session keeps
 * the one of which it told its client, and tells what became of it since: after each command, and
 * in IDLE as it happens. Messages that are gone keep their numbers until the client may hear of it:
 * not after FETCH, STORE and SEARCH, but after their UID forms and everything else (RFC 9051
 * §7.5.1). What a command did is on disk before its tagged OK; \Seen before the body is sent.
 *
 * <p>When a mailbox is deleted, those who have it open hear BYE.
 *
 * <h2>Messages that are broken</h2>
 *
 * <p>They are kept and sent octet by octet as they came; only in what is said about them something
 * is added: a text without a charset is us-ascii (RFC 2045 §5.2), a multipart without parts has an
 * empty one, what is missing of an address is called MISSING_MAILBOX and MISSING_DOMAIN. BINARY
 * decodes base64 as far as it goes. Where Dovecot says otherwise of the same message, the case
 * {@code imap-dovecot-structures} tells why. Of a header 512 KB are looked at, of parts 10,000, 100
 * deep.
 *
 * <h2>Limits</h2>
 *
 * <p>Lines of 65,536 bytes; a command of 262,144 with its literals, 1,024 for a literal before the
 * log-in; search keys and lists nested 64 deep, 2,000 keys in a search, 200 items in a FETCH, 1,000
 * messages in an APPEND, each up to {@code message_size}. A literal that is sent without being
 * asked for is read past up to twice that, then the conversation ends. Thirty minutes for a silent
 * peer (RFC 9051 §5.4), three failed log-ins and twenty refused commands in one conversation, of
 * which a command that succeeds forgives.
 */
@NullMarked
package org.portolan.mail.imap;

import org.jspecify.annotations.NullMarked;
