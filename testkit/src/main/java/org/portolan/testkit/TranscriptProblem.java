package org.portolan.testkit;

/** A dialogue file that does not obey the language; the message begins with file and line. */
public final class TranscriptProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String file;
    private final int line;

    TranscriptProblem(String file, int line, String what) {
        super(file + ":" + line + ": " + what);
        this.file = file;
        this.line = line;
    }

    /** The name under which the text was given to the parser. */
    public String file() {
        return file;
    }

    /** Counted from 1. */
    public int line() {
        return line;
    }
}
