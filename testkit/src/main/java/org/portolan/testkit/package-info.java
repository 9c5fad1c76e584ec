/**
 * Dialogues that are played as tests, clients that do odd things, and a clock that stands still.
 * This page is the manual of the transcript language.
 *
 * <h2>An example</h2>
 *
 * <pre>{@code
 * # 07 What one client delivers the other finds.   RFC 5321 §3.3, RFC 1939 §5
 * # on: submission
 *
 * S: 220 {any} ESMTP
 * C: EHLO client.example
 * S: 250-{any}
 * S: …
 * C: STARTTLS
 * S: 220 {any}
 * TLS
 * C: EHLO client.example
 * S: … but no 250{any}STARTTLS
 * S: 250 {any}
 * C: AUTH PLAIN {base64:\0ada\0secret}
 * S: 235 {any}
 * C: DATA
 * S: 354 {any}
 * C: Subject: {repeat:long:200}
 * C:
 * C: A body.
 * C: .
 * S: 250 {any} queued as {=ticket}
 *
 * CONNECT2 pop3
 * S2: +OK {any}
 * C2: FIND {ticket}
 * S2: +OK {number} octets
 * S2: …
 * S2: .
 * CLOSE2
 *
 * C: QUIT
 * S: 221 {any}
 * EOF
 * }</pre>
 *
 * <h2>The file</h2>
 *
 * <p>A file is UTF-8 and its name ends in {@code .txt}. The first line is {@code # title}, and
 * after three spaces or more what the dialogue obeys: {@code # 07 A title. RFC 5321 §3.3}. Lines
 * that begin with {@code #} and empty lines mean nothing, except two hints that may stand before
 * the first step:
 *
 * <ul>
 *   <li>{@code # on: submission} names the door at which clients connect that name none;
 *   <li>{@code # paces: turn, bytes} leaves out paces at which the dialogue would not be true, of
 *       {@code turn}, {@code once} and {@code bytes}.
 * </ul>
 *
 * <h2>What is said</h2>
 *
 * <table>
 * <caption>Lines that begin with C or S. A client other than the first has its number, 2 to 99,
 * after the letter: {@code C2:}, {@code S2>}.</caption>
 * <tr><td>{@code C: text}</td><td>the client sends the text and a CRLF</td></tr>
 * <tr><td>{@code C- text}</td><td>the client sends the text and no CRLF</td></tr>
 * <tr><td>{@code C< 30 0c}</td><td>the client sends these bytes</td></tr>
 * <tr><td>{@code S: text}</td><td>the server's next line, which ends with CRLF, is this</td></tr>
 * <tr><td>{@code S> 30 0c}</td><td>the server's next bytes are these</td></tr>
 * <tr><td>{@code S: …}</td><td>lines that are passed over: up to the one that matches the next S:
 * line; before an EOF, all that still come; else up to the end of the reply with a three-digit
 * code that the S: line above began</td></tr>
 * <tr><td>{@code S: … but no text}</td><td>the same, and none of those lines is this</td></tr>
 * </table>
 *
 * <p>One space after the mark belongs to the language; more belong to the line. A client connects
 * at its first step, unless CONNECT did it.
 *
 * <h2>Placeholders</h2>
 *
 * <table>
 * <caption>In texts</caption>
 * <tr><td>{@code {any}}</td><td>S: any run of bytes, also none</td></tr>
 * <tr><td>{@code {number}}</td><td>S: one or more digits</td></tr>
 * <tr><td>{@code {=name}}</td><td>S: the shortest run of at least one byte with which the line
 * matches; it is kept under the name (letters and digits, a letter first)</td></tr>
 * <tr><td>{@code {name}}</td><td>what was kept, in S: and C: lines below</td></tr>
 * <tr><td>{@code {repeat:text:5000}}</td><td>the text so many times</td></tr>
 * <tr><td>{@code {base64:text}}</td><td>the text in Base64; in it {@code \0} is a NUL</td></tr>
 * <tr><td>{@code {CR}}, {@code {LF}}</td><td>these bytes; {@code S:} lines end at CRLF
 * only</td></tr>
 * <tr><td>{@code {0x00ff}}</td><td>these bytes; {@code {0x7b}} is an opening brace</td></tr>
 * </table>
 *
 * <p>All else is literal, also a brace before anything but a letter, {@code =} or {@code 0x}, so
 * that IMAP's {@code {310}} stands as it is. The texts of {@code repeat} and {@code base64} may
 * hold placeholders other than those marked S.
 *
 * <table>
 * <caption>In hex, where pairs of digits, "texts" and a # comment at the end stand as
 * well</caption>
 * <tr><td>{@code {any}}, {@code {any:4}}</td><td>S> one byte, or so many, of any value</td></tr>
 * <tr><td>{@code {any…}}</td><td>S> the shortest run, also none, with which the line matches; at
 * the end of a line, before EOF, all that comes</td></tr>
 * <tr><td>{@code {=name:4}}</td><td>S> so many bytes, kept under the name</td></tr>
 * <tr><td>{@code {name}}</td><td>what was kept</td></tr>
 * <tr><td>{@code {repeat:30 0c:100}}</td><td>these bytes so many times</td></tr>
 * </table>
 *
 * <pre>{@code
 * # 12 A packet comes back under its number, then the server takes its leave.
 * S> "HELLO" 0d 0a {=id:4}   # text and bytes mix
 * C< 00 00 00 06 {id} "hi"
 * S> 00 00 00 {any} {id} {any…} 00
 * HALF
 * S> {any…}
 * EOF
 * }</pre>
 *
 * <h2>Actions</h2>
 *
 * <table>
 * <caption>A client other than the first is named by its number: {@code TLS2}</caption>
 * <tr><td>{@code CONNECT}, {@code CONNECT pop3}</td><td>a connection to the first door, or to
 * another: a name that the player knows, a port number, or a capture; also after the last one
 * ended</td></tr>
 * <tr><td>{@code TLS}</td><td>both sides change to TLS; the server may have said no more
 * before</td></tr>
 * <tr><td>{@code WAIT}</td><td>what follows must not be sent before all answers above were
 * read</td></tr>
 * <tr><td>{@code HALF}</td><td>the client ends its side, and reads on</td></tr>
 * <tr><td>{@code CLOSE}</td><td>the client hangs up</td></tr>
 * <tr><td>{@code RESET}</td><td>the client is gone with a TCP reset</td></tr>
 * <tr><td>{@code EOF}</td><td>the server hangs up, by an end or a reset, without another
 * byte</td></tr>
 * </table>
 *
 * <h2>Datagrams</h2>
 *
 * <p>At a door that the player knows as one for datagrams each {@code C<} line is one datagram and
 * each {@code S>} line is the next one that comes, from its first byte to its last; {@code {any…}}
 * at the end of a line is then the rest of that datagram. There are no other lines, and of the
 * actions CONNECT, WAIT and CLOSE. A client has one socket until its CLOSE, so all it says comes
 * from one port.
 *
 * <p>That a request gets no answer is said by what comes next: the next {@code S>} line is the
 * answer to a later one.
 *
 * <pre>{@code
 * # 05 Who asks for nothing gets nothing, and others are answered.
 * # on: echo
 * C< 00 "ignore"
 * C< 01 "answer"
 * S> 01 {=stamp:2} {any…}
 * C< 02 {stamp}
 * S> 02 {stamp}
 * }</pre>
 *
 * <p>All at once, the datagrams leave one after the other before an answer is read; byte by byte,
 * they are whole even so.
 *
 * <h2>Paces</h2>
 *
 * <p>A dialogue is true at every pace, or says at which ones. <em>Turn by turn</em> and <em>byte by
 * byte</em>, a step is done when the one above it is. <em>All at once</em>, what a client says is
 * gathered and goes out in one write before the next step that depends on an answer: TLS, WAIT,
 * CLOSE, RESET, CONNECT, a line that uses a capture not read yet, a step of another client, and the
 * end. EOF and HALF are gathered like lines. While it goes out, the answers are read.
 *
 * <p>A server that waits for silence before it speaks, or that answers differently when a client
 * does not wait for its turn, needs a WAIT at that place.
 *
 * <h2>Failures</h2>
 *
 * <p>A file that does not obey this page is a {@link org.portolan.testkit.TranscriptProblem}, a
 * server that does not obey the file a {@link org.portolan.testkit.Mismatch}; both name file and
 * line. What came is shown in this language, so that it can be pasted. Bytes or datagrams that came
 * after the last answer awaited are a mismatch too, if they are there when the client hangs up.
 */
@NullMarked
package org.portolan.testkit;

import org.jspecify.annotations.NullMarked;
