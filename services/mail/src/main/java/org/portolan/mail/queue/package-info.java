/**
 * Mail on its way out of the site: the queue, and SMTP as its client.
 */
@NullMarked
package org.portolan.mail.queue;

import org.jspecify.annotations.NullMarked;
