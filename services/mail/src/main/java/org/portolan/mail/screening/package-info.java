/**
 * What is found out about mail that comes, and put on mail that leaves.
 *
 * <h2>What comes</h2>
 *
 * <p>Of a stranger's message SPF is asked when MAIL was said, and DKIM verified while the message
 * arrives. What was found stands in an {@code Authentication-Results} field on top of the message
 * (RFC 8601), and in the event. Fields of this name that claim to be ours are taken out of every
 * message, so that those that are there can be believed. Mail of people who have logged in is not
 * judged.
 *
 * <p>Nothing is refused for what was found, unless {@code refuse_spf_fail} is set: then MAIL gets
 * {@code 550 5.7.23} (RFC 7372) where the domain says that the host may not. Of hosts in {@code
 * not_judged} SPF is not asked; this host is one.
 *
 * <h2>What leaves</h2>
 *
 * <p>A message from one of the site's domains, or from a host below it, is signed for that domain
 * with each of the keys that sign, and so are the site's own reports; one from elsewhere, or with
 * more than one address in From, is not.
 *
 * <h2>What it does not do</h2>
 *
 * <p>No DMARC, no ARC, no Received-SPF field (RFC 7208 §9 lets Authentication-Results stand for
 * it), no reputation, no content.
 */
@NullMarked
package org.portolan.mail.screening;

import org.jspecify.annotations.NullMarked;
