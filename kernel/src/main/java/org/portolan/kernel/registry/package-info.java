/**
 * What is known about ports: which service people mean by a number, whether it can be read on the
 * way, and what to use instead.
 *
 * <p>The facts are rows of {@code ports.tsv} beside this package, which the project wrote itself;
 * its head explains the columns. TCP and UDP are lanes of their own: 443/tcp and 443/udp are two
 * entries. A name is IANA's where IANA has registered the port, and the names that people use
 * (rdp, smb, dns) lead to it as well. Where others than those registered have made themselves at
 * home (Grafana at 3000), the title tells of them.
 *
 * <p>It knows no socket and no store: who serves what is the kernel's matter, who may come in the
 * firewall's. Both, and the verb {@code ports}, look names and numbers up here.
 */
@NullMarked
package org.portolan.kernel.registry;

import org.jspecify.annotations.NullMarked;
