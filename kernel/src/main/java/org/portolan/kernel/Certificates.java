package org.portolan.kernel;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Where TLS finds a key; asked anew in every handshake, so that a new certificate counts at once.
 */
public interface Certificates {
    /** A key, decrypted, and its certificate chain, leaf first. */
    record Credential(PrivateKey key, List<X509Certificate> chain) {}

    /**
     * The credential for the name the client asked for (RFC 6066 §3), or the site's own when it
     * asked for none or for one that nobody here has.
     */
    Credential forHost(Optional<String> serverName);
}
