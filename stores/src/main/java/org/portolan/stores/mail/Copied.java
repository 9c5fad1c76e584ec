package org.portolan.stores.mail;

/**
 * Messages that are in another mailbox now, too or instead (RFC 4315 §3: COPYUID, APPENDUID).
 *
 * @param uidValidity of the mailbox they went to
 * @param from their unique ids where they were, ascending; empty for those that were added
 * @param to their unique ids there, in the same order
 * @param modseq the change of the mailbox they went to
 */
public record Copied(long uidValidity, long[] from, long[] to, long modseq) {}
