package org.portolan.mail;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the domain name system says. A call waits for the answer, no longer than some seconds, and
 * never throws: what could not be found out is an answer, too.
 *
 * <p>A name may end with a dot or not, and have letters of any script. One that cannot exist, with
 * an empty label or one of more than 63 bytes, is {@link Answer.NoSuchName}. Aliases (CNAME) are
 * followed.
 */
public interface Names {
    /**
     * A server that takes a domain's mail.
     *
     * @param preference the lowest is tried first
     * @param host its name without a last dot; empty if the domain takes no mail (RFC 7505)
     */
    record Exchanger(int preference, String host) {}

    /** How a look-up ended. */
    sealed interface Answer<T> {
        /** What was found; empty if nothing was, or nobody said. */
        default List<T> records() {
            return List.of();
        }

        /**
         * There is something.
         *
         * @param records at least one, in the order of the answer
         * @param canonical the name that has them, where aliases lead
         * @param ttl for how long they may be kept
         * @param secure whether a resolver that we may believe has checked signatures (DNSSEC)
         */
        record Found<T>(List<T> records, String canonical, Duration ttl, boolean secure)
                implements Answer<T> {}

        /** NXDOMAIN: neither this nor anything else is there. */
        record NoSuchName<T>(boolean secure) implements Answer<T> {}

        /** The name is there, and has none of these. */
        record NoRecord<T>(boolean secure) implements Answer<T> {}

        /**
         * Nobody answered, or nobody could say.
         *
         * @param why for an administrator
         */
        record TryAgain<T>(String why) implements Answer<T> {}
    }

    /** Who takes the mail of a domain (MX). */
    Answer<Exchanger> exchangers(String domain);

    /** The IPv4 addresses of a host (A). */
    Answer<InetAddress> ipv4(String host);

    /** The IPv6 addresses of a host (AAAA). */
    Answer<InetAddress> ipv6(String host);

    /** Texts (TXT): the strings of each record put together, a character for each byte. */
    Answer<String> texts(String name);

    /** The names of an address (PTR), without a last dot. */
    Answer<String> pointers(InetAddress address);

    /** Why nobody could say, if that is so. */
    static Optional<String> trouble(Answer<?> answer) {
        return answer instanceof Answer.TryAgain<?>(String why)
                ? Optional.of(why)
                : Optional.empty();
    }
}
