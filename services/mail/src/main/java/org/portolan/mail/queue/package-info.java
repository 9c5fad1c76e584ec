/**
 * Mail on its way out of the site: a queue that loses nothing, and SMTP as its client.
 *
 * <h2>What it speaks</h2>
 *
 * <ul>
 *   <li>RFC 5321 SMTP as a client, with its deadline for each step (§4.5.3.2); RFC 2920 PIPELINING,
 *       RFC 1870 SIZE, RFC 6152 8BITMIME, RFC 3030 CHUNKING, RFC 6531 SMTPUTF8, RFC 3461 DSN, RFC
 *       9422 LIMITS (RCPTMAX), RFC 3207 STARTTLS and RFC 8314 TLS at once (port 465), where the
 *       other server offers them
 *   <li>RFC 8689 REQUIRETLS: to a server that a route names, or whose MX is signed, with a good
 *       certificate; otherwise the message goes back
 *   <li>MX, A and AAAA; a domain without MX is its own; RFC 7505 null MX; IPv6 and IPv4 by turns,
 *       the next a moment after the last (RFC 8305)
 *   <li>reports of failure, delay and success: RFC 3461 to 3464, RFC 6533 for addresses beyond
 *       ASCII; signed when they leave (RFC 6376)
 *   <li>a smart host with PLAIN or LOGIN, over verified TLS
 * </ul>
 *
 * <h2>What it does not do</h2>
 *
 * <ul>
 *   <li>No DANE, no MTA-STS; nothing is converted: a body of eight bits goes as it
 *       is to a server that offers no 8BITMIME, as most servers do.
 *   <li>No SRS, because nothing is forwarded: aliases lead to accounts here.
 *   <li>No conversation is kept for the next destination, even if it has the same server.
 *   <li>No local port or address to send from can be chosen.
 * </ul>
 *
 * <h2>How a message leaves</h2>
 *
 * <pre>
 *   SmtpSession -- one transaction --> mail.db: queued, queued_recipients, queue_destinations
 *                                         |  due
 *   Departures  looks each second, or when nudged; one Departure for each destination
 *   Departure   pages of due messages; up to per_destination conversations; claims in memory
 *   Hosts       route, or MX, A, AAAA          Opening   dial, EHLO, STARTTLS, AUTH
 *   SmtpClient  MAIL, RCPT ..., DATA or BDAT
 *   Settlement  results and the report about them, in one transaction
 * </pre>
 *
 * <p>A recipient waits until {@code first_retry} after its first failure, then twice as long each
 * time, up to {@code longest_retry}. When no server of a destination can be spoken to, all of it
 * waits so, and not each message by itself. Nothing waits longer than that, wherever the clock was.
 * What is being sent when the process dies is sent again: if the other server had taken it and we
 * had not written that down, it arrives twice, which SMTP cannot avoid (RFC 5321 §4.5.4.1). Nothing
 * is lost, because a row goes only with the reply that made it needless.
 *
 * <p>A report goes to the sender of the envelope, has none itself, and is about messages that this
 * site took responsibility for: recipients here are checked at RCPT, and only who logged in, or
 * stands in {@code relay_from}, sends elsewhere. So a stranger cannot make it write to somebody.
 *
 * <h2>Limits</h2>
 *
 * <p>Replies of 4,096 bytes a line and 200 lines; 100 recipients and 100 messages a conversation;
 * ten servers of a domain, ten addresses of a server. In memory are the destinations at work and
 * pages of 50 messages, whatever the queue holds.
 */
@NullMarked
package org.portolan.mail.queue;

import org.jspecify.annotations.NullMarked;
