package org.portolan.stores.mail;

/**
 * What became of a change of flags.
 *
 * @param modseq of this change; the mailbox's highest if nothing changed
 * @param changed the messages whose flags are others now
 * @param refused those that somebody had changed since (RFC 7162 §3.1.3: MODIFIED)
 */
public record Stored(long modseq, UidSet changed, UidSet refused) {}
