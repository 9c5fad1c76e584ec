package org.portolan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlayerTest {
    /** Every line that any client sent. */
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    private ScriptedServer server;

    @BeforeEach
    void serve() throws IOException {
        server = new ScriptedServer(this::mail);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** As much of a mail server as the dialogues below need. */
    private void mail(ScriptedServer.Peer peer) throws IOException {
        peer.say("220 here ESMTP");
        int ticket = 4711;
        while (true) {
            String line = peer.line();
            heard.add(line);
            switch (line.split(" ", 2)[0]) {
                case "EHLO" -> peer.say("250-here", "250-PIPELINING", "250-SIZE 1000", "250 HELP");
                case "TICKET" -> peer.say("250 ticket " + ticket);
                case "CHECK" -> peer.say(line.equals("CHECK " + ticket) ? "250 ok" : "550 no");
                case "ECHO" -> peer.say(line.substring(5));
                case "DATA" -> {
                    peer.say("354 go on");
                    int lines = 0;
                    while (!peer.line().equals(".")) {
                        lines++;
                    }
                    peer.say("250 took " + lines + " lines");
                }
                case "LIST" -> peer.say("+OK", "1 120", "2 240", ".");
                case "QUIT" -> {
                    peer.say("221 bye");
                    return;
                }
                case "" -> {
                    return;
                }
                default -> peer.say("500 what is " + line);
            }
        }
    }

    private void play(Pace pace, String dialogue) {
        Player.against(server.address()).play(Transcript.parse("test.txt", dialogue), pace);
    }

    @ParameterizedTest
    @EnumSource
    void aWholeDialogueIsPlayed(Pace pace) {
        play(
                pace,
                """
                # 01 A whole dialogue.   RFC 5321 §3.3
                S: 220 {any} ESMTP
                C: EHLO client.example
                S: 250-{any}
                S: …
                C: TICKET
                S: 250 ticket {=ticket}
                C: CHECK {ticket}
                S: 250 ok
                C: ECHO {base64:\\0ada\\0secret} {0x41}{repeat:-:3}{310}
                S: AGFkYQBzZWNyZXQ= A---{310}
                C: ECHO grüße
                S: grüße
                C: DATA
                S: 354 {any}
                C: Subject: hello
                C:
                C: {repeat:x:5000}
                C: .
                S: 250 took {number} lines
                C: LIST
                S: +OK{any}
                S: …
                S: 2 240
                S: .
                C: QUIT
                S: 221 bye
                EOF
                """);

        assertThat(heard).containsSequence("EHLO client.example", "TICKET", "CHECK 4711");
    }

    @ParameterizedTest
    @EnumSource
    void aWrongAnswerNamesLineAndDialogue(Pace pace) {
        assertThatThrownBy(
                        () ->
                                play(
                                        pace,
                                        """
                                        # 02 Not what this server says.
                                        S: 220 {any}
                                        C: TICKET
                                        S: 250 ticket 12
                                        C: QUIT
                                        S: 221 bye
                                        """))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("test.txt:4 at the pace " + pace.title())
                .hasMessageContaining("expected  S: 250 ticket 12")
                .hasMessageContaining("received  S: 250 ticket 4711")
                .hasMessageContaining("\n  S: 220 here ESMTP")
                .hasMessageContaining("\n  C: TICKET");
    }
}
