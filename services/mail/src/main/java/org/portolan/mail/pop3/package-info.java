/**
 * POP3: people's programs fetch their mail.
 *
 * <h2>What it speaks</h2>
 *
 * <ul>
 *   <li>RFC 1939 POP3 with TOP and UIDL; RFC 2449 CAPA with the response codes of RFC 2449 and RFC
 *       3206; PIPELINING
 *   <li>RFC 2595 STLS, and TLS at once on port 995 (RFC 8314)
 *   <li>RFC 5034 AUTH with SCRAM-SHA-256(-PLUS) and PLAIN; USER and PASS. What shows the password
 *       only goes over TLS or from the same machine
 * </ul>
 *
 * <h2>What it does not do</h2>
 *
 * <ul>
 *   <li>No APOP: it needs the password itself to be kept. No LAST (it left the standard in 1994).
 *   <li>No UTF8 and LANG (RFC 6856): messages are sent as they came, which every program wants.
 *   <li>No EXPIRE other than NEVER, no LOGIN-DELAY.
 *   <li>Only the inbox is seen, and all of it.
 * </ul>
 *
 * <h2>The states of a conversation (RFC 1939 §3)</h2>
 *
 * <pre>
 *  Authorization --PASS, AUTH--> Transaction --QUIT--> (update) Over
 * </pre>
 *
 * <p>One conversation at a time holds the maildrop; another gets {@code [IN-USE]}. QUIT deletes
 * what was marked, and says {@code +OK} when that is on disk. A conversation that ends in any other
 * way deletes nothing.
 *
 * <h2>Limits</h2>
 *
 * <p>Lines of 12,288 bytes (an AUTH answer; commands have 255, RFC 2449 §4), ten minutes for a
 * silent peer (RFC 1939 §3), three failed log-ins and twenty refused commands in one conversation.
 */
@NullMarked
package org.portolan.mail.pop3;

import org.jspecify.annotations.NullMarked;
