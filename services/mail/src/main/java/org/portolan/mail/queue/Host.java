package org.portolan.mail.queue;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * A server that may take a destination's mail.
 *
 * @param name as certificates say it
 * @param addresses in the order in which they are tried
 * @param secure whether nobody can have put another in its place: an administrator named it, or a
 *     signed answer did
 */
record Host(String name, List<InetSocketAddress> addresses, boolean secure) {}
