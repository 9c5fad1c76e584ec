package org.portolan.stores.zones;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.OptionalInt;

/** The records of a zone as master files write them (RFC 1035 §5.1), one in each line. */
public final class ZoneText {
    /**
     * A record in text.
     *
     * @param owner absolute, as its zone's file writes it
     * @param ttl seconds
     * @param type {@code MX}, {@code TYPE65534}
     * @param data with absolute names
     */
    public record Line(String owner, long ttl, String type, String data) {
        @Override
        public String toString() {
            return owner + "\t" + ttl + "\tIN\t" + type + "\t" + data;
        }
    }

    /** Takes one line after the other. */
    @FunctionalInterface
    public interface Reader {
        /** Takes a line. */
        void line(Line line) throws IOException;
    }

    private ZoneText() {}

    /**
     * Shows the records of a zone, those of the apex first.
     *
     * @param owner in wire form, of whose records alone; empty for all
     * @param type of which alone; empty for all
     */
    static void show(Zone zone, byte[] owner, OptionalInt type, Reader reader) throws IOException {
        byte[] wanted = NameText.lowerCase(owner);
        try {
            zone.forEach(
                    (name, length, code, ttl, bytes, from, size) -> {
                        boolean shown =
                                (type.isEmpty() || type.getAsInt() == code)
                                        && (wanted.length == 0 || isName(name, length, wanted));
                        if (shown) {
                            byte[] data = Arrays.copyOfRange(bytes, from, from + size);
                            read(reader, line(name, code, ttl, data));
                        }
                    });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isName(byte[] name, int length, byte[] lower) {
        return length == lower.length
                && Arrays.equals(NameText.lowerCase(Arrays.copyOf(name, length)), lower);
    }

    private static Line line(byte[] owner, int type, long ttl, byte[] data) {
        return new Line(NameText.of(owner), ttl, TypeNames.of(type), DataText.of(type, data));
    }

    private static void read(Reader reader, Line line) {
        try {
            reader.line(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
