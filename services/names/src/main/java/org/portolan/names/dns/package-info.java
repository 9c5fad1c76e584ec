/**
 * DNS: the site's zones are answered for, with authority and for nobody else's.
 *
 * <h2>What it speaks</h2>
 *
 * <ul>
 *   <li>RFC 1034, RFC 1035 by UDP and TCP, as RFC 2181 clarifies them: names with wildcards (RFC
 *       4592) and empty ones between, delegations with their glue (RFC 9471), CNAME and DNAME
 *       (RFC 6672) followed through all zones of the site, what is not there with its SOA (RFC
 *       2308). The letters of a question come back as they were asked
 *   <li>any type of record; those of RFC 1035 with names compressed, all others byte for byte (RFC
 *       3597). Addresses are added for NS, MX, SRV, SVCB and HTTPS (RFC 9460), as long as there is
 *       room
 *   <li>EDNS (RFC 6891): answers of up to {@code udp_size} bytes by UDP, truncated beyond
 *   <li>TCP with any number of questions at once, each answered when it is ready (RFC 7766)
 *   <li>cookies (RFC 7873) in the form that all servers share (RFC 9018)
 *   <li>AXFR (RFC 5936) to the networks of {@code transfer_to}, IXFR answered with the whole zone
 *       (RFC 1995); NOTIFY to the servers of {@code notify} (RFC 1996), at the start and after each
 *       change, five times with waits that double
 * </ul>
 *
 * <h2>What it does not do</h2>
 *
 * <ul>
 *   <li>No recursion and no cache: what is in no zone of the site is REFUSED.
 *   <li>No DNSSEC: a signed zone's records are kept, but not put into answers unasked; DO is
 *       repeated and changes nothing. No TSIG: a signed request is answered unsigned. No UPDATE
 *       (NOTIMP). No zone is fetched from elsewhere: a NOTIFY to us is REFUSED.
 *   <li>No DNS over TLS, HTTPS or QUIC, no client subnet, no NSID, no padding; unknown options are
 *       passed over.
 *   <li>ANY gets one set of records (RFC 8482), MAILA and MAILB what any unknown type gets.
 *   <li>An answer holds no NS of the zone beside the records that were asked for: nobody needs
 *       them, and they make it longer.
 * </ul>
 *
 * <h2>What is said, and when</h2>
 *
 * <pre>
 *  silence    shorter than a head; an answer instead of a question; from port 0
 *  FORMERR    counts or lengths that do not agree with the bytes, a name that is compressed or
 *             longer than 255 bytes in the question, two OPT records or a broken one, more than one
 *             question (RFC 9619), none without a cookie, records where a question has none
 *  NOTIMP     an operation other than QUERY and NOTIFY; AXFR by UDP
 *  BADVERS    EDNS of another version than 0
 *  BADCOOKIE  no cookie of ours where {@code cookies_required}; without any cookie: truncated
 *  REFUSED    another zone, another class than IN, CHAOS unless set, a transfer to others
 *  NOTAUTH    a transfer of what is not the name of a zone
 *  YXDOMAIN   a DNAME makes the name longer than 255 bytes
 * </pre>
 *
 * <p>A CNAME that leads out of the zones ends the answer; so does the seventeenth, and one that
 * leads back. At a delegation only DS is answered with authority (RFC 4035 §3.1.4.1); what else
 * stands there or below is glue or not seen, and so is what stands below a DNAME.
 *
 * <h2>Limits</h2>
 *
 * <p>Datagrams of 4096 bytes at the most, either way. Requests by TCP of 4096 bytes: a longer one
 * ends the conversation, as ten seconds of silence do. Four transfers at once in one conversation;
 * each is sent from the zone as it was at its beginning, in messages of 16 KiB.
 *
 * <p>Whoever forges the sender of questions would have us flood a third party. So UDP answers of
 * one kind to one network (/24, or /56) are limited to {@code rate_limit} a second: one kind is a
 * name that exists, all names of one wildcard, all that is missing in one zone, or a fault. One of
 * {@code slip} withheld answers is sent truncated, so that a resolver that really asks comes by
 * TCP. Not limited are TCP, who shows a cookie of ours, and the networks of {@code
 * rate_limit_exempt}: loopback at first, which benchmarks on one machine should know.
 *
 * <h2>How it is fast</h2>
 *
 * <p>{@code Responder} turns bytes into bytes without a socket, a lock or garbage; each receiver
 * has its own. Records lie in the zone as they stand in an answer ({@code
 * org.portolan.stores.zones.Zone}), so most answers are two copies. A zone never changes: a reload
 * puts another in its place, and who is answering meanwhile still has the old one.
 */
@NullMarked
package org.portolan.names.dns;

import org.jspecify.annotations.NullMarked;
