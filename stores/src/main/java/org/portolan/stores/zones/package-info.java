/**
 * The site's zones: master files as people write them (RFC 1035 §5), read into a form that is small
 * and quick to answer from, replaced as a whole when a file changes.
 */
@NullMarked
package org.portolan.stores.zones;

import org.jspecify.annotations.NullMarked;
