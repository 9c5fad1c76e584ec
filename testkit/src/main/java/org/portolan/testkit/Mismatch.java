package org.portolan.testkit;

import org.jspecify.annotations.Nullable;

/**
 * The server did not keep to the transcript. The message names file and line, what was expected,
 * what came instead, and the whole dialogue so far.
 */
public final class Mismatch extends AssertionError {
    private static final long serialVersionUID = 1;

    Mismatch(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
