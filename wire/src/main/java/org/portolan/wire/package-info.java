/** Bytes and text to values and back. Knows no socket. */
@NullMarked
package org.portolan.wire;

import org.jspecify.annotations.NullMarked;
