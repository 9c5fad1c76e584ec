package org.portolan.stores.mail;

/**
 * What an account keeps, and how much it may (RFC 9208).
 *
 * @param mostMessages 0 if there is no limit
 * @param mostBytes 0 if there is no limit
 */
public record Quota(long messages, long bytes, long mostMessages, long mostBytes) {}
