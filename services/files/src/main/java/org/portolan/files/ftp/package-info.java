/**
 * FTP and FTPS: the site's files for the clients that people, scanners and cameras have had for
 * forty years.
 *
 * <h2>What it speaks</h2>
 *
 * <ul>
 *   <li>RFC 959 with RFC 1123 §4.1; the names of RFC 775 (XPWD and its kin)
 *   <li>RFC 2228 and 4217: AUTH TLS, PBSZ, PROT; TLS at once on port 990
 *   <li>RFC 2389 FEAT and OPTS; RFC 2428 EPRT, EPSV and EPSV ALL; RFC 2640 names in UTF-8
 *   <li>RFC 3659 SIZE, MDTM, REST, MLST and MLSD; MFMT and AVBL of drafts; RFC 7151 HOST
 *   <li>HASH with SHA-256; SITE CHMOD and SITE UTIME; MDTM with a time before the name sets it
 *   <li>RFC 1635 anonymous, where the settings switch it on
 * </ul>
 *
 * <h2>What it does not do</h2>
 *
 * <ul>
 *   <li>TYPE E, TYPE L other than 8, STRU R and P, MODE B and C, SMNT: nobody has used them since.
 *   <li>No CCC: a conversation that is in TLS stays there. No Kerberos (AUTH GSSAPI).
 *   <li>No data to or from anybody but the client itself: no server-to-server transfers (RFC 2577).
 *   <li>SIZE and REST in TYPE A: the one would read the whole file, the other would lie.
 *   <li>A file whose name has control characters is not listed: no line could hold it.
 *   <li>Patterns ({@code *}, {@code ?}) in the last name of LIST and NLST only; no LIST -R.
 *   <li>A broken upload leaves nothing unless {@code [files] uploads} says so; then it is resumed.
 * </ul>
 *
 * <h2>The states of a conversation (RFC 959 §5)</h2>
 *
 * <pre>
 *  Stranger --USER, PASS--> Visitor --REIN--> Stranger
 *      `------- QUIT -------> Over <- QUIT -----'
 * </pre>
 *
 * <p>A {@code Transfer} runs in a thread of its own. Meanwhile the conversation reads on: ABOR ends
 * the transfer, STAT tells of it, anything else waits for its end, so that answers come in the
 * order of the commands. A conversation that vanishes takes its transfer with it. 226 for an upload
 * is said when the file and its name are on disk.
 *
 * <h2>Data connections</h2>
 *
 * <p>Taken from the conversation's own peer alone, one for each PASV or EPSV, within 30 seconds; in
 * TLS they have to resume the conversation's session ({@code tls_resumption}), as FileZilla and
 * vsftpd want it. An upload in TLS may end with the connection, as lftp's often do, or has to end
 * with TLS's closing word ({@code tls_closure}).
 *
 * <h2>Limits</h2>
 *
 * <p>Lines of 4,352 bytes, five minutes for a peer that is silent and has no transfer, a day for a
 * conversation, three failed log-ins and twenty refused commands. 64 KiB of an upload have to come
 * within two minutes, and a write has to be taken within one.
 */
@NullMarked
package org.portolan.files.ftp;

import org.jspecify.annotations.NullMarked;
