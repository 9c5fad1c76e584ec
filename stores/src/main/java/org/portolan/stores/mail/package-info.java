/**
 * Everybody's mail: mailboxes, messages, flags, and what changes, over one database and a file for
 * each body.
 *
 * <p>{@link org.portolan.stores.mail.Mail} has the verbs. Each is one transaction and on disk when
 * it returns. A mailbox is named by its id, a message by its unique id in there. Both are never
 * used again, not even after a restore; a mailbox that is deleted and made anew has a greater
 * {@code uidValidity}. Every change of a mailbox has a number (a modification sequence, RFC 7162)
 * that is greater than those before and stays with the messages that it touched.
 *
 * <p>{@link org.portolan.stores.mail.OpenMailbox} gives whoever reads a mailbox its newest {@link
 * org.portolan.stores.mail.Snapshot}. Snapshots are immutable and shared; what became of a mailbox
 * is found by comparing two. The writer puts the next one in place after the commit and before
 * whoever asked for the change hears of it, so everybody sees changes in the order of the commits,
 * and nobody misses his own.
 *
 * <p>What is known of a body (its parts, its envelope) is parsed while it arrives and kept in a row
 * of its own; messages of a time before that are parsed when somebody asks. A copy shares the body;
 * the file goes when no row names it any more.
 *
 * <p>Not done: text is not indexed; keywords that nobody uses any more keep their bit, so a mailbox
 * has at most 58 in its life; rights are for accounts and for anyone, not for groups; flags of a
 * shared mailbox are the same for all who share it.
 */
@NullMarked
package org.portolan.stores.mail;

import org.jspecify.annotations.NullMarked;
