/**
 * Log-in mechanisms: token in, token out. Knows neither sockets nor protocols.
 *
 * <p>Speaks SASL (RFC 4422) PLAIN (RFC 4616), LOGIN (never standardised; Microsoft's and many mail
 * programs' first choice) and SCRAM-SHA-256 (RFC 5802, RFC 7677), also bound to a TLS 1.3 session
 * (-PLUS, RFC 9266). Does not speak: SCRAM-SHA-1, CRAM-MD5 and DIGEST-MD5 (they need the password
 * itself to be kept), app passwords by SCRAM (whose first answer
 * has to know which password will be proved), ANONYMOUS, EXTERNAL, GSSAPI.
 */
@NullMarked
package org.portolan.auth;

import org.jspecify.annotations.NullMarked;
