/**
 * SMTP: mail comes in, from other servers (port 25) and from people's programs and devices
 * (submission, ports 587 and 465).
 *
 * <h2>What it speaks</h2>
 *
 * <ul>
 *   <li>RFC 5321 SMTP, RFC 6409 submission, RFC 8314 submission over TLS
 *   <li>RFC 1870 SIZE, RFC 2920 PIPELINING, RFC 6152 8BITMIME, RFC 6531 SMTPUTF8, RFC 2034
 *       ENHANCEDSTATUSCODES with the codes of RFC 3463 and RFC 5248, RFC 3207 STARTTLS
 *   <li>RFC 3030 CHUNKING and BINARYMIME, RFC 3461 DSN, RFC 8689 REQUIRETLS (in TLS), RFC 9422
 *       LIMITS
 *   <li>RFC 4954 AUTH with SCRAM-SHA-256, PLAIN and LOGIN; the two that show the password
 *       only over TLS or from the same machine
 * </ul>
 *
 * <h2>What it does not do</h2>
 *
 * <ul>
 *   <li>It relays for nobody but who logged in, or stands in {@code relay_from}; that goes to
 *       {@code org.portolan.mail.queue}.
 *   <li>No ETRN, no BURL; a binary part (BINARYMIME) is kept and passed on as base64, because POP3
 *       and most servers could not have it otherwise. VRFY answers 252 without looking, EXPN is
 *       refused: an address book is not for strangers.
 *   <li>DSN is not offered to strangers: they could have reports of success sent to whomever they
 *       name. Their own server says "relayed" instead, as RFC 3461 §5.2.2 has it.
 *   <li>No DMARC and no grey-listing (SPF and DKIM are in {@link org.portolan.mail.screening});
 *       Return-Path, what was found out, and Received are put before a message; one that is handed
 *       in gets From, Date and Message-ID if they lack.
 *   <li>Source routes (RFC 5321 appendix C) are read and ignored.
 * </ul>
 *
 * <h2>The states of a conversation</h2>
 *
 * <pre>
 *            EHLO, HELO           MAIL                  DATA ... CR LF . CR LF
 *  Stranger ------------> Greeted -----> Transaction ---------------------------> Greeted
 *                            ^              |   ^ | RCPT
 *                            |  RSET, EHLO  |   +-+
 *                            +--------------+
 *                            |              | BDAT      BDAT LAST
 *                            |              +--> Chunked ---------> Greeted
 * </pre>
 *
 * <p>{@code 250} after the dot is said when the body, its folder and the rows that name it are on
 * disk; {@code 451} when they could not be written, {@code 452} when there is no space.
 *
 * <h2>Limits</h2>
 *
 * <p>Lines of 12,288 bytes (RFC 4954 §4), a message of {@code message_size}, {@code recipients} for
 * each message, three failed log-ins in one conversation, five minutes for a silent peer (RFC 5321
 * §4.5.3.2.7). After twenty commands that were refused for good (5yz), with no message delivered
 * between them, the peer is hung up on. A message that is too large is read to its end and gets
 * {@code 552}; one that goes on at twice the size gets it at once, and a hang-up.
 *
 * <h2>Client quirks</h2>
 *
 * <p>A blank after {@code FROM:} and {@code TO:}, names in EHLO that are no domains, local parts of
 * up to 256 bytes. The dialogues in the test resources show every answer. A line with {@code HTTP/}
 * in the place of a command comes from a browser whose user does not know about it: the
 * conversation ends before the form it sends can be taken for a message.
 *
 * <h2>Line ends</h2>
 *
 * <p>Lines end with CR LF. A bare CR or LF is refused in commands ({@code 500 5.5.2}) and in
 * messages ({@code 550 5.6.0}); an end of the message in any other spelling than CR LF . CR LF ends
 * the conversation with {@code 521 5.5.2}, so that nothing behind it is taken for a command. CR CR
 * LF . CR LF is another spelling too.
 */
@NullMarked
package org.portolan.mail.smtp;

import org.jspecify.annotations.NullMarked;
