/** NTP, from the host clock. */
@NullMarked
package org.portolan.watch.ntp;

import org.jspecify.annotations.NullMarked;
