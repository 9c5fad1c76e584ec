/**
 * What the mail services share: the dot-stuffed text that SMTP, POP3 and NNTP use for messages, and
 * the log-in dialogue.
 */
@NullMarked
package org.portolan.mail;

import org.jspecify.annotations.NullMarked;
