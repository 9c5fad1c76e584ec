package org.portolan.names.dns;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in network byte order. */
final class Bytes {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Bytes() {}

    /** The 16 bits at {@code at}, without a sign. */
    static int two(byte[] bytes, int at) {
        return (short) SHORTS.get(bytes, at) & 0xffff;
    }

    static void putTwo(byte[] bytes, int at, int value) {
        SHORTS.set(bytes, at, (short) value);
    }

    static int four(byte[] bytes, int at) {
        return (int) INTS.get(bytes, at);
    }

    static void putFour(byte[] bytes, int at, int value) {
        INTS.set(bytes, at, value);
    }
}
