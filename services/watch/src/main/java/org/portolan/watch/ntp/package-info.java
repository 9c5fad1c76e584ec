/**
 * NTP: the host's clock for the site, and how good it is.
 *
 * <h2>What it speaks</h2>
 *
 * <ul>
 *   <li>RFC 5905, the server: a client's request of version 1 to 4 gets the time in its own
 *       version; RFC 4330 clients among them, and those of RFC 1059, which has no modes, by their
 *       port
 *   <li>KoD RATE (RFC 5905 §7.4) to who asks too often
 *   <li>RFC 5905, the client, toward {@code upstreams}: clock filter, selection by majority, root
 *       distance, KoD; each question from another port (RFC 9109), with nothing in it but 64 random
 *       bits that the answer has to repeat
 *   <li>if it is told to ({@code steer}), the clock discipline: the system's own loop, as ntpd uses
 *       it
 * </ul>
 *
 * <h2>What it does not do</h2>
 *
 * <ul>
 *   <li>No symmetric and no broadcast associations, no interleaved mode, no pool directive: a name
 *       is one server, the first of its addresses.
 *   <li>No control messages (RFC 9327) and no private ones: modes 6 and 7 get nothing, so that
 *       there is nothing to reflect. {@code portolan time} says what ntpq would.
 *   <li>No authentication: neither keys (RFC 5905 §7.3, RFC 8573) nor NTS (RFC 8915). A request
 *       with a code gets the plain answer, which a client that insists on a code throws away. A
 *       crypto-NAK would say no more, and a forged one is an attack on those who believe it.
 *   <li>No reference clocks of its own, no hardware time stamps, no clustering of many upstreams
 *       (RFC 5905 §11.2.2): those who agree are weighted instead.
 *   <li>Nothing is learned across a restart: the frequency that the system keeps stays with it.
 * </ul>
 *
 * <h2>What is answered, and what not</h2>
 *
 * <pre>
 *  mode 3, versions 1 to 4; version 1 without mode, not from port 123    48 bytes, mode 4
 *  the same, once too often for its source                               RATE once, then nothing
 *  shorter than 48 bytes, or not a multiple of four                      nothing
 *  every other mode or version                                           nothing
 * </pre>
 *
 * <p>Answers are 48 bytes whatever was asked, and requests no shorter, so who forges an address
 * gains nothing. Answers are of mode 4, which is never answered: no loop can begin, also not with
 * ourselves. What follows the header is not read. The time that a client claims is repeated and not
 * judged: zero and 2036 are as good as now.
 *
 * <h2>What we say of the clock</h2>
 *
 * <p>A server must not sound better than it is, because clients choose by what it says. What there
 * is to say comes from three sides: the system ({@code adjtimex}) knows whether somebody keeps the
 * clock and how far off it may be, but not who, and not from which stratum; our own comparison with
 * the upstreams knows a stratum, a delay, and the offset itself; the administrator knows the rest.
 *
 * <pre>
 *  the system says      an upstream is believed      otherwise
 *  kept                 its stratum + 1, delay and   stratum 5, no delay, the system's
 *                       dispersion through it        bound as dispersion
 *  not kept             leap 3, stratum 0: not to be believed;  or local_stratum
 * </pre>
 *
 * <ul>
 *   <li><em>Not kept</em> means that the flag STA_UNSYNC is set: nobody has updated the clock, or
 *       so long ago that it may be off by 16 seconds. Then clients are told not to believe us, also
 *       if the upstreams agree with the clock just now: nobody will keep it so. {@code
 *       local_stratum} is for networks without any other time, where it matters more that all agree
 *       than that they are right; 10 is usual, so that any true server wins.
 *   <li><em>Kept by whom?</em> Usually by chronyd, ntpd or systemd-timesyncd. With upstreams (the
 *       same that they have, best of all) we compare the result and can vouch for it: the distance
 *       we announce is what we measured, with the clock's own offset in it, whoever keeps it.
 *   <li><em>Without upstreams</em> the stratum is a guess. Most hosts are 3 or 4; 5 is rarely
 *       better than the truth, and a stratum that is too high costs rank alone, one that is too low
 *       draws clients away from better servers. {@code stratum} says what you know. A stratum that
 *       stands still would keep a loop of servers alive that follow each other and nobody else,
 *       were it not for the dispersion: the system's bound holds what its source announced and
 *       grows by 500 ppm, so a loop's distance grows until nobody in it is believed.
 *   <li>The <em>root delay</em> is 0 without upstreams: the system's bound already holds half of
 *       it, and a client adds both halves up again. The <em>dispersion</em> grows by 15 ppm until
 *       the system is asked again, a second later.
 *   <li>The dispersion without upstreams is never less than 10 ms, because systemd-timesyncd tells
 *       the system that the clock cannot be wrong at all.
 *   <li>The <em>reference</em> is the upstream's address (of IPv6 the beginning of its MD5), or
 *       127.127.1.1, which is nobody's, so that no client takes us for its own follower.
 *   <li>The <em>leap second</em> is the system's, and if it has none, that of the upstream.
 *   <li>The <em>precision</em> is the shortest time between two readings of the clock.
 * </ul>
 *
 * <p>The receive timestamp is the system's own (SO_TIMESTAMPNS), taken when the packet came from
 * the network; the transmit timestamp is written last. It was measured what that is worth: chronyd
 * asked over loopback sixteen times a second, on a machine whose two cores were busy with other
 * things. With the system's time stamp the median of the round trip was 57 µs and the offsets
 * scattered by 0.1 ms (their standard deviation); with the time at which a batch was taken in it
 * was 150 µs and 1.6 ms.
 *
 * <h2>The comparison with upstreams</h2>
 *
 * <p>Six questions two seconds apart, then one for each {@code poll}, a little more or less. Only
 * the answer to the last question counts, only once, and only from its address. Who says RATE is
 * asked half as often, each time; who says DENY or RSTR is not asked again until the settings
 * change. After three silences old samples fade, after eight the name is looked up again. An event
 * (ALARM) says when the clock is off by more than {@code drift_alarm} and when nobody can be
 * believed; another (ALL_CLEAR) says when that is over.
 *
 * <p>With {@code steer} the offset of those who agree goes into the system's phase-locked loop,
 * which takes up half a second at the most; a clock that is further off is set, in the first three
 * updates, or at any time with {@code step}. It wants CAP_SYS_TIME, which {@code portolan serve}
 * drops together with root, and a host where nobody else steers.
 *
 * <h2>Limits</h2>
 *
 * <p>Requests of 1280 bytes. A source, which is an IPv4 address or an IPv6 /64, gets {@code
 * rate_limit} answers a second on average and {@code rate_burst} at once; a loopback address has no
 * limit. The table has 65,536 cells of eight bytes; a flood of invented sources makes it forget the
 * quietest, never answer less.
 *
 * <h2>Clients</h2>
 *
 * <p>Windows' time service asks as a symmetric peer, and so in vain, unless its server has the flag
 * 0x8. ntpdig, ntpdate, sntp and busybox ask port 123 alone, so they need {@code port_offset = 0};
 * chronyd takes a port. A clock that is not kept is refused by all of them, in words such as
 * "no eligible servers" and "server unsuitable": see {@code portolan time}.
 */
@NullMarked
package org.portolan.watch.ntp;

import org.jspecify.annotations.NullMarked;
