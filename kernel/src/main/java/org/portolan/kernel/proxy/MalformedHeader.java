package org.portolan.kernel.proxy;

import java.io.IOException;

/** What came is no header of the PROXY protocol, or one that nobody may send. */
public final class MalformedHeader extends IOException {
    private static final long serialVersionUID = 1L;

    private final String words;

    public MalformedHeader(String words) {
        super(words);
        this.words = words;
    }

    /** What is wrong with it. */
    public String words() {
        return words;
    }
}
