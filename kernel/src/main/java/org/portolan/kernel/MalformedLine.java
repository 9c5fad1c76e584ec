package org.portolan.kernel;

import java.io.IOException;

/**
 * What came is not a line as every text protocol of the Internet defines it. The bad input has been
 * consumed: the conversation may answer with its own error and go on.
 */
public final class MalformedLine extends IOException {
    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Fault {
        /** More bytes than {@link Limits#lineBytes} before the line's end. */
        TOO_LONG("line too long"),
        /** A line feed without the carriage return before it. */
        BARE_LF("line feed without carriage return"),
        /** A carriage return without the line feed behind it. */
        BARE_CR("carriage return without line feed"),
        /** Clear text stood in the buffer when the peer asked for TLS. */
        TEXT_BEFORE_TLS("clear text sent after the request for TLS");

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    private final Fault fault;

    public MalformedLine(Fault fault) {
        super(fault.words());
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
