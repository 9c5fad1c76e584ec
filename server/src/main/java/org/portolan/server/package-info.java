/**
 * Puts a site together: reads its settings, opens its stores, and serves everything in {@link
 * org.portolan.server.Services}. Nothing imports this package.
 */
@NullMarked
package org.portolan.server;

import org.jspecify.annotations.NullMarked;
