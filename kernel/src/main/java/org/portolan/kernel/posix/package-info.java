/**
 * What the system offers and Java does not: datagrams in batches, with the address that was asked
 * and the moment they came.
 *
 * <p>This is the only package that calls the C library. Every call's error number becomes a return
 * value or an exception with the system's own words. Where a call is missing, a plain channel does
 * the same work one datagram at a time.
 */
@NullMarked
package org.portolan.kernel.posix;

import org.jspecify.annotations.NullMarked;
