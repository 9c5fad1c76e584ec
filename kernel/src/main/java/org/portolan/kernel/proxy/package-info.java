/**
 * What a proxy says at the beginning of a connection: for whom it speaks. The PROXY protocol,
 * versions 1 and 2, as HAProxy's document {@code proxy-protocol.txt} has them.
 *
 * <p>It is read where a rule of the firewall says that a proxy comes ({@code proxy smtp from
 * 10.0.0.5}), and nowhere else: a header is whatever its sender wants it to be. There it has to
 * come, in either version, and everything else ends the connection.
 *
 * <p>The client's address and port are taken from it. What it says besides (the address that was
 * called, whether the client spoke TLS with the proxy, names and certificates) is checked for its
 * form and then left alone. A proxy that speaks for itself ({@code UNKNOWN}, {@code LOCAL}), as
 * when it looks whether a service is there, stays who it is; so does one that speaks for a client
 * without an IP address ({@code AF_UNIX}). Datagrams have no such header here.
 *
 * <p>A header is at most 107 bytes long in version 1 and 4 KiB in version 2, and has to be there
 * within the time of a TLS handshake.
 */
@NullMarked
package org.portolan.kernel.proxy;

import org.jspecify.annotations.NullMarked;
