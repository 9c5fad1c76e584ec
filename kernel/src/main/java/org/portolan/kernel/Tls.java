package org.portolan.kernel;

/** When a door speaks TLS. */
public enum Tls {
    /** Clear text for the whole conversation. */
    NEVER,
    /** Clear text first; the peer may ask to upgrade (STARTTLS, STLS). */
    UPGRADE,
    /** TLS from the first byte (RFC 8314 calls it implicit). */
    AT_ONCE,
    /** Never: the protocol encrypts by itself, as SSH does. */
    OWN
}
