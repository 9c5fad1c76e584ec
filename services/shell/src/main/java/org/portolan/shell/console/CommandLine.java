package org.portolan.shell.console;

import java.util.ArrayList;
import java.util.List;
import org.portolan.wire.Refusal;

/**
 * A line as words: blanks part them, quotes and backslashes keep them together. Nothing in it means
 * more than itself: there are no variables, no patterns and no other programs.
 */
final class CommandLine {
    private static final int MOST_WORDS = 200;

    private CommandLine() {}

    /**
     * The words of {@code line}.
     *
     * @throws Refusal if a quote is not closed, or there are too many
     */
    static List<String> words(String line) throws Refusal {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == 0 && (c == ' ' || c == '\t')) {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                    begun = false;
                }
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                begun = true;
            } else if (c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                i++;
                word.append(line.charAt(i));
                begun = true;
            } else {
                word.append(c);
                begun = true;
            }
            if (words.size() > MOST_WORDS) {
                throw new Refusal("a command has at most " + MOST_WORDS + " words");
            }
        }
        if (quote != 0) {
            throw new Refusal("a quote is not closed: " + quote);
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }
}
