package org.portolan.kernel;

/**
 * What a handshake agreed on.
 *
 * @param version for example {@code TLSv1.3}
 * @param cipher the suite's standard name
 */
public record TlsState(String version, String cipher) {}
