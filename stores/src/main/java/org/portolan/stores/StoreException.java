package org.portolan.stores;

/** A store could not do what it was asked to; nothing of it was done. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What the caller can say about it. */
    public enum Kind {
        /** No space is left; it may work again when there is. */
        FULL,
        /** The store cannot write, or broke; an administrator has to look. */
        BROKEN,
        /** What was to be added is there already. */
        EXISTS,
        /** What was asked for is not there. */
        MISSING,
        /** It would be more than an account may keep; it may work again when there is less. */
        OVER_QUOTA,
        /** What was asked for is not allowed, for the reason in the message. */
        REFUSED
    }

    private final Kind kind;

    public StoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
