/** DNS, authoritative for the zones of the site. */
@NullMarked
package org.portolan.names.dns;

import org.jspecify.annotations.NullMarked;
