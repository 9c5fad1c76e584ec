/**
 * What the site remembers: accounts, mail, events, certificates. Knows neither ports nor protocols.
 *
 * <p>Each store is a {@link org.portolan.stores.Database} of its own with a single writer that
 * commits together what has queued up. A verb returns when what it did is on disk, so a service
 * that replies after the call has told the truth. What is thrown says whether to try again: {@link
 * org.portolan.stores.StoreException}.
 *
 * <p>Where a row and a file must agree, the file is written and synced first, then its folder, then
 * the row that names it; at start, files that no row names are swept away.
 */
@NullMarked
package org.portolan.stores;

import org.jspecify.annotations.NullMarked;
