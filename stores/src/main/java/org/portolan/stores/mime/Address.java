package org.portolan.stores.mime;

import org.jspecify.annotations.Nullable;

/**
 * One address of a list as RFC 9051 §7.5.2 cuts it. The start of a group has no host and its name
 * as the mailbox; its end has neither.
 *
 * @param name the display name, or null
 * @param route the obsolete source route, {@code @a,@b}, or null
 * @param mailbox the local part, or the name of the group that begins, or null where it ends
 * @param host the domain, or null for either end of a group
 */
public record Address(
        @Nullable String name,
        @Nullable String route,
        @Nullable String mailbox,
        @Nullable String host) {}
