package org.portolan.mail.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.mail.imap.FetchItem.Plain;
import org.portolan.mail.imap.FetchItem.Text;
import org.portolan.wire.Refusal;

/** What lines are commands, and which. */
class CommandParserTest {
    private static ImapCommand parse(String text) throws Refusal {
        return CommandParser.parse("t " + text.replace("~", "\r\n"));
    }

    @Test
    void wordsQuotesAndLiteralsAreTheSameString() throws Refusal {
        assertThat(parse("login ada secret")).isEqualTo(new ImapCommand.Login("ada", "secret"));
        assertThat(parse("LOGIN \"a\\\"d\\\\a\" {6}~sec\"et"))
                .isEqualTo(new ImapCommand.Login("a\"d\\a", "sec\"et"));
        assertThat(parse("LOGIN {3+}~a a {0}~")).isEqualTo(new ImapCommand.Login("a a", ""));
    }

    @Test
    void setsAreKeptAsWritten() throws Refusal {
        ImapCommand.Copy copy = (ImapCommand.Copy) parse("UID COPY 5,3:1,*:7,* \"Some box\"");
        assertThat(copy.set()).hasToString("5,3:1,*:7,*");
        assertThat(copy.set().resolved(9)).containsExactly(1, 3, 5, 5, 7, 9);
        assertThat(copy.set().resolved(6)).containsExactly(1, 3, 5, 7);
        assertThat(copy.set().exceeds(4)).isTrue();
        assertThat(copy.set().exceeds(5)).isFalse();
        assertThat(parse("MOVE $ a"))
                .isEqualTo(new ImapCommand.Copy(false, true, SequenceSet.SAVED, "a"));
    }

    @Test
    void fetchHasItemsAndSections() throws Refusal {
        ImapCommand.Fetch fetch =
                (ImapCommand.Fetch)
                        parse(
                                "FETCH 1 (flags body.peek[1.2.header.fields (from \"to\")]<0.10>"
                                        + " RFC822 BINARY[3])");
        assertThat(fetch.items())
                .containsExactly(
                        Plain.FLAGS,
                        new FetchItem.Section(
                                "BODY[1.2.HEADER.FIELDS (from to)]",
                                List.of(1, 2),
                                Text.HEADER_FIELDS,
                                List.of("from", "to"),
                                0,
                                10,
                                true,
                                false),
                        new FetchItem.Section(
                                "RFC822", List.of(), Text.WHOLE, List.of(), -1, 0, false, false),
                        new FetchItem.Section(
                                "BINARY[3]",
                                List.of(3),
                                Text.WHOLE,
                                List.of(),
                                -1,
                                0,
                                false,
                                true));
        assertThat(((ImapCommand.Fetch) parse("FETCH 1 FULL")).items())
                .containsExactly(
                        Plain.FLAGS,
                        Plain.INTERNALDATE,
                        Plain.RFC822_SIZE,
                        Plain.ENVELOPE,
                        Plain.BODY);
        assertThat(((ImapCommand.Fetch) parse("UID FETCH 1:* ALL (CHANGEDSINCE 5 VANISHED)")))
                .matches(f -> f.vanished() && f.changedSince().equals(OptionalLong.of(5)));
    }

    @Test
    void searchIsATree() throws Refusal {
        ImapCommand.Search search =
                (ImapCommand.Search)
                        parse(
                                "UID SEARCH RETURN (MIN) CHARSET UTF-8"
                                        + " OR SEEN (NOT 1 ON 1-Feb-1994)");
        assertThat(search.wanted()).isEqualTo(Set.of("MIN"));
        assertThat(search.key())
                .isEqualTo(
                        new SearchKey.Or(
                                new SearchKey.Flag("\\Seen", true),
                                new SearchKey.And(
                                        List.of(
                                                new SearchKey.Not(
                                                        new SearchKey.Numbers(
                                                                new SequenceSet(
                                                                        new long[] {1, 1}, false))),
                                                new SearchKey.Day(
                                                        SearchKey.Which.RECEIVED,
                                                        SearchKey.Relation.ON,
                                                        LocalDate.of(1994, 2, 1))))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "FROB",
                "NOOP now",
                "LOGIN ada",
                "LOGIN ada \"x",
                "LOGIN ada {5}~abc",
                "FETCH 0 FLAGS",
                "FETCH 1:2:3 FLAGS",
                "FETCH 1 ()",
                "FETCH 1 NOTHING",
                "FETCH 1 BODY[HEADER.FIELDS ()]",
                "FETCH 1 BODY[MIME]",
                "FETCH 1 BODY[]<1.0>",
                "FETCH 1 FLAGS (VANISHED)",
                "STORE 1 FLAG (\\Seen)",
                "SEARCH",
                "SEARCH ()",
                "SEARCH ON 31-Feb-2020",
                "SEARCH RETURN (SOME) ALL",
                "SORT () UTF-8 ALL",
                "SORT (WEIGHT) UTF-8 ALL",
                "STATUS INBOX ()",
                "STATUS INBOX (WEIGHT)",
                "SELECT INBOX (QRESYNC (0 1))",
                "ID (\"a\")",
                "LIST \"\"",
                "CREATE a (USE)",
                "UID NOOP"
            })
    void theseAreNone(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(Refusal.class);
    }

    @Test
    void aMessageIsRecognisedBeforeItComes() throws Refusal {
        Optional<ImapCommand> append = CommandParser.messageFollows("t APPEND INBOX (\\Seen) {10}");
        assertThat(append)
                .contains(
                        new ImapCommand.Append(
                                "INBOX",
                                List.of(
                                        new ImapCommand.Incoming(
                                                List.of("\\Seen"),
                                                Optional.empty(),
                                                10,
                                                true,
                                                false))));
        assertThat(CommandParser.messageFollows("t APPEND {5}")).isEmpty();
        assertThat(CommandParser.messageFollows("t LOGIN {5}")).isEmpty();
        assertThat(CommandParser.messageFollows("t APPEND {5}\r\nINBOX {7+}")).isPresent();
        assertThat(CommandParser.messageFollows("t UID REPLACE 4 INBOX {7+}")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"a {5},5", "a {5+},5", "a ~{5},5", "a {},-1", "a {x},-1", "a 5},-1", "},-1"})
    void aLiteralIsAnnouncedAtTheEnd(String line, long size) {
        assertThat(CommandReader.literalAtEnd(line)).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({
        "*,a/b,true",
        "%,a/b,false",
        "a%b,a/b,false",
        "a*b,a/b,true",
        "%/%,a/b,true",
        "INBOX,INBOX,true",
        "*a*a*a*b,aaaaaaaaaaaaaaaaaaaaaaaaaaaa,false",
        "a,b,false",
        "*%,,true"
    })
    void patternsMatchLevels(String pattern, String name, boolean matches) {
        assertThat(new NamePattern(pattern).matches(name == null ? "" : name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "'~peter/mail/&U,BTFw-/&ZeVnLIqe-',~peter/mail/台北/日本語",
        "Tom &- Jerry,Tom & Jerry",
        "inbox,INBOX",
        "iNboX/x,INBOX/x"
    })
    void namesAreModifiedUtf7(String raw, String name) throws Refusal {
        assertThat(MailboxName.decoded(raw, false)).isEqualTo(name);
        assertThat(MailboxName.encoded(name, false))
                .isEqualTo(raw.replace("inbox", "INBOX").replace("iNboX", "INBOX"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"&", "&Jjo!", "&AEE-", "&U,BTFw-&ZeVnLIqe-", "a//b", "/a", "a/../b"})
    void theseAreNoNames(String raw) {
        assertThatThrownBy(() -> MailboxName.decoded(raw, false)).isInstanceOf(Refusal.class);
    }
}
