package org.portolan.testkit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.portolan.testkit.Step.Origin;
import org.portolan.testkit.TemplateReader.Unreadable;

/** Reads a dialogue file line by line and checks that it can be played. */
final class TranscriptReader {
    /** {@code C: text}, {@code S2> 30 0c}: who, which client, how, what. */
    private static final Pattern SPEECH =
            Pattern.compile("([CS])([0-9]*)([:<>-])(.*)", Pattern.DOTALL);

    private static final Pattern ACTION =
            Pattern.compile("(CONNECT|TLS|WAIT|HALF|CLOSE|RESET|EOF)([0-9]*)(?:[ \t]+(.*))?");

    private static final Map<String, BiFunction<Origin, Integer, Step>> ACTIONS =
            Map.of(
                    "TLS", Step.Tls::new,
                    "WAIT", Step.Wait::new,
                    "HALF", Step.Half::new,
                    "CLOSE", Step.Close::new,
                    "RESET", Step.Reset::new,
                    "EOF", Step.HangUp::new);

    private static final Pattern HINT = Pattern.compile("#[ \t]*(on|paces):[ \t]*(.*)");
    private static final Pattern HEAD = Pattern.compile("#[ \t]*(.*?)(?:[ \t]{3,}(\\S.*))?");
    private static final String SKIP = "…";
    private static final String SKIP_EXCEPT = "… but no ";

    private final String file;
    private final String[] lines;
    private final List<Step> steps = new ArrayList<>();
    private final Set<String> captured = new HashSet<>();
    private Optional<String> on = Optional.empty();
    private Set<Pace> paces = EnumSet.allOf(Pace.class);
    private Origin at = new Origin(1, "");

    TranscriptReader(String file, String text) {
        this.file = file;
        this.lines = text.split("\n", -1);
    }

    Transcript read() {
        for (int i = 0; i < lines.length; i++) {
            // A checkout with CRLF reads the same; a CR that is meant is written {CR}.
            String line =
                    lines[i].endsWith("\r")
                            ? lines[i].substring(0, lines[i].length() - 1)
                            : lines[i];
            at = new Origin(i + 1, line);
            if (i == 0 && !line.startsWith("#")) {
                throw problem("the first line must be '# title   RFC sections'");
            }
            try {
                line(line);
            } catch (Unreadable e) {
                throw problem(String.valueOf(e.getMessage()));
            }
        }
        if (steps.isEmpty()) {
            throw problem("nobody says anything");
        }
        new Order().check();
        Matcher head = HEAD.matcher(lines[0].strip());
        if (!head.matches() || head.group(1).isBlank()) {
            at = new Origin(1, lines[0]);
            throw problem("the head line has no title");
        }
        String sections = head.group(2);
        return new Transcript(
                file, head.group(1), sections == null ? "" : sections, on, paces, steps);
    }

    private TranscriptProblem problem(String what) {
        return new TranscriptProblem(
                file, at.line(), what + ": " + Spelling.shown(Spelling.bytesOf(at.text())));
    }

    private void line(String line) throws Unreadable {
        if (line.isBlank()) {
            return;
        }
        if (line.startsWith("#")) {
            comment(line);
            return;
        }
        Matcher speech = SPEECH.matcher(line);
        if (speech.matches()) {
            int client = client(group(speech, 2));
            String rest = group(speech, 4);
            // Exactly one space belongs to the language, further ones to the line itself.
            if (!rest.isEmpty() && !rest.startsWith(" ")) {
                throw new Unreadable("a space is missing after the mark");
            }
            String said = rest.isEmpty() ? rest : rest.substring(1);
            switch (group(speech, 1) + group(speech, 3)) {
                case "C:" -> send(client, TemplateReader.text(said).line(), false);
                case "C-" -> send(client, TemplateReader.text(said), false);
                case "C<" -> send(client, TemplateReader.hex(said), true);
                case "S:" -> answer(client, said);
                case "S>" -> bytes(client, TemplateReader.hex(said));
                default -> throw new Unreadable("not a mark; there are C: C- C< S: and S>");
            }
            return;
        }
        Matcher action = ACTION.matcher(line.stripTrailing());
        if (!action.matches()) {
            throw new Unreadable("neither a comment, nor C: or S:, nor an action");
        }
        action(group(action, 1), client(group(action, 2)), action.group(3));
    }

    private static String group(Matcher matcher, int group) {
        String text = matcher.group(group);
        return text == null ? "" : text;
    }

    private void comment(String line) throws Unreadable {
        Matcher hint = HINT.matcher(line.stripTrailing());
        if (!steps.isEmpty() || !hint.matches()) {
            return;
        }
        String value = group(hint, 2);
        if (group(hint, 1).equals("on")) {
            if (value.isEmpty()) {
                throw new Unreadable("names no door");
            }
            on = Optional.of(value);
            return;
        }
        paces = EnumSet.noneOf(Pace.class);
        for (String word : value.split(",", -1)) {
            paces.add(
                    Pace.of(word.strip())
                            .orElseThrow(() -> new Unreadable("paces are turn, once and bytes")));
        }
    }

    /** No number is client 1, the others are C2 to C99. */
    private static int client(String number) throws Unreadable {
        if (number.isEmpty()) {
            return 1;
        }
        if (number.length() > 2 || number.startsWith("0") || number.equals("1")) {
            throw new Unreadable("further clients are numbered 2 to 99");
        }
        return Integer.parseInt(number);
    }

    private void send(int client, Template bytes, boolean hex) throws Unreadable {
        if (!bytes.definite()) {
            throw new Unreadable(
                    "a client cannot say what is left open ({any}, {number}, {=name})");
        }
        known(bytes);
        steps.add(new Step.Send(at, client, bytes, hex));
    }

    private void answer(int client, String said) throws Unreadable {
        if (said.strip().equals(SKIP)) {
            steps.add(new Step.Skip(at, client, Optional.empty()));
        } else if (said.startsWith(SKIP_EXCEPT)) {
            Template except = TemplateReader.text(said.substring(SKIP_EXCEPT.length()));
            if (!except.captures().isEmpty()) {
                throw new Unreadable("what must not come cannot be captured");
            }
            known(except);
            steps.add(new Step.Skip(at, client, Optional.of(except)));
        } else {
            Template pattern = TemplateReader.text(said);
            learn(pattern);
            steps.add(new Step.Line(at, client, pattern));
        }
    }

    private void bytes(int client, Template pattern) throws Unreadable {
        boolean open =
                !pattern.parts().isEmpty()
                        && pattern.parts().getLast() instanceof Template.Part.AnyRun;
        Template closed =
                open
                        ? new Template(pattern.parts().subList(0, pattern.parts().size() - 1))
                        : pattern;
        if (!closed.parts().isEmpty()) {
            learn(closed);
            steps.add(new Step.Bytes(at, client, closed));
        } else if (!open) {
            throw new Unreadable("awaits no bytes");
        }
        if (open) {
            steps.add(new Step.Rest(at, client));
        }
    }

    private void learn(Template pattern) throws Unreadable {
        known(pattern);
        long names =
                pattern.parts().stream()
                        .filter(
                                part ->
                                        part instanceof Template.Part.Capture
                                                || part instanceof Template.Part.CaptureBytes)
                        .count();
        if (names != pattern.captures().size()) {
            throw new Unreadable("captures the same name twice");
        }
        captured.addAll(pattern.captures());
    }

    private void known(Template template) throws Unreadable {
        for (String name : template.uses()) {
            if (!captured.contains(name)) {
                throw new Unreadable(
                        "{" + name + "} was not captured above; a literal brace is {0x7b}");
            }
        }
    }

    private void action(String word, int client, @Nullable String argument) throws Unreadable {
        if (word.equals("CONNECT")) {
            Optional<Template> door = Optional.empty();
            if (argument != null && !argument.isBlank()) {
                Template named = TemplateReader.text(argument.strip());
                if (!named.definite()) {
                    throw new Unreadable("a door is a name, a number or a capture");
                }
                known(named);
                door = Optional.of(named);
            }
            steps.add(new Step.Connect(at, client, door));
            return;
        }
        if (argument != null) {
            throw new Unreadable(word + " takes nothing after it");
        }
        BiFunction<Origin, Integer, Step> action = ACTIONS.get(word);
        if (action == null) {
            throw new Unreadable("no such action");
        }
        steps.add(action.apply(at, client));
    }

    /** What each client's steps must obey among themselves. */
    private final class Order {
        private enum State {
            FRESH,
            OPEN,
            HALF,
            GONE
        }

        private final Map<Integer, State> states = new HashMap<>();
        private final Set<Integer> secured = new HashSet<>();
        private final Map<Integer, Step> before = new HashMap<>();

        void check() {
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                at = step.at();
                State state = states.getOrDefault(step.client(), State.FRESH);
                if (step instanceof Step.Connect) {
                    if (state == State.OPEN || state == State.HALF) {
                        throw problem("the client is still connected; CLOSE comes first");
                    }
                    secured.remove(step.client());
                } else if (state == State.GONE) {
                    throw problem("the connection is gone; CONNECT comes first");
                }
                step(step, state);
                skipping(step, i);
                states.put(step.client(), after(step, state));
                before.put(step.client(), step);
            }
        }

        private void step(Step step, State state) {
            if (state == State.HALF && (step instanceof Step.Send || step instanceof Step.Half)) {
                throw problem("the client said after HALF that it would say no more");
            }
            if (step instanceof Step.Tls && !secured.add(step.client())) {
                throw problem("the connection has TLS already");
            }
        }

        /** A run of lines to pass over must have an end that can be recognised. */
        private void skipping(Step step, int index) {
            Optional<Step> next = next(steps, index);
            if (step instanceof Step.Rest && next.isPresent() && isText(next.get())) {
                throw problem("{any…} at the end of a line must be followed by EOF");
            }
            if (step instanceof Step.Skip) {
                boolean bounded =
                        next.isPresent()
                                && (next.get() instanceof Step.Line
                                        || next.get() instanceof Step.HangUp);
                if (!bounded && !(before.get(step.client()) instanceof Step.Line)) {
                    throw problem("S: … needs an S: line before or after it, or EOF after it");
                }
            }
        }

        /** Which tells that bytes come in a stream here; else they may be datagrams. */
        private static boolean isText(Step step) {
            return step instanceof Step.Line
                    || step instanceof Step.Skip
                    || (step instanceof Step.Send send && !send.hex());
        }

        private static State after(Step step, State before) {
            return switch (step) {
                case Step.HangUp _, Step.Close _, Step.Reset _ -> State.GONE;
                case Step.Half _ -> State.HALF;
                case Step.Connect _ -> State.OPEN;
                case Step.Send _, Step.Line _, Step.Bytes _, Step.Skip _, Step.Rest _ ->
                        before == State.FRESH ? State.OPEN : before;
                case Step.Tls _, Step.Wait _ -> before == State.FRESH ? State.OPEN : before;
            };
        }
    }

    /** The next step of the same client. */
    static Optional<Step> next(List<Step> steps, int index) {
        int client = steps.get(index).client();
        return steps.subList(index + 1, steps.size()).stream()
                .filter(step -> step.client() == client)
                .findFirst();
    }
}
