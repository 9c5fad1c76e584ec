package org.portolan.admin;

/** What was asked for cannot be done; the message is for the operator. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String words;

    private Refusal(int status, String words) {
        super(words);
        this.status = status;
        this.words = words;
    }

    /** Why, for the operator. */
    public String words() {
        return words;
    }

    /** It was understood, but it cannot be done. */
    public static Refusal failed(String message) {
        return new Refusal(Verbs.FAILED, message);
    }

    /** That is not how it is written. */
    public static Refusal usage(String message) {
        return new Refusal(Verbs.USAGE, message);
    }

    /** The exit status. */
    public int status() {
        return status;
    }
}
