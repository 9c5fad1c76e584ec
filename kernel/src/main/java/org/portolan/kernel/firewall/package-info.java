/**
 * The firewall: rules in the order in which they count, and the verdict of the first that applies.
 *
 * <p>A rule is a sentence, in the settings as on the command line:
 *
 * <pre>{@code
 * allow submission, imaps from 10.0.0.0/8, 2001:db8::/32
 * deny  all from 203.0.113.0/24
 * limit smtp from any to 20 connections, 60 new per minute, 2 MB per second
 * allow 6000-6100/udp from outside
 * allow imaps from any for crew, staff
 * proxy smtp from 10.0.0.5
 * }</pre>
 *
 * <p>What comes after {@code allow}, {@code deny} or {@code limit} are services ({@code smtp}: all
 * its ports), ports by name ({@code submission}) or number, ranges of numbers, each with {@code
 * /tcp} or {@code /udp} or for both, or {@code all}. Numbers are those of the standards, whatever
 * the port offset. After {@code from} stand networks, addresses, {@code any}, {@code loopback} (the
 * host itself) or {@code outside} (everybody else). A {@code limit} lets in, and no more than it
 * says, for each address.
 *
 * <p>After {@code for} stand groups of accounts. Such a rule is about nobody who has not logged in,
 * and so about no datagram; who may turn out to be in its groups is let in until then. After the
 * log-in the rules are read again from the top. A {@code proxy} comes in and has to say for whom it
 * speaks (package {@code proxy}); that one is judged by all rules but those of proxies.
 *
 * <p>Two rules stand behind all others: {@code allow all from loopback}, {@code deny all from any}.
 */
@NullMarked
package org.portolan.kernel.firewall;

import org.jspecify.annotations.NullMarked;
