/**
 * What an internet message is made of (RFC 5322, RFC 2045 to 2047, RFC 2231, RFC 2183): bytes to
 * values, and nothing else. Knows neither database nor protocol.
 *
 * <p>{@link org.portolan.stores.mime.MessageParser} takes a message as it arrives, piece by piece,
 * and ends with a {@link org.portolan.stores.mime.ParsedMessage}: the tree of its parts with the
 * place of each in the message, the envelope of each message in it, and the beginning of its text.
 * Nothing that arrives makes it fail: what is broken is read as the mail programs of the world read
 * it, and as Dovecot does where the RFCs are silent, because clients see both.
 *
 * <ul>
 *   <li>Lines end at LF, with or without a CR before it; counts are of the octets that are there.
 *   <li>A multipart ends where one around it goes on, or where the message ends, if its own last
 *       line is missing. One without a usable boundary has no parts and is shown as it stands.
 *   <li>Limits, all in {@link org.portolan.stores.mime.MessageParser}: how deep, how many parts,
 *       how many bytes of header fields are kept. What lies beyond is still counted and can be
 *       fetched, but stays unparsed: a part that would be too deep is shown as a leaf.
 *   <li>Strings of the tree are the message's own bytes, each a char (ISO-8859-1), unfolded; only
 *       {@link org.portolan.stores.mime.EncodedWords} and its like decode them.
 * </ul>
 */
@NullMarked
package org.portolan.stores.mime;

import org.jspecify.annotations.NullMarked;
