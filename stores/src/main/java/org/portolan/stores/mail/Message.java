package org.portolan.stores.mail;

import java.time.Instant;

/**
 * A message in a mailbox.
 *
 * @param uid grows with every message of the mailbox and is never used again
 * @param body the number of its body
 * @param size in bytes, as it is on the wire without dot-stuffing
 * @param dotted whether a line of it begins with a dot
 * @param received when it was delivered
 */
public record Message(long uid, long body, long size, boolean dotted, Instant received) {}
