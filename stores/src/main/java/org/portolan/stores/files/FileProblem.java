package org.portolan.stores.files;

import java.io.IOException;
import org.portolan.stores.StoreException;

/** The tree could not do what it was asked to, and nothing of it was done. */
public final class FileProblem extends Exception {
    private static final long serialVersionUID = 1L;

    /** What a protocol can say about it. */
    public enum Kind {
        /** There is nothing of that name. */
        MISSING,
        /** There is something of that name already. */
        EXISTS,
        /** Whoever asks may not do that there. */
        DENIED,
        /** A name above it is no folder. */
        NOT_A_FOLDER,
        /** It is a folder, where a file is meant. */
        IS_A_FOLDER,
        /** The folder to be removed has something in it. */
        NOT_EMPTY,
        /** No file may be called so: a zero byte, no UTF-8, a control character, too long. */
        BAD_NAME,
        /** The disk is full; it may work again when it is not. */
        FULL,
        /** The account or shared folder has no more room of its own. */
        OVER_QUOTA,
        /** Somebody else has it open in a way that excludes this. */
        IN_USE,
        /** Somebody else has locked these bytes. */
        LOCKED,
        /** It will be gone as soon as those who have it open let go. */
        DELETE_PENDING,
        /** The position or size makes no sense for this file. */
        BAD_RANGE,
        /** It cannot be moved there in one step, because that is another disk. */
        ELSEWHERE,
        /** It is no file or folder, or a link that leads nowhere it may. */
        NOT_SERVED,
        /** It is switched off in the settings, or this file system has no such thing. */
        UNSUPPORTED,
        /** The disk or the store broke; an administrator has to look. */
        BROKEN
    }

    private final Kind kind;

    FileProblem(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    FileProblem(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What the system's refusal means, said of {@code what}. */
    static FileProblem of(SystemCalls.Failed e, Object what) {
        Kind kind =
                switch (e.errno) {
                    case SystemCalls.ENOENT -> Kind.MISSING;
                    case SystemCalls.EEXIST -> Kind.EXISTS;
                    case SystemCalls.EPERM, SystemCalls.EACCES, SystemCalls.EROFS -> Kind.DENIED;
                    case SystemCalls.ENOTDIR -> Kind.NOT_A_FOLDER;
                    case SystemCalls.EISDIR -> Kind.IS_A_FOLDER;
                    case SystemCalls.ENOTEMPTY -> Kind.NOT_EMPTY;
                    case SystemCalls.ENAMETOOLONG -> Kind.BAD_NAME;
                    case SystemCalls.ENOSPC, SystemCalls.EDQUOT -> Kind.FULL;
                    case SystemCalls.EFBIG, SystemCalls.EINVAL -> Kind.BAD_RANGE;
                    case SystemCalls.EXDEV, SystemCalls.ELOOP, SystemCalls.EAGAIN ->
                            Kind.NOT_SERVED;
                    case SystemCalls.EOPNOTSUPP, SystemCalls.EMLINK -> Kind.UNSUPPORTED;
                    default -> Kind.BROKEN;
                };
        return new FileProblem(kind, what + ": " + words(kind), e);
    }

    /** What an error of Java's means; it knows few of them by type. */
    static FileProblem of(IOException e, Object what) {
        String message = String.valueOf(e.getMessage());
        boolean full = message.contains("No space left") || message.contains("Disk quota exceeded");
        Kind kind =
                full
                        ? Kind.FULL
                        : message.contains("File too large") ? Kind.BAD_RANGE : Kind.BROKEN;
        return new FileProblem(kind, what + ": " + words(kind), e);
    }

    static FileProblem of(StoreException e) {
        Kind kind =
                switch (e.kind()) {
                    case FULL -> Kind.FULL;
                    case BROKEN -> Kind.BROKEN;
                    case EXISTS -> Kind.EXISTS;
                    case MISSING -> Kind.MISSING;
                    case REFUSED -> Kind.DENIED;
                    case OVER_QUOTA -> Kind.OVER_QUOTA;
                };
        return new FileProblem(kind, String.valueOf(e.getMessage()), e);
    }

    private static String words(Kind kind) {
        return switch (kind) {
            case MISSING -> "there is nothing of that name";
            case EXISTS -> "there is something of that name already";
            case DENIED -> "it may not be done";
            case NOT_A_FOLDER -> "it is not a folder";
            case IS_A_FOLDER -> "it is a folder";
            case NOT_EMPTY -> "the folder is not empty";
            case BAD_NAME -> "nothing can be called so";
            case FULL -> "the disk is full";
            case OVER_QUOTA -> "the quota is reached";
            case IN_USE -> "somebody has it open";
            case LOCKED -> "somebody has locked a part of it";
            case DELETE_PENDING -> "it is about to be deleted";
            case BAD_RANGE -> "there is no such position in it";
            case ELSEWHERE -> "it cannot be moved to another disk";
            case NOT_SERVED -> "it is no file that is served";
            case UNSUPPORTED -> "this is not done here";
            case BROKEN -> "the disk failed";
        };
    }
}
