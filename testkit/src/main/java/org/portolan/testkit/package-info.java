/** Dialogues, clients and clocks for tests. */
@NullMarked
package org.portolan.testkit;

import org.jspecify.annotations.NullMarked;
