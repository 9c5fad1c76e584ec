/**
 * Portolan and its peers side by side on one machine: the same load, in turn, several rounds.
 *
 * <p>{@code bench/run} starts {@link Bench}. A {@link Contender} is one server, or two that work
 * together; the programs in {@code bench/servers} know how to prepare and run each. {@link Rounds}
 * alternates between contenders; {@link Meter} reads what a whole process tree costs. The load is
 * Postfix's own smtp-source for SMTP, {@link Pop3Client} for POP3, dnsperf for DNS with a {@link
 * ZoneText}, {@link NtpLoad} for NTP, the same for everybody.
 */
@NullMarked
package org.portolan.bench;

import org.jspecify.annotations.NullMarked;
