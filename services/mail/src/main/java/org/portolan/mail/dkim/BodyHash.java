package org.portolan.mail.dkim;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The hash of a body, canonicalised while it comes, in any pieces (RFC 6376 §3.4.3, §3.4.4). */
final class BodyHash {
    private final boolean relaxed;
    private final long most;
    private final MessageDigest digest = DkimHash.sha256();
    private final byte[] out = new byte[4096];
    private int outLength;
    private long hashed;
    private long length;
    private boolean carriageReturn;
    private boolean blank;
    private long lineEnds;
    private byte @Nullable [] result;

    /**
     * Begins a body.
     *
     * @param most canonical bytes that are hashed; the others are only counted
     */
    BodyHash(boolean relaxed, long most) {
        this.relaxed = relaxed;
        this.most = most;
    }

    void take(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count; i++) {
            byte b = bytes[i];
            if (carriageReturn) {
                carriageReturn = false;
                if (b == '\n') {
                    lineEnds++; // is written only when something follows it
                    blank = false;
                    continue;
                }
                write((byte) '\r'); // one that ends no line is like any other byte
            }
            if (b == '\r') {
                carriageReturn = true;
            } else if (relaxed && (b == ' ' || b == '\t')) {
                blank = true;
            } else {
                write(b);
            }
        }
    }

    private void write(byte b) {
        for (; lineEnds > 0; lineEnds--) {
            put((byte) '\r');
            put((byte) '\n');
        }
        if (blank) {
            put((byte) ' ');
            blank = false;
        }
        put(b);
    }

    private void put(byte b) {
        length++;
        if (hashed >= most) {
            return;
        }
        hashed++;
        out[outLength++] = b;
        if (outLength == out.length) {
            digest.update(out, 0, outLength);
            outLength = 0;
        }
    }

    /** The hash; nothing can be taken any more. */
    byte[] end() {
        if (result != null) {
            return result;
        }
        if (carriageReturn) {
            write((byte) '\r');
        }
        if (length > 0
                || !relaxed) { // RFC 6376 §3.4.3: an empty body is one line end, relaxed nothing
            put((byte) '\r');
            put((byte) '\n');
        }
        digest.update(out, 0, outLength);
        result = digest.digest();
        return result;
    }

    /** How long the canonical body is, hashed or not; known at the end. */
    long length() {
        return length;
    }
}
