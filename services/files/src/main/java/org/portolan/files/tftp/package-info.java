/**
 * TFTP: boot loaders, telephones and switches fetch what they start with.
 *
 * <h2>What it speaks</h2>
 *
 * <ul>
 *   <li>RFC 1350 with RFC 1123 §4.2, modes octet and netascii
 *   <li>RFC 2347 options: blksize (RFC 2348) up to 65,464, timeout and tsize (RFC 2349), windowsize
 *       (RFC 7440) up to 64 blocks and 256 KiB
 * </ul>
 *
 * <h2>What it does not do</h2>
 *
 * <ul>
 *   <li>Nobody logs in, nothing is secret: it reads the public folder and nothing else.
 *   <li>It writes into the drop folder where {@code uploads} says so and strangers have the right:
 *       a new name without folders, no overwriting, whole or not at all.
 *   <li>No mode mail, no multicast (RFC 2090), no timeout of more than 30 s.
 *   <li>Block numbers go on with 0 after 65,535, as every client expects that fetches so much.
 * </ul>
 *
 * <h2>A transfer</h2>
 *
 * <p>Each has a port of its own, on the address that was asked; what is sent is sent by one thread
 * for all ({@link org.portolan.kernel.DatagramLine.Dialogue}), what is taken by a thread for each.
 * Whoever else sends to that port gets ERROR 5, eight times at most. What is said to a broadcast or
 * multicast address, or by one, gets no answer. An answer that comes twice moves nothing (RFC 1123
 * §4.2.3.1); a packet is sent again after 1, 2, 4, 8 s, three times to a client that never answered
 * and six times to one that did, and no more bytes are sent again than twice those that were
 * answered for and a megabyte.
 */
@NullMarked
package org.portolan.files.tftp;

import org.jspecify.annotations.NullMarked;
