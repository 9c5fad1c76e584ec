/**
 * SPF (RFC 7208): may this host send mail in the name of that domain?
 *
 * <h2>What it does</h2>
 *
 * <ul>
 *   <li>{@link org.portolan.mail.spf.Spf} asks for the record of the domain of MAIL FROM, or of
 *       EHLO where there is no sender, and evaluates it: all mechanisms and modifiers, macros,
 *       explanations, IPv4 and IPv6.
 *   <li>A record is read as a whole before any of it is used; one mistake makes it {@code
 *       permerror}.
 * </ul>
 *
 * <h2>Limits (RFC 7208 §4.6.4)</h2>
 *
 * <p>Ten terms that need look-ups in all records together, two look-ups that find nothing, ten mail
 * exchangers, ten names of an address, twenty seconds. A record has at most 16,384 bytes, an
 * expansion 4,096, an explanation 400.
 *
 * <h2>What it does not do</h2>
 *
 * <ul>
 *   <li>Records of the withdrawn type SPF (99) are not asked for, nor Sender ID.
 *   <li>EHLO is not checked beside MAIL FROM, only in its place (§2.3 recommends both).
 *   <li>Nothing here refuses a message; who calls does, if its settings say so.
 * </ul>
 */
@NullMarked
package org.portolan.mail.spf;

import org.jspecify.annotations.NullMarked;
