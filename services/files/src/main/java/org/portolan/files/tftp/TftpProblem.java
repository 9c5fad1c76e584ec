package org.portolan.files.tftp;

/** A transfer does not begin, or ends early: an ERROR packet says so (RFC 1350 §5). */
final class TftpProblem extends Exception {
    private static final long serialVersionUID = 1L;

    static final int NOT_DEFINED = 0;
    static final int NOT_FOUND = 1;
    static final int ACCESS_VIOLATION = 2;
    static final int DISK_FULL = 3;
    static final int ILLEGAL = 4;
    static final int UNKNOWN_TRANSFER = 5;
    static final int EXISTS = 6;

    /** RFC 2347: the options are not what the client wants. */
    static final int OPTIONS = 8;

    private static final int SAID_BY_CLIENT = -1;

    private final int code;
    private final String words;

    TftpProblem(int code, String words) {
        super(words, null, false, false); // an answer, not a fault of ours: no stack is needed
        this.code = code;
        this.words = words;
    }

    /** The client has said it, so it need not hear it. */
    static TftpProblem byClient(String words) {
        return new TftpProblem(SAID_BY_CLIENT, words);
    }

    boolean saidByClient() {
        return code == SAID_BY_CLIENT;
    }

    /** The ERROR packet. */
    byte[] packet() {
        return TftpMessage.problem(code, words);
    }

    String words() {
        return words;
    }
}
