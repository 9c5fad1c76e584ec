/**
 * Telnet, port 23: the site's console for this host's own terminals, and for old devices where it
 * is allowed.
 *
 * <p><b>What it speaks.</b> RFC 854 and 855 with ECHO (857), SUPPRESS-GO-AHEAD (858), BINARY (856),
 * TERMINAL-TYPE (1091), NAWS (1073) and CHARSET (2066). Options are agreed on by the rules of RFC
 * 1143: something is said only when something changes, so that no two ends answer each other for
 * ever.
 *
 * <p><b>Log-ins.</b> Everybody on the way reads the password, so peers beyond this host are told to
 * use SSH, unless {@code anywhere} is set. Three failures end the conversation; the guard is that
 * of all services. What a peer says about itself (NEW-ENVIRON, X-DISPLAY) is not asked for, and
 * refused when offered: nobody is logged in by a variable.
 *
 * <p><b>Limits.</b> A minute for each part of the log-in; {@code idle} afterwards; 1024 bytes about
 * an option, which end the conversation where they have no end; 500 negotiations; 16 KiB typed
 * ahead.
 *
 * <p><b>What it does not do.</b> Character sets other than UTF-8, ISO-8859-1 and US-ASCII, or
 * tables for them; LINEMODE, ENCRYPT, START-TLS, urgent data.
 */
@NullMarked
package org.portolan.shell.telnet;

import org.jspecify.annotations.NullMarked;
