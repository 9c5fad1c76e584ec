/**
 * The console: one command language for whoever comes by SSH or Telnet, and later from a page.
 *
 * <p>It knows no verbs. It declares what it needs of them ({@code Verbs}) and what they need of it
 * ({@code Person}); the server binds the command line's. Who sits there is a {@code Seat}: an
 * account, what is typed, what is seen, and perhaps the window of a terminal.
 *
 * <p>With a window, lines are edited (JLine), remembered for the conversation and completed; long
 * answers come a window at a time; pages that are drawn again end with {@code q} or Ctrl-C. Without
 * one, a program is at the other end: lines in, answers out, exit status; what goes on ends when
 * the program is gone, not with its input. Ctrl-C throws away the line, or ends a verb where it
 * next says something, with the status of 130 that shells give it; {@code exit} or Ctrl-D leaves.
 *
 * <p>A line is words, parted by blanks and kept together by quotes. There are no variables,
 * patterns, pipes, jobs, or other programs, and nothing leads to a shell of the host. What kind of
 * terminal a peer claims to have only chooses one of four that are known.
 */
@NullMarked
package org.portolan.shell.console;

import org.jspecify.annotations.NullMarked;
