/**
 * Everybody's mail: mailboxes, messages, flags and what changes, over one database and a file for
 * each body.
 */
@NullMarked
package org.portolan.stores.mail;

import org.jspecify.annotations.NullMarked;
