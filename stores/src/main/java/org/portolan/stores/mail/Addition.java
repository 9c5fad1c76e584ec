package org.portolan.stores.mail;

import java.time.Instant;
import java.util.List;

/**
 * A message that a client adds to a mailbox itself (RFC 9051 §6.3.12).
 *
 * @param system bits of {@link Flags}, without keywords
 * @param received the date it is to have, for INTERNALDATE
 */
public record Addition(Draft draft, long system, List<String> keywords, Instant received) {}
