package org.portolan.shell.telnet;

import static org.portolan.shell.telnet.TelnetCodec.DO;
import static org.portolan.shell.telnet.TelnetCodec.DONT;
import static org.portolan.shell.telnet.TelnetCodec.WILL;
import static org.portolan.shell.telnet.TelnetCodec.WONT;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which options are in use, on either side, by the rules of RFC 1143: an answer is given only when
 * something changes, so that two ends can never answer each other for ever.
 */
final class TelnetOptions {
    static final int BINARY = 0; // RFC 856
    static final int ECHO = 1; // RFC 857
    static final int SUPPRESS_GO_AHEAD = 3; // RFC 858
    static final int TERMINAL_TYPE = 24; // RFC 1091
    static final int WINDOW_SIZE = 31; // RFC 1073
    static final int CHARSET = 42; // RFC 2066

    private static final Set<Integer> OURS = Set.of(BINARY, ECHO, SUPPRESS_GO_AHEAD, CHARSET);
    private static final Set<Integer> THEIRS =
            Set.of(BINARY, SUPPRESS_GO_AHEAD, TERMINAL_TYPE, WINDOW_SIZE, CHARSET);

    private enum State {
        NO,
        YES,
        WANT_NO,
        WANT_YES
    }

    /** What is to be sent. */
    record Answer(int verb, int option) {}

    private final Map<Integer, State> ours = new HashMap<>();
    private final Map<Integer, State> theirs = new HashMap<>();

    /** That we ask to use an option, or that they do. */
    Answer wanted(boolean byUs, int option) {
        (byUs ? ours : theirs).put(option, State.WANT_YES);
        return new Answer(byUs ? WILL : DO, option);
    }

    /** What to answer, if anything. */
    Optional<Answer> answer(int verb, int option) {
        return switch (verb) {
            case WILL -> offered(theirs, THEIRS, option, DO, DONT);
            case DO -> offered(ours, OURS, option, WILL, WONT);
            case WONT -> declined(theirs, option, DONT);
            case DONT -> declined(ours, option, WONT);
            default -> Optional.empty();
        };
    }

    private static Optional<Answer> offered(
            Map<Integer, State> side, Set<Integer> welcome, int option, int yes, int no) {
        return switch (side.getOrDefault(option, State.NO)) {
            case NO -> {
                boolean agreed = welcome.contains(option);
                if (agreed) {
                    side.put(option, State.YES);
                }
                yield Optional.of(new Answer(agreed ? yes : no, option));
            }
            case YES -> Optional.empty();
            case WANT_NO -> {
                side.remove(option);
                yield Optional.empty();
            }
            case WANT_YES -> {
                side.put(option, State.YES);
                yield Optional.empty();
            }
        };
    }

    private static Optional<Answer> declined(Map<Integer, State> side, int option, int no) {
        State before = side.getOrDefault(option, State.NO);
        side.remove(option);
        return before == State.YES ? Optional.of(new Answer(no, option)) : Optional.empty();
    }
}
