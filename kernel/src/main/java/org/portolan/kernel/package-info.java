/**
 * Ports, listeners, connections, TLS, limits, deadlines, the live table of sockets and the trace.
 *
 * <p>The kernel knows no protocol. A {@link org.portolan.kernel.Service} names its {@link
 * org.portolan.kernel.Door doors}; the {@link org.portolan.kernel.Kernel} opens them and gives
 * every peer that comes in a thread of its own, nearly always a virtual one, in which the service's
 * {@link org.portolan.kernel.Conversation} reads and writes through a {@link
 * org.portolan.kernel.Connection} in a straight line. Everything that can wait has a deadline, kept
 * by one {@link org.portolan.kernel.Watchdog} that never waits itself.
 *
 * <p>This is the only package that names sockets, threads of conversations, and TLS.
 */
@NullMarked
package org.portolan.kernel;

import org.jspecify.annotations.NullMarked;
