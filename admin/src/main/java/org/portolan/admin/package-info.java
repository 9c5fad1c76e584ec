/**
 * The command line and the admin API: what an administrator can ask of a running site.
 *
 * <h2>The admin API</h2>
 *
 * A running server listens at the Unix-domain socket {@code admin.sock} in its data directory. Only
 * the user that the server runs as, and root, may speak there: the socket's permissions (0600) say
 * so, and the server asks the system who the peer is. There is no password.
 *
 * <p>One connection runs one verb. Both sides send JSON objects, one on each line, in UTF-8; a line
 * ends with CR LF and the peer's lines have at most {@value
 * org.portolan.admin.AdminService#LINE_BYTES} bytes. The peer begins with the request:
 *
 * <pre>
 *   {"run": ["account", "add", "ada"], "terminal": true, "columns": 120, "rows": 40,
 *    "folder": "/home/ada"}
 * </pre>
 *
 * <ul>
 *   <li>{@code run}: the words of the command line after {@code portolan}, without {@code --data}.
 *   <li>{@code terminal}: whether a person is there to be asked; false if left out.
 *   <li>{@code columns}: how wide that person's screen is; {@value
 *       org.portolan.admin.AdminRequest#USUAL_COLUMNS} if left out.
 *   <li>{@code rows}: how high it is; pages that are drawn again and again are cut to that. Not
 *       known if it is left out.
 *   <li>{@code folder}: where files lie that the words name without their whole path; if it is left
 *       out, they have to name the whole path.
 * </ul>
 *
 * The server answers with any number of these, and {@code exit} last:
 *
 * <pre>
 *   {"out": "text\n"}                    for standard output; goes on in the next out
 *   {"err": "text\n"}                    for standard error
 *   {"secret": "Password for ada: "}     to be answered by {"text": "..."}, typed without echo
 *   {"ask": "Remove ada? [y/N] "}        to be answered by {"text": "..."}
 *   {"bytes": 4096, "total": 900000}     4096 bytes follow at once, a part of a file of about
 *                                        900000
 *   {"pause": 2000}                      to be answered by {"text": ""} when so many
 *                                        milliseconds have passed, for more to be said;
 *                                        with columns and rows, if they may have changed
 *   {"exit": 0}                          the exit status: 0 done, 1 could not be done, 2 no such
 *                                        verb, or not how it is written
 * </pre>
 *
 * With {@code --password-stdin} a verb asks for the {@code secret} even if there is no terminal.
 * {@code certificate install} asks for one, too: the certificate, its chain and its key as text.
 * {@code events --follow} goes on until the peer sends any line or hangs up.
 * Whoever hangs up instead of answering has changed nothing. A request that is not understood gets
 * an {@code err} that says why, and exit 2. A line without {@code exit} before the server hangs up
 * means that the verb was interrupted; what it did by then is done.
 *
 * <p>By hand:
 *
 * <pre>
 *   printf '{"run":["status","--json"]}\r\n' | socat -t 5 - UNIX-CONNECT:portolan-data/admin.sock
 * </pre>
 *
 * <h2>The rooms</h2>
 *
 * {@link org.portolan.admin.Verbs} runs a command line inside the server for whoever is an {@link
 * org.portolan.admin.Operator}; {@link org.portolan.admin.AdminService} is the door to it, and
 * {@link org.portolan.admin.CommandLineClient} is what {@code ./portolan VERB} runs. What a verb
 * wants of the server itself is {@link org.portolan.admin.Site}.
 */
@NullMarked
package org.portolan.admin;

import org.jspecify.annotations.NullMarked;
