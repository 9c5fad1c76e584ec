package org.portolan.kernel;

/**
 * How much one address, of IPv6 one /64, may have of what it was let in to; 0 sets no limit.
 *
 * @param connections at the same time; datagrams have none
 * @param newPerMinute connections begun, or requests by datagram, within a minute
 * @param bytesPerSecond both ways together; a conversation is slowed down, requests by datagram are
 *     dropped
 */
public record Allowance(int connections, int newPerMinute, long bytesPerSecond) {
    public static final Allowance UNLIMITED = new Allowance(0, 0, 0);
}
