package org.portolan.stores;

/**
 * Somebody who can log in and has a mailbox.
 *
 * @param id never reused, not even after the account was removed
 * @param name in lower case; with an {@code @} it belongs to that one domain
 */
public record Account(long id, String name) {}
