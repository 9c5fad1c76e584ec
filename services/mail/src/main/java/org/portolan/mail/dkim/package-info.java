/**
 * DKIM (RFC 6376, RFC 8301, RFC 8463): signatures that say which domain answers for a message.
 *
 * <h2>What it does</h2>
 *
 * <ul>
 *   <li>{@link org.portolan.mail.dkim.DkimVerification} verifies the signatures of a message that
 *       comes: rsa-sha256 and ed25519-sha256, both canonicalisations of header and body, {@code
 *       l=}, {@code t=}, {@code x=}, keys with {@code h=}, {@code s=}, {@code t=}.
 *   <li>{@link org.portolan.mail.dkim.DkimSigner} signs one that leaves, relaxed, with each of our
 *       keys; the fields that readers see are signed once more than they are there, so that no
 *       other can be added.
 * </ul>
 *
 * <h2>What it does not accept</h2>
 *
 * <ul>
 *   <li>rsa-sha1, and RSA keys of less than 1,024 bits (RFC 8301): {@code permerror}.
 *   <li>A signature of the beginning of a body ({@code l=}) behind which there is more: {@code
 *       policy}, since the rest could be anybody's (RFC 6376 §8.2).
 * </ul>
 *
 * <h2>Limits</h2>
 *
 * <p>The first eight signatures of a message, a header of 256 KiB and 5,000 fields, 500 signed
 * names, 50 tags, keys of 4,096 bits in 8,192 characters, twenty seconds for all keys. Keys are
 * asked for only where the body is as it was signed. What is beyond is not verified.
 *
 * <h2>What it does not do</h2>
 *
 * <p>No DMARC and no ARC. Bodies with line ends other than CR LF are hashed as they are.
 */
@NullMarked
package org.portolan.mail.dkim;

import org.jspecify.annotations.NullMarked;
